"""What a site's template says of a page's blocks: an update of their log-odds.

The model has judged each block by this page alone. That a block stands on other pages of the site
as well is evidence beside it, with weights of its own, fitted to labelled sites: a paragraph that
repeats is hardly ever main text, the longer the surer, and however much it looks like it; a
heading or label that repeats above text that does not ("Ingredients", "Note") says little.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from cleaner.errors import ModelError
from cleaner.features.arrays import Columns, Floats, named_rows, probabilities
from cleaner.features.matrix import Matrix
from cleaner.template import Sighting, SiteTemplate
from cleaner.types import Block, Kind, Page

LEAST_SEEN = 2
"""Other pages on which a block must stand to count as repeated."""

LABEL_WORDS = 3
"""Words of a label at most; its length says nothing yet."""

SUREST = 1e-6
"""Probabilities are held this far from 0 and 1: no evidence must count for nothing."""


def weigh_template(matrix: Matrix, likely: Floats, template: SiteTemplate) -> Floats:
    """Return the probabilities (blocks,) of being main content, given the site's template."""
    logits = log_odds(likely)
    moved = probabilities(logits + find_shifts(matrix.arrays.page, logits, template))
    return moved.astype(likely.dtype)


def find_shifts(page: Page, logits: Floats, template: SiteTemplate) -> Floats:
    """Return how far a template moves the log-odds (blocks,) of a page's blocks."""
    return shift(evidence_columns(page, logits, template.sightings(page)), weights())


def shift(columns: Columns, weight: Mapping[str, float]) -> Floats:
    """Return the sum (blocks,) of the columns by their weights."""
    moved: Floats = np.sum([columns[name] * value for name, value in weight.items()], axis=0)
    return moved


def log_odds(likely: Floats) -> Floats:
    """Return the log-odds of probabilities, held within what ``SUREST`` allows."""
    held = np.clip(likely.astype(np.float64), SUREST, 1 - SUREST)
    result: Floats = np.log(held / (1 - held))
    return result


def evidence_columns(page: Page, logits: Floats, sightings: Sequence[Sighting | None]) -> Columns:
    """Return what the sightings of a page's blocks say, each (blocks,); 0 where nothing repeats.

    ``repeated``: the text stands at the same place of other pages, and is neither heading nor
    label. ``heading``: the same of a heading. ``alone``: of a heading above a block that repeats
    too. ``label``: a few words above a block that does not repeat ("Note", "Returns:"), wherever
    they stand.
    ``length``: ``repeated`` by the logarithm of the words. ``doubt``: ``repeated`` or ``alone`` by
    how sure the model is that this is main text: the looks that fooled it are those of the
    template. ``elsewhere``: the text stands at other places of other pages.
    """
    seen, there, of = _counts(sightings)
    repeats, known = there >= LEAST_SEEN, seen >= LEAST_SEEN
    strength = np.where(repeats, _strength(there, of), 0)
    elsewhere = np.where(known & ~repeats, _strength(seen, of), 0)
    is_heading = np.array([_is_heading(block) for block in page.blocks])
    words = np.array([len(block.text.split()) for block in page.blocks])
    leads = np.array(_leads(page, sightings, known.tolist()), dtype=bool)
    is_label = ~is_heading & leads & (words <= LABEL_WORDS)
    label = np.where(is_label, strength + elsewhere, 0)
    repeated = np.where(is_heading | is_label, 0, strength)
    heading = np.where(is_heading, strength, 0)
    alone = np.where(leads, 0, heading)
    length = repeated * np.maximum(np.log1p(words) - np.log1p(LABEL_WORDS), 0)
    doubt = (repeated + alone) * np.maximum(logits, 0)
    elsewhere = np.where(is_heading | is_label, 0, elsewhere)
    names = ("repeated", "heading", "alone", "length", "doubt", "elsewhere", "label")
    return named_rows(names, np.array((repeated, heading, alone, length, doubt, elsewhere, label)))


def _is_heading(block: Block) -> bool:
    """Return whether a block heads something: the mark of a permalink beside a heading does not."""
    return block.kind is Kind.HEADING and any(map(str.isalnum, block.text))


def _strength(seen: Floats, of: Floats) -> Floats:
    """Return how much it says to be seen on so many of so many pages."""
    result: Floats = np.log1p(seen) * seen / np.maximum(of, 1)
    return result


def _counts(sightings: Sequence[Sighting | None]) -> tuple[Floats, Floats, Floats]:
    rows = [each or (0, 0, 0) for each in sightings]
    seen, there, of = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return seen, there, of


def _leads(page: Page, sightings: Sequence[Sighting | None], known: Sequence[bool]) -> list[bool]:
    """Return of each block whether the next that readers see stands on no other page."""
    found: list[bool] = [False] * len(page.blocks)
    leads = False
    for i in range(len(page.blocks) - 1, -1, -1):
        found[i] = leads
        if sightings[i] is not None and not page.blocks[i].hidden:
            leads = not known[i]
    return found


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each column. Raises ``ModelError`` if there are none to read."""
    try:
        source = files("cleaner").joinpath("data/sites.toml").read_text(encoding="utf-8")
        table = tomllib.loads(source)["weights"]
        return {str(name): float(value) for name, value in table.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"data/sites.toml: {error}") from error


def name_sighting(sighting: Sighting) -> str:
    """Return a sighting in words."""
    return f"stands on {sighting.seen} of {sighting.of} other pages of this site"
