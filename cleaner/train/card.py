"""``CARD.md`` of a model's folder: what it learned from, how good it is, how to make it anew.

All figures are measured ones: those that ``cleaner evaluate --folds DIR --json FILE`` wrote, and
those of calibration.py.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import CleanerError
from cleaner.evaluate.captures import HTML
from cleaner.evaluate.export import VERSION
from cleaner.evaluate.peers import OURS
from cleaner.evaluate.sets import ScoreKind

CARD = "CARD.md"

POOR = 0.5
"""F1 of a page below which the card counts it as failed."""

WEAKEST = 5
"""Kinds of pages that the card names as the hardest."""

CREDITS = {
    "wcxb": "The pages of `wcxb` are from WCXB by Murrough Foley (2026), licensed under CC BY 4.0."
}
"""What is owed to the makers of a set, beside its row in the table."""


class CardError(CleanerError):
    """The figures for a card cannot be read."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a model; its fold models stand for it on pages that it has seen."""

    evaluations: Sequence[Mapping[str, Any]]
    """What ``cleaner evaluate --folds --json`` wrote: of HTML, and of each text capture tried."""
    block_error: float
    """Expected calibration error (0..1), by blocks."""
    word_error: float
    """The same by words."""
    page_order: float
    """Spearman correlation (-1..1) of a page's expected and its true F1."""
    milliseconds: float
    """Of the model alone, a page."""
    failures: Sequence[str] = ()
    """What it is known to get wrong, a sentence each."""


class _Score(NamedTuple):
    """F1 over a group of pages (0..1), with its 95 % interval."""

    f1: float
    low: float
    high: float
    precision: float
    recall: float


class _Group(NamedTuple):
    """Pages that are scored together."""

    set: str
    name: str
    """A page type; empty for the whole set."""
    kind: str
    pages: int
    poor: int
    """Pages below ``POOR``."""
    score: _Score


