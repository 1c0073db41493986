"""Why a block got its label: what the model's trees made of its features, in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from cleaner.evidence import find_shifts, log_odds, name_sighting
from cleaner.features.arrays import Floats, probabilities
from cleaner.features.matrix import Matrix, read_matrix
from cleaner.features.phrases import find_phrases
from cleaner.labels import find_title
from cleaner.model import Forest, Model, load_model
from cleaner.template import SiteTemplate
from cleaner.types import Label, LabelName, Page

MOST = 3
"""Reasons of a block."""

LEAST_SHARE = 0.2
"""A reason counts if it moved the block at least this much of what the weightiest did."""


def find_reasons(
    page: Page, labels: Sequence[Label], model: str, site: SiteTemplate | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return the two or three things that decided for each block, the weightiest first.

    Those that speak for main content where the block was kept, else those that speak against it;
    what a phrase or a name says comes with the words.
    """
    if not page.blocks:
        return ()
    judge = load_model(model)
    matrix = read_matrix(page, find_title(page), judge.odds)
    moves = _moved_by_group(judge, matrix, judge.first.log_odds(matrix.values))
    phrases = find_phrases(page.blocks)
    sides = _groups()
    repeated = _moved_by_site(judge, matrix, site) if site else {}
    found: list[tuple[str, ...]] = []
    for index, label in enumerate(labels):
        if label.name is LabelName.TITLE:
            found.append(("headline of the page",))
            continue
        kept = label.name is LabelName.CONTENT
        column = moves[:, index] if kept else -moves[:, index]
        order = np.argsort(-column, kind="stable")[:MOST]
        least = max(float(column[order[0]]) * LEAST_SHARE, 0.0)
        reasons = [sides[i][1 if kept else 2] for i in order.tolist() if column[i] > least]
        phrase = phrases.get(index)
        if phrase is not None and not kept:
            reasons = [f"says “{phrase.words}”", *reasons[: MOST - 1]]
        if not kept and index in repeated:
            weight, words = repeated[index]
            place = int((-moves[order, index] > weight).sum())
            reasons = [*reasons[: min(place, MOST - 1)], words, *reasons[place:]][:MOST]
        found.append(tuple(dict.fromkeys(reasons)) or (_default(kept),))
    return tuple(found)


def _moved_by_site(
    model: Model, matrix: Matrix, site: SiteTemplate
) -> dict[int, tuple[float, str]]:
    """Return of each block that the site's template speaks against how far, and in which words."""
    page = matrix.arrays.page
    values, _ = model.second_values(matrix, model.first.log_odds(matrix.values))
    logits = log_odds(probabilities(model.second.log_odds(values)))
    shifts = find_shifts(page, logits, site).tolist()
    pairs = enumerate(zip(site.sightings(page), shifts, strict=True))
    return {
        index: (-shift, name_sighting(sighting))
        for index, (sighting, shift) in pairs
        if sighting is not None and shift < 0
    }


def _default(kept: bool) -> str:
    return "little speaks against it" if kept else "little speaks for it"


@cache
def _groups() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Return the groups of features: their pattern, and what is said for and against."""
    source = files("cleaner").joinpath("data/reasons.toml").read_text(encoding="utf-8")
    return tuple(
        (re.compile(row["match"]), row["for"], row["against"])
        for row in tomllib.loads(source)["group"]
    )


@cache
def _group_of(name: str) -> int:
    return next(i for i, group in enumerate(_groups()) if group[0].fullmatch(name))


def _moved_by_group(model: Model, matrix: Matrix, logits: Floats) -> Floats:
    """Return how far each group of features moved each block's log-odds: (groups, blocks).

    What the first opinion moved in the second forest is shared out among what made that opinion.
    """
    values, names = model.second_values(matrix, logits)
    second = moved(model.second, values)
    first = moved(model.first, matrix.values)
    place = names.index("first")
    scale = np.clip(second[place] / np.where(np.abs(logits) < 0.5, 0.5, logits), 0, 1)
    by_group = np.zeros((len(_groups()), values.shape[1]), dtype=np.float32)
    for i, name in enumerate(matrix.names):
        by_group[_group_of(name)] += first[i] * scale
    for i, name in enumerate(names):
        if i != place:
            by_group[_group_of(name)] += second[i]
    return by_group


def moved(forest: Forest, values: Floats) -> Floats:
    """Return how far each feature moved each block's log-odds: (features, blocks).

    At each question of a tree the mean of the leaves still open changes; the change is the
    feature's.
    """
    answers = (values[forest.features] > forest.borders[:, None]).view(np.uint8)
    trees, size = forest.leaves.shape
    every = np.arange(trees)[:, None]
    open_leaf = np.zeros((trees, values.shape[1]), dtype=np.int64)
    mean = np.broadcast_to(forest.leaves.mean(axis=1)[:, None], open_leaf.shape)
    result = np.zeros(values.shape, dtype=np.float32)
    for depth, split in enumerate(forest.splits):
        open_leaf += answers[split].astype(np.int64) << depth
        means = forest.leaves.reshape(trees, size >> (depth + 1), 2 << depth).mean(axis=1)
        now = means[every, open_leaf]
        np.add.at(result, forest.features[split], now - mean)
        mean = now
    return result
