"""The words, phrases and addresses that tell kinds apart, read once from ``data/kinds.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from cleaner.features.arrays import Ints
from cleaner.features.wording import Words
from cleaner.lexicon import fold, lexicon
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


class Names(NamedTuple):
    """What the words of elements' names say; arrays with an entry a word, the first for others."""

    numbers: Mapping[str, int]
    """A word to its entry."""
    kinds: Ints
    """Kinds in their order, and 0: of several in one element's names the first counts."""
    box: Ints
    """The place in ``kinds`` of the kind of all that an element holds."""
    part: Ints
    """That of the kind of its own text where no box speaks."""
    regions: Ints


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

    names: Names
    """What elements' names say."""
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
    silent = set(data["silent"]["words"].split())
    known = boxes.keys() | parts.keys() | silent
    for word, label in lexicon().names.items():
        if word not in known and label is not LabelName.CONTENT:
            table = boxes if label in map(LabelName, data["boxes"]) else parts
            table[word] = CODE[label]
    kinds = [CODE[LabelName(kind)] for kind in [*data["boxes"], *data["parts"]]]
    return Tables(
        names=_names(kinds, boxes, parts, _regions(data["regions"])),
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


def say_names(looks: Sequence[tuple[str, str]], called: Words) -> Ints:
    """Return what elements, given by tag and names, say of what they hold; (3, elements).

    The rows are the kind of all that they hold, the kind of their own text where no box speaks, 0
    for none, and regions. ``called`` are the words of the names.
    """
    table = tables()
    names, starts = table.names, called.starts
    word = called.look_up(names.numbers, np.int64)
    box = names.kinds[np.minimum.reduceat(names.box[word], starts)]
    part = names.kinds[np.minimum.reduceat(names.part[word], starts)]
    regions = np.bitwise_or.reduceat(names.regions[word], starts)
    regions |= np.array([table.tags.get(tag, 0) for tag, _ in looks], dtype=np.int64)
    for i, (tag, _) in enumerate(looks):
        if tag == "article" or (tag == "nav" and not part[i]):
            part[i] = NAVIGATION if tag == "nav" else 0
        elif tag in _NEVER_BOXES:
            box[i] = part[i] = regions[i] = 0
    return np.array((box, part, regions))


def _names(
    kinds: Sequence[int],
    boxes: Mapping[str, int],
    parts: Mapping[str, int],
    regions: Mapping[str, int],
) -> Names:
    """Return the tables of names as arrays; of several kinds the first of ``kinds`` counts."""
    words = list(dict.fromkeys([*boxes, *parts, *regions]))
    ranks = {kind: rank for rank, kind in enumerate(kinds)}

    def column(values: Mapping[str, int]) -> Ints:
        return np.array(
            [len(kinds), *(ranks.get(values.get(word, 0), len(kinds)) for word in words)]
        )

    return Names(
        numbers={word: number for number, word in enumerate(words, 1)},
        kinds=np.array([*kinds, 0]),
        box=column(boxes),
        part=column(parts),
        regions=np.array([0, *(regions.get(word, 0) for word in words)]),
    )


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
