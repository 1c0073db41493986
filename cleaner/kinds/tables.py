"""The words, phrases and addresses that tell kinds apart, read once from ``data/kinds.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from cleaner.lexicon import fold, lexicon, name_words
from cleaner.types import LabelName

CODES: tuple[LabelName | None, ...] = (None, *LabelName)
"""A kind's number is its place here; 0 is none."""
CODE: Mapping[LabelName | None, int] = {label: code for code, label in enumerate(CODES)}

(PROMO, NOTICE, SHARE, COMMENT, BYLINE, CAPTION, OTHER, NAVIGATION, LEGAL) = (
    CODE[label]
    for label in (
        LabelName.PROMO,
        LabelName.NOTICE,
        LabelName.SHARE,
        LabelName.COMMENT,
        LabelName.BYLINE,
        LabelName.CAPTION,
        LabelName.OTHER,
        LabelName.NAVIGATION,
        LabelName.LEGAL,
    )
)

BOXES = (PROMO, NOTICE, SHARE, COMMENT)
"""Kinds that a whole box may be of."""

FIRST_LETTERS = re.compile(r"\b\w{1,4}")
"""The beginnings of words: a phrase is looked for where its first word's is there."""

DENSE = "\u0e00"
"""The first letter of scripts written without blanks, whose words have no beginnings."""

_NEVER_BOXES = frozenset({"html", "body", "main"})
"""Elements whose names speak of the whole page."""


class Region(IntFlag):
    """Parts of a page that elements are."""

    HEADER = 1
    FOOTER = 2
    ASIDE = 4
    FORM = 8
    DIALOG = 16
    ITEM = 32
    """One comment or review, as its name says."""
    TOP = 64
    """A header that stands before all text of the page."""
    BOTTOM = 128
    """A footer that stands after it."""


class Spoken(NamedTuple):
    """What an element's tag and names say."""

    box: int
    """The kind of all that it holds, 0 for none."""
    part: int
    """The kind of its own text where no box speaks."""
    regions: int


_NOTHING = Spoken(0, 0, 0)


class Phrase(NamedTuple):
    """A phrase that a short text may hold."""

    text: str
    """Folded, with a leading line end where a text must begin with it."""
    probe: str
    """What a text must have to hold it."""
    code: int


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of ``data/kinds.toml``, kinds as their numbers."""

    known: Mapping[str, Spoken]
    """A word of class names to what it says."""
    ranks: Mapping[int, int]
    """Kinds to their order: of several in one element's names the first counts."""
    tags: Mapping[str, int]
    """Elements to the part of a page that they are, as a ``Region``'s number."""
    whole: Mapping[str, int]
    phrases: tuple[Phrase, ...]
    hosts: Mapping[str, int]
    """The first label of an address's host, or its last two or three."""
    steps: Mapping[str, int]
    """What stands between the signs of an address's path."""
    starts: tuple[str, ...]
    """Beginnings of addresses that share a page."""
    edges: str
    """Characters that say nothing at the ends of a text."""


@cache
def tables() -> Tables:
    """Return the tables; they are read from the package once."""
    source = files("cleaner").joinpath("data/kinds.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(source)
    edges: str = data["signs"]["edges"]
    boxes = _first(_words(data["boxes"]))
    parts = _first(_words(data["parts"]))
    kinds = [*data["boxes"], *data["parts"]]
    silent = set(data["silent"]["words"].split())
    known = boxes.keys() | parts.keys() | silent
    for word, label in lexicon().names.items():
        if word not in known and label is not LabelName.CONTENT:
            table = boxes if label in map(LabelName, data["boxes"]) else parts
            table[word] = CODE[label]
    regions = _regions(data["regions"])
    return Tables(
        known={
            word: Spoken(boxes.get(word, 0), parts.get(word, 0), regions.get(word, 0))
            for word in [*boxes, *parts, *regions]
        },
        ranks={CODE[LabelName(kind)]: rank for rank, kind in enumerate(kinds)},
        tags=_regions(data["tags"]),
        whole=_first((key(text, edges), code) for text, code in _phrases(data["whole"])),
        phrases=tuple(_phrase(text, code) for text, code in _phrases(data["phrases"])),
        hosts=_first(_words(data["hosts"])),
        steps=_first(_words(data["addresses"])),
        starts=tuple(data["signs"]["share"].split()),
        edges=edges,
    )


def key(text: str, edges: str) -> str:
    """Return a text as whole phrases are compared."""
    return fold(text).strip(edges)


@lru_cache(maxsize=16_384)
def spoken(tag: str, names: str) -> Spoken:
    """Return what an element's tag and names say of the kind of what it holds.

    A page asks for the same ones up to three times: for what is in doubt, for what is dropped, and
    for its comments.
    """
    if tag in _NEVER_BOXES:
        return _NOTHING
    table = tables()
    known = table.known
    box = part = 0
    regions = table.tags.get(tag, 0)
    words = name_words(names) if names else ()
    if not known.keys().isdisjoint(words):
        said = [known[word] for word in words if word in known]
        for _, _, region in said:
            regions |= region
        rank = table.ranks.__getitem__
        box = min([each.box for each in said if each.box], key=rank, default=0)
        if tag != "article":
            part = min([each.part for each in said if each.part], key=rank, default=0)
    if tag == "nav" and not part:
        part = NAVIGATION
    return Spoken(box, part, regions)


def _first(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return rows as a table; of several with one key the first counts."""
    result: dict[str, int] = {}
    for text, code in rows:
        result.setdefault(text, code)
    return result


def _regions(table: Mapping[str, str]) -> dict[str, int]:
    return {
        word: int(Region[name.upper()]) for name, text in table.items() for word in text.split()
    }


def _words(table: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(word, CODE[LabelName(name)]) for name, text in table.items() for word in text.split()]


def _phrases(table: Mapping[str, str]) -> list[tuple[str, int]]:
    return [
        (" ".join(phrase.split()), CODE[LabelName(name)])
        for name, text in table.items()
        for phrase in text.split("|")
    ]


def _phrase(text: str, code: int) -> Phrase:
    folded = fold(text).replace("^", "\n", 1).replace("_", " ")
    dense = max(folded)
    first = FIRST_LETTERS.search(folded)
    return Phrase(folded, first.group() if first and dense < DENSE else dense, code)
