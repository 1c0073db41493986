"""The labeler: a page in, one label a block out, each with its probability.

The model says how likely each block is main content. What is kept is what makes the best expected
F1 on this page; what is dropped gets the kind of boilerplate that the strongest hint names.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.evidence import weigh_template
from cleaner.features.arrays import KINDS, Floats, PageArrays
from cleaner.features.basics import LONG
from cleaner.features.course import shifted
from cleaner.features.matrix import Matrix
from cleaner.features.phrases import find_phrases
from cleaner.kinds import find_kinds, find_named, is_dated
from cleaner.kinds.named import MANY
from cleaner.model import load_model
from cleaner.types import Block, Fact, Kind, Label, LabelName, Options, Page

FOCUS = {"precision": 0.8, "balanced": 0.5, "recall": 0.2}
"""What a caller cares for to how likely a block must be where the page leaves no doubt; doubtful
pages keep less likely blocks, in proportion."""

LEAST = 0.1
"""A block less likely than this is never kept."""

COPY_WORDS = 4
"""Words of a block from which on a second copy of it is dropped; fewer are often meant twice."""

NONE = 0.8
"""Share of what ``FOCUS`` asks for: if no block is as likely, the page has no main text."""

FRAGMENT = 8
"""Blocks of a piece of a page: who hands over a paragraph or two knows that they are text."""

SURE = 0.9
"""A block that says it is boilerplate is kept if it is as likely as this all the same."""

SURE_LINES = {LabelName.BYLINE: 0.9, LabelName.SHARE: 0.7, LabelName.CAPTION: 0.95}
"""A line that looks like one of these is taken for it if it is less likely main text; where a page
has many, they are the text of its cards."""

FEW_WORDS = 25
"""Words of a block that says what it is; a longer one only mentions the matter."""

TITLE_WORDS = 30
"""Words of a headline; where as many are surely main text, they are the post itself."""

LEAD, LEAD_WORDS, LEAD_LEAST = 5, 8, 0.08
"""Blocks after the headline among which the standfirst is, its least words, and how likely it must
be to be main text."""

DATELINE = 100
"""Characters; a line no longer than this that gives a date leads into nothing."""

SECTION = 0.7
"""How likely one of the two blocks after a heading must be for the heading to be kept with it."""

NAMES = 8
"""Names that the head of a page may give it; what is more is made to take time."""

BOX = 10
"""Lines of a promo box amid running text, at most."""

_CONTENT = LabelName.CONTENT
_CAPTION = KINDS[Kind.CAPTION]
_HEADING = KINDS[Kind.HEADING]
_MAY_REPEAT = (KINDS[Kind.CODE], KINDS[Kind.TABLE_ROW])
_WORDS = re.compile(r"\w+")


class Labelling(NamedTuple):
    """The labels of a page's blocks, in their order."""

    labels: tuple[Label, ...]
    expected: float
    """The F1 that the kept blocks are expected to have (0..1)."""


def label_page(page: Page, options: Options) -> Labelling:
    """Return a label for each block of the page, in its order.

    Raises ``ModelError``.
    """
    if not page.blocks:
        return Labelling((), 0.0)
    title = find_title(page)
    matrix, likely = load_model(options.model).judge(page, title)
    if title < 0 and not page.elements:
        title = find_title_line(page)  # no mark of the page's, so the model is not told
    if options.site is not None:
        likely = weigh_template(matrix, likely, options.site)
    chosen, expected = choose(likely, matrix.arrays.characters.words, FOCUS[options.focus])
    copies = find_copies(matrix.arrays, likely, chosen)
    chosen[copies] = False
    says = says_boilerplate(matrix, likely)
    chosen &= (likely >= SURE) | ~says
    named = list(find_named(matrix, likely * chosen, title))
    chosen[named] = False
    says[named] = True
    says[copies] = True
    chosen |= find_headings(matrix, chosen, likely, says)
    standfirst = find_standfirst(matrix, title, likely, says) if chosen.any() else -1
    if standfirst >= 0:
        chosen[standfirst] = True
    names = _name_blocks(matrix, title, chosen, likely)
    return Labelling(tuple(map(Label, names, likely.tolist())), expected)


