"""From features to probabilities: weights summed as log-odds, then the neighbours' word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import exp

from cleaner.features import LONG, Features, ancestors
from cleaner.lexicon import lexicon
from cleaner.types import Kind, Page

REACH = 3
"""Blocks before and after that have a say."""

MAIN_SHARE = 0.7
"""The main part is the innermost element with this share of what looks like main text."""

_HEADING = Kind.HEADING

HEADING_OWN = 0.7
"""How much a heading's own evidence counts beside what stands under it."""

LIST_SHARE = 0.2
"""A page with a smaller share of main text, boilerplate aside, is a list of cards or links."""

LIST_LEAST = 10
"""Blocks; fewer make no list."""

BOILERPLATE = frozenset(
    "in_nav in_footer in_aside in_header in_dialog in_form bad_name comment_name hidden "
    "phrase byline repeated before_title".split()
)
"""Evidence that a block is boilerplate, whatever it holds."""

NO_CARD = frozenset({Kind.CONTROL, Kind.IMAGE, Kind.CAPTION})

NO_FRAME = frozenset({Kind.HEADING, Kind.CONTROL, Kind.IMAGE, Kind.CAPTION})
"""Kinds that say little about their neighbours."""


def probability(log_odds: float) -> float:
    """Return the probability (0..1) of log-odds."""
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, log_odds))))


def score_blocks(page: Page, features: Sequence[Features]) -> list[float]:
    """Return each block's log-odds of being main content.

    Evidence that needs the first scores (the main part of the page, the neighbours) is added
    to ``Features.fired``.
    """
    weights = lexicon().weights
    scores = [sum(map(weights.__getitem__, f.fired)) for f in features]
    for find in (_list_evidence, _main_part_evidence, _neighbour_evidence):
        for i, name in find(page, features, scores):
            features[i].fired.append(name)
            scores[i] += weights[name]
    _score_headings(page, features, scores)
    return scores


def _list_evidence(
    page: Page, features: Sequence[Features], scores: Sequence[float]
) -> list[tuple[int, str]]:
    """Say of which blocks a list page is made: cards and links, where there is hardly any text.

    Those that nothing around them calls boilerplate, if they hold most of what is left. Text
    captures have nothing around their blocks: a menu is not told from a list there.
    """
    if not page.elements:
        return []
    plain = [
        i
        for i, f in enumerate(features)
        if not BOILERPLATE.intersection(f.fired) and page.blocks[i].kind not in NO_CARD
    ]
    likely = sum(features[i].size for i in plain if scores[i] > 0)
    if len(plain) < LIST_LEAST:
        return []
    if likely >= LIST_SHARE * sum(features[i].size for i in plain):
        return []
    return [(i, "list_page") for i in plain]


def _main_part_evidence(
    page: Page, features: Sequence[Features], scores: Sequence[float]
) -> list[tuple[int, str]]:
    """Say for each block whether it is within the element that holds most of the main text."""
    if not page.elements:
        return []
    mass = [0.0] * len(page.elements)
    for block, f, score in zip(page.blocks, features, scores, strict=True):
        if block.element >= 0 and score > 0:
            mass[block.element] += min(f.size, 1_000) * probability(score)
    for position in range(len(mass) - 1, 0, -1):
        mass[page.elements[position].parent] += mass[position]
    if not mass[0]:
        return []
    # Children follow their parents: the last element with the share is the innermost.
    main = max(p for p, m in enumerate(mass) if m >= MAIN_SHARE * mass[0])
    within = [False] * len(page.elements)
    for position, element in enumerate(page.elements):
        within[position] = position == main or (element.parent >= 0 and within[element.parent])
    line = set(ancestors(page.elements, main))
    return [
        (block.index, "inside" if within[block.element] else "outside")
        for block in page.blocks
        if block.element >= 0 and block.element not in line
    ]


def _neighbour_evidence(
    page: Page, features: Sequence[Features], scores: Sequence[float]
) -> list[tuple[int, str]]:
    """Say whether main text or boilerplate is around a block."""
    strong = [
        0.0 if block.kind in NO_FRAME else (probability(score) - 0.5) * min(f.size, LONG) / LONG
        for block, f, score in zip(page.blocks, features, scores, strict=True)
    ]
    sums = [0.0, *accumulate(strong)]
    found: list[tuple[int, str]] = []
    for i, own in enumerate(strong):
        around = sums[min(i + REACH + 1, len(strong))] - sums[max(i - REACH, 0)] - own
        if around > 0.5:
            found.append((i, "neighbours_for"))
        elif around < -0.25:
            found.append((i, "neighbours_against"))
    return found


def _score_headings(page: Page, features: Sequence[Features], scores: list[float]) -> None:
    """Give each heading the likelihood of what stands under it: no text, no heading."""
    under: list[float] = []
    for i in range(len(page.blocks) - 1, -1, -1):
        block = page.blocks[i]
        if block.kind is _HEADING:
            # An empty section takes the next one's word: headings may follow each other.
            best = max(under[-2:], default=-2.0)
            own = min(0.0, scores[i])
            scores[i] = min(best, 2.5) + own * HEADING_OWN
        elif block.kind not in NO_FRAME and not block.hidden:
            under.append(scores[i])
