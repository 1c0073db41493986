"""The labeler: a page in, one label a block out, each with its probability.

The model says how likely each block is main content. What is kept is what makes the best expected
F1 on this page; what is dropped gets the kind of boilerplate that the strongest hint names.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import OptionError
from cleaner.evidence import weigh_template
from cleaner.features.arrays import KINDS, Floats
from cleaner.features.basics import LONG
from cleaner.features.matrix import Matrix
from cleaner.features.phrases import find_phrases
from cleaner.kinds import find_kinds, find_named
from cleaner.model import load_model
from cleaner.types import Fact, Kind, Label, LabelName, Options, Page

FOCUS = {"precision": 0.8, "balanced": 0.5, "recall": 0.2}
"""What a caller cares for to how likely a block must be where the page leaves no doubt; doubtful
pages keep less likely blocks, in proportion."""

LEAST = 0.1
"""A block less likely than this is never kept."""

SURE = 0.9
"""A block that says it is boilerplate is kept if it is as likely as this all the same."""

SURE_LINE = 0.97
"""A line is taken for a byline, a caption or a share line if it looks so and is less likely."""

FEW_WORDS = 25
"""Words of a block that says what it is; a longer one only mentions the matter."""

LEAD, LEAD_WORDS, LEAD_LEAST = 5, 8, 0.08
"""Blocks after the headline among which the standfirst is, its least words, and how likely it must
be to be main text."""

NAMES = 8
"""Names that the head of a page may give it; what is more is made to take time."""

BOX = 10
"""Lines of a promo box amid running text, at most."""

_CONTENT = LabelName.CONTENT
_CAPTION = KINDS[Kind.CAPTION]
_WORDS = re.compile(r"\w+")


class Labelling(NamedTuple):
    """The labels of a page's blocks, in their order."""

    labels: tuple[Label, ...]
    expected: float
    """The F1 that the kept blocks are expected to have (0..1)."""


def label_page(page: Page, options: Options) -> Labelling:
    """Return a label for each block of the page, in its order.

    Raises ``OptionError`` for an unknown focus, and ``ModelError``.
    """
    if options.focus not in FOCUS:
        raise OptionError(f"focus is {options.focus!r}, not one of {', '.join(FOCUS)}")
    if not page.blocks:
        return Labelling((), 0.0)
    title = find_title(page)
    matrix, likely = load_model(options.model).judge(page, title)
    if options.site is not None:
        likely = weigh_template(matrix, likely, options.site)
    chosen, expected = choose(likely, matrix.arrays.characters.words, FOCUS[options.focus])
    says = says_boilerplate(matrix, likely)
    chosen &= (likely >= SURE) | ~says
    named = list(find_named(matrix, likely * chosen, title))
    chosen[named] = False
    says[named] = True
    standfirst = find_standfirst(matrix, title, likely, says)
    if standfirst >= 0:
        chosen[standfirst] = True
    keep: list[bool] = chosen.tolist()
    lines = chosen & (likely < SURE_LINE) & (matrix.arrays.characters.words <= FEW_WORDS)
    doubtful = frozenset(np.flatnonzero(lines).tolist())
    kinds = find_kinds(matrix, title, keep, doubtful)
    names = [
        _CONTENT if kept and i not in doubtful else kind
        for i, (kind, kept) in enumerate(zip(kinds, keep, strict=True))
    ]
    if title >= 0:
        names[title] = LabelName.TITLE
    return Labelling(tuple(map(Label, names, likely.tolist())), expected)


def choose(likely: Floats, words: Floats, share: float) -> tuple[NDArray[np.bool_], float]:
    """Return which blocks to keep for the best expected F1 of words, and that F1.

    F1 is best when each block is kept that is at least half as likely as the best F1 is high:
    on a page where little is sure, what is rather unlikely is still worth keeping. ``share`` is
    that half; more gives precision, less gives recall.
    """
    order = np.argsort(-likely, kind="stable")
    right = np.cumsum(likely[order] * words[order], dtype=np.float64)
    kept = np.cumsum(words[order], dtype=np.float64)
    expected = 2 * right / np.maximum(kept + right[-1], 1e-9)
    best = float(expected.max(initial=0.0))
    return likely >= max(best * share, LEAST), best


def says_boilerplate(matrix: Matrix, likely: Floats) -> NDArray[np.bool_]:
    """Return which short blocks say that they are boilerplate, or stand in a box that says so.

    They must be likelier than others to be kept: a phrase of two words is easily outweighed by a
    hundred small signs. A box is a few short lines amid running text, after a phrase such as
    "Read more"; only text captures need that, elsewhere the elements around the lines tell.
    """
    arrays = matrix.arrays
    short = arrays.characters.words <= FEW_WORDS
    says = np.zeros(arrays.size, dtype=bool)
    is_markup = bool(arrays.page.elements)
    doubtful = short & (likely >= LEAD_LEAST) & (likely < SURE)
    blocks = arrays.page.blocks
    phrases = (
        find_phrases([blocks[i] for i in np.flatnonzero(doubtful)]) if is_markup else matrix.phrases
    )
    says[list(phrases)] = True
    says |= matrix.column("byline") > 0
    says &= short
    says |= arrays.kind == _CAPTION
    if is_markup:
        return says
    running = (arrays.characters.length >= LONG) & (likely >= SURE)
    for index, hint in phrases.items():
        if hint.label is LabelName.PROMO and short[index] and not running[index]:
            after = np.flatnonzero(running[index + 1 : index + 2 + BOX])
            if len(after):
                says[index + 1 : index + 1 + after[0]] |= short[index + 1 : index + 1 + after[0]]
    return says


def find_standfirst(matrix: Matrix, title: int, likely: Floats, says: NDArray[np.bool_]) -> int:
    """Return the index of the paragraph that leads into the article, or -1.

    Labelled pages disagree whether it is main text, so the model is in two minds. Here it is: the
    first paragraph after the headline, if there is anything to say for it.
    """
    if title < 0:
        return -1
    arrays, linked = matrix.arrays, matrix.column("linked")
    for block in arrays.page.blocks[title + 1 : title + 1 + LEAD]:
        index = block.index
        if block.kind is Kind.HEADING and block.level <= 2:
            return -1
        is_text = block.kind in (Kind.PARAGRAPH, Kind.HEADING) and not block.hidden
        is_long = arrays.characters.words[index] >= LEAD_WORDS
        if is_text and is_long and linked[index] < 0.3 and not says[index]:
            return index if likely[index] >= LEAD_LEAST else -1
    return -1


def find_title(page: Page) -> int:
    """Return the index of the headline's block, or -1.

    The heading that shares most words with what the head of the page calls itself; the first of
    the highest level where the head says nothing.
    """
    titles = islice(dict.fromkeys(f.value for f in page.facts if _is_title(f)), NAMES)
    names = [set(_WORDS.findall(title.lower())) for title in titles]
    best, best_score = -1, 0.0
    for block in page.blocks:
        if block.kind is not Kind.HEADING or block.hidden:
            continue
        words = set(_WORDS.findall(block.text.lower()))
        if not words:
            continue
        shared = max((len(words & name) / len(words | name) for name in names), default=0.0)
        score = shared + (0.15 if block.level == 1 else 0.0) + (0.01 if best < 0 else 0.0)
        if score > best_score and (block.level == 1 or shared > 0.5):
            best, best_score = block.index, score
    return best


def _is_title(fact: Fact) -> bool:
    return fact.name in ("og:title", "title", "twitter:title", "headline")