def _name_blocks(
    matrix: Matrix, title: int, chosen: NDArray[np.bool_], likely: Floats
) -> list[LabelName]:
    """Return the labels' names, given which blocks are kept; lines among them may be others."""
    keep: list[bool] = chosen.tolist()
    words = matrix.arrays.characters.words
    lines = chosen & (likely < max(SURE_LINES.values())) & (words <= FEW_WORDS)
    doubtful = frozenset(np.flatnonzero(lines).tolist())
    kinds = find_kinds(matrix, title, keep, doubtful)
    taken = {i for i in doubtful if likely[i] < SURE_LINES.get(kinds[i], 0.0)}
    count = Counter(kinds[i] for i in taken)
    names = [
        _CONTENT if kept and not (i in taken and count[kind] <= MANY) else kind
        for i, (kind, kept) in enumerate(zip(kinds, keep, strict=True))
    ]
    if title >= 0 and not (keep[title] and words[title] >= TITLE_WORDS and likely[title] >= SURE):
        names[title] = LabelName.TITLE
    return names


def choose(likely: Floats, words: Floats, share: float) -> tuple[NDArray[np.bool_], float]:
    """Return which blocks to keep for the best expected F1 of words, and that F1.

    F1 is best when each block is kept that is at least half as likely as the best F1 is high:
    on a page where little is sure, what is rather unlikely is still worth keeping. ``share`` is
    that half; more gives precision, less gives recall. Where even the likeliest block is rather
    unlikely, as on pages that scripts fill later, nothing is kept.
    """
    order = np.argsort(-likely, kind="stable")
    right = np.cumsum(likely[order] * words[order], dtype=np.float64)
    kept = np.cumsum(words[order], dtype=np.float64)
    expected = 2 * right / np.maximum(kept + right[-1], 1e-9)
    best = float(expected.max(initial=0.0))
    if len(likely) > FRAGMENT and likely.max() < share * NONE:
        return np.zeros(len(likely), dtype=bool), best
    return likely >= max(best * share, LEAST), best


def find_copies(page: PageArrays, likely: Floats, chosen: NDArray[np.bool_]) -> list[int]:
    """Return the kept blocks whose text is kept already: the same text for another screen.

    The likeliest copy stays, and whatever is surely main text; rows and code may repeat.
    """
    doubtful = chosen & (page.characters.words >= COPY_WORDS) & ~np.isin(page.kind, _MAY_REPEAT)
    copies: dict[str, list[int]] = {}
    for i in np.flatnonzero(doubtful).tolist():
        copies.setdefault(page.texts[i].casefold(), []).append(i)
    found: list[int] = []
    for same in copies.values():
        best = max(same, key=likely.__getitem__)
        found += [i for i in same if i != best and likely[i] < SURE]
    return found


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


def find_headings(
    matrix: Matrix, chosen: NDArray[np.bool_], likely: Floats, says: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which headings stand over kept text amid the article: (blocks,).

    Labelled pages disagree on headings, and a heading is short: the model does not mind them. What
    is read with its section is kept with it.
    """
    arrays = matrix.arrays
    is_heading = (arrays.kind == _HEADING) & (arrays.hidden == 0) & ~says & (likely >= LEAST)
    is_heading &= arrays.linked * 2 <= arrays.characters.length
    text = chosen & (likely >= SECTION)
    sure = shifted(text, -1) | shifted(text, -2)
    found: NDArray[np.bool_] = is_heading & sure & (np.cumsum(chosen) > 0)
    return found


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
        may_lead = is_text and is_long and linked[index] < 0.3 and not says[index]
        if may_lead and not _is_dateline(block):
            return index if likely[index] >= LEAD_LEAST else -1
    return -1


def _is_dateline(block: Block) -> bool:
    return len(block.text) <= DATELINE and is_dated(block.text)


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


def find_title_line(page: Page) -> int:
    """Return the index of the line that is the headline of a text capture without one, or -1.

    Plain text keeps no mark of headings; the page's first line or its address names it.
    """
    from cleaner.metadata.titleline import find_named_line

    line = find_named_line(page)
    return line.index if line else -1


def _is_title(fact: Fact) -> bool:
    return fact.name in ("og:title", "title", "twitter:title", "headline")