def write_card(folder: Path, measured: Measured) -> None:
    """Write the card of the model in a folder. Raises ``CardError`` and ``OSError``."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        size = sum((folder / name).stat().st_size for name in ("arrays.npz", "config.json"))
    except (OSError, ValueError) as error:
        raise CardError(f"{folder}: no readable model: {error}") from error
    text = card_text(folder.resolve().name, config, size, measured)
    (folder / CARD).write_text(text, encoding="utf-8")


def card_text(name: str, config: Mapping[str, Any], size: int, measured: Measured) -> str:
    """Return the card as Markdown; ``config`` is the model's, ``size`` its bytes.

    Raises ``CardError`` where the figures are not what ``cleaner evaluate`` writes.
    """
    try:
        by_capture = {each["capture"]: _groups(each) for each in measured.evaluations}
        sections = [
            _introduction(name, config),
            _data(config),
            _split(config),
            _scores(by_capture),
            _calibration(measured),
            _size(size, measured),
            _failures(by_capture.get(HTML, []), measured.failures),
            _retraining(name, config),
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CardError(f"figures of another form than evaluate writes: {error!r}") from error
    return "\n\n".join(sections) + "\n"


def _groups(document: Mapping[str, Any]) -> list[_Group]:
    """Return the sets and page types of an evaluation that have a score of ours."""
    if document["version"] != VERSION:
        raise CardError(f"figures of version {document['version']}, not {VERSION}")
    groups: list[_Group] = []
    for each in document["sets"]:
        parts = [("", each), *((part["name"], part) for part in each["page_types"])]
        for name, part in parts:
            ours = [row for row in part["systems"] if row["system"] == OURS]
            if ours:
                score = _Score(*(float(ours[0][field]) for field in _Score._fields))
                poor = sum(f1 < POOR for f1 in _page_scores(each, name))
                groups.append(_Group(each["name"], name, each["kind"], part["pages"], poor, score))
    return groups


def _page_scores(document: Mapping[str, Any], page_type: str) -> Iterator[float]:
    """Yield our F1 of each page of a set, or of one type of its pages."""
    for page in document["results"]:
        if OURS in page["texts"] and page_type in ("", page["page_type"]):
            yield float(page["texts"][OURS]["f1"])


def _introduction(name: str, config: Mapping[str, Any]) -> str:
    return (
        f"# Model `{name}`\n\n"
        "Says of each block of a page how likely it is main content. Two ensembles of symmetric "
        f"trees: the first reads {len(config['features'])} features of a block and of what is "
        "around it; the second also what the first thinks of the page. One model and one setting "
        "for HTML and text captures."
    )


def _data(config: Mapping[str, Any]) -> str:
    source = files("cleaner").joinpath("train/card.toml").read_text(encoding="utf-8")
    known: Mapping[str, Mapping[str, str]] = tomllib.loads(source)["sets"]
    other = dict.fromkeys(("pages", "origin", "licence"), "not described")
    rows = []
    for name, pages in config["pages"].items():
        about = known.get(name, other)
        rows.append((f"`{name}`", f"{pages:,}", *(about[key] for key in other)))
    table = _table(("set", "pages", "what", "origin", "licence"), rows, right=(1,))
    credits = [CREDITS[name] for name in config["pages"] if name in CREDITS]
    owed = " ".join(
        [*credits, "The weights hold figures learned from the sets, and no page of them."]
    )
    return f"## Data\n\n{table}\n\n{owed}"


def _split(config: Mapping[str, Any]) -> str:
    return (
        "## Split\n\n"
        f"The registered domains of the pages are dealt into {config['folds']} folds. Each page is "
        "scored by a model that was trained on the other folds, and has seen no page of its "
        "domain. The weights here are trained in the same way on all pages."
    )


def _scores(by_capture: Mapping[str, Sequence[_Group]]) -> str:
    """Return the scores of sets and page types, and of text captures beside HTML."""
    groups = by_capture.get(HTML)
    if not groups:
        raise CardError("no scores of pages as HTML")
    parts = [
        "## Scores\n\nWord F1 is the mean over pages, snippet F1 is that over all snippets; with "
        "95 % intervals from resampled pages.",
        _score_table("set", [group for group in groups if not group.name]),
    ]
    for name in dict.fromkeys(group.set for group in groups if group.name):
        types = [group for group in groups if group.set == name and group.name]
        parts.append(f"Kinds of pages of `{name}`:\n\n{_score_table('kind', types)}")
    captures = {name: found for name, found in by_capture.items() if name != HTML}
    if captures:
        parts.append(f"Text captures of the same pages, F1:\n\n{_capture_table(captures)}")
    return "\n\n".join(parts)


def _score_table(first: str, groups: Sequence[_Group]) -> str:
    rows = [
        (
            group.name or f"`{group.set}`",
            f"{group.pages:,}",
            "snippets" if group.kind == ScoreKind.SNIPPETS else "words",
            _share(group.score.f1),
            f"{_share(group.score.low)}-{_share(group.score.high)}",
            _share(group.score.precision),
            _share(group.score.recall),
        )
        for group in groups
    ]
    head = (first, "pages", "of", "F1", "95 %", "precision", "recall")
    return _table(head, rows, right=(1, 3, 4, 5, 6))


def _capture_table(captures: Mapping[str, Sequence[_Group]]) -> str:
    """Return a table with a row a set and a column a converter."""
    found = {
        (group.set, name): group.score
        for name, groups in captures.items()
        for group in groups
        if not group.name
    }
    rows = []
    for each in dict.fromkeys(key[0] for key in found):
        scores = (found.get((each, name)) for name in captures)
        cells = [f"{_share(s.f1)} ({_share(s.low)}-{_share(s.high)})" if s else "" for s in scores]
        rows.append((f"`{each}`", *cells))
    return _table(("set", *captures), rows, right=range(1, len(captures) + 1))


def _calibration(measured: Measured) -> str:
    return (
        "## Calibration\n\n"
        f"Expected calibration error over 15 bins: {_share(measured.block_error)} by blocks, "
        f"{_share(measured.word_error)} by words (`docs/reliability.svg`). The F1 that a page is "
        "expected to have ranks pages as their true F1 does with a Spearman correlation of "
        f"{measured.page_order:.2f}."
    )


def _size(size: int, measured: Measured) -> str:
    return (
        "## Size and speed\n\n"
        f"{size / 1e6:.2f} MB; {measured.milliseconds:.1f} ms a page for the model, after features."
    )


def _failures(groups: Sequence[_Group], known: Sequence[str]) -> str:
    """Return what the scores say of failures, and what is known beside them."""
    kinds = [group for group in groups if group.name]
    kinds.sort(key=lambda group: group.score.f1)
    lines = [f"- {line}" for line in known]
    for group in kinds[:WEAKEST]:
        lines.append(
            f"- {group.name} (`{group.set}`): F1 {_share(group.score.f1)}; "
            f"below {_share(POOR)} on {group.poor} of {group.pages:,} pages."
        )
    for group in groups:
        if not group.name and group.kind == ScoreKind.WORDS:
            lines.append(
                f"- `{group.set}`: below {_share(POOR)} on {group.poor} of {group.pages:,} pages."
            )
    return "## Known failures\n\n" + "\n".join(lines)


def _retraining(name: str, config: Mapping[str, Any]) -> str:
    zips = " ".join(f"data/{each}.zip" for each in config["pages"])
    return (
        "## How to retrain\n\n"
        "```\n"
        "pip install 'cleaner[train]'\n"
        f"cleaner train {zips} --output {name} --folds folds\n"
        f"cleaner evaluate {zips} --folds folds --json figures.json\n"
        "```\n\n"
        "The same pages give the same bytes. What is trained on, and how, is in "
        "`cleaner/train/recipe.toml`."
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return a Markdown table; ``right`` are the columns that are set to the right."""
    rule = ["---:" if column in right else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _share(value: float) -> str:
    """Return a share as the figures of this project are written: ``.841``."""
    return f"{value:.3f}".removeprefix("0")
