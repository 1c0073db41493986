"""The labeler: a page in, one label a block out, each with its probability and reason.

Simple and honest: log-odds of what can be seen of a block are summed. What is dropped gets the
kind of boilerplate that the strongest hint names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.features import LONG, Features, read_features, text_size
from cleaner.lexicon import lexicon
from cleaner.model import probability, score_blocks
from cleaner.types import Block, Fact, Kind, Label, LabelName, Page, SpanKind

THRESHOLD = 0.5
"""Blocks at least this likely to be main content are kept."""

SHORT_LINK = 25
"""Characters; a link as short as this leads to a section, a longer one is a page's headline."""

_HEADING = Kind.HEADING
_CONTENT = LabelName.CONTENT
_WORDS = re.compile(r"\w+")
_PLACE_LABELS = {
    "in_nav": LabelName.NAVIGATION,
    "in_footer": LabelName.NAVIGATION,
    "in_aside": LabelName.PROMO,
    "in_header": LabelName.NAVIGATION,
    "in_dialog": LabelName.NOTICE,
    "in_form": LabelName.NOTICE,
    "promo_section": LabelName.PROMO,
    "byline": LabelName.BYLINE,
}


def label_page(page: Page) -> tuple[Label, ...]:
    """Return a label for each block of the page, in its order."""
    title = find_title(page)
    features = read_features(page, title)
    _mark_course(page.blocks, features, title)
    scores = score_blocks(page, features)
    return tuple(
        _label(block, f, score, title, page)
        for block, f, score in zip(page.blocks, features, scores, strict=True)
    )


def find_title(page: Page) -> int:
    """Return the index of the headline's block, or -1.

    The heading that shares most words with what the head of the page calls itself; the first of
    the highest level where the head says nothing.
    """
    names = [set(_WORDS.findall(fact.value.lower())) for fact in page.facts if _is_title(fact)]
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


def _mark_course(blocks: Sequence[Block], features: Sequence[Features], title: int) -> None:
    """Note what depends on the course of the page: headline, promo boxes, closing lines."""
    content = 0
    rest = sum(f.size >= LONG for f in features)
    promo_level = 0
    ended = False
    for block, f in zip(blocks, features, strict=True):
        if block.index < title and not block.origin:
            f.fired.append("before_title")
        elif block.index == title + 1 > 0 and f.size > 50 and f.link_share < 0.3:
            f.fired.append("after_title")
        said = f.phrase.label if f.phrase else None
        if block.kind is _HEADING:
            if said is LabelName.PROMO:
                promo_level = block.level
            elif block.level <= promo_level:
                promo_level = 0
        elif promo_level and f.size >= LONG and f.link_share < 0.3:
            promo_level = 0  # running text again: the article goes on after the box
        elif promo_level:
            f.fired.append("promo_section")
        if ended:
            f.fired.append("after_end")
        if f.size >= LONG:
            content += 1
            rest -= 1
        elif content >= 3 and said in (LabelName.SHARE, LabelName.NOTICE, LabelName.LEGAL):
            ended = ended or rest * 2 < content


def _label(block: Block, f: Features, score: float, title: int, page: Page) -> Label:
    likely = probability(score)
    if block.index == title:
        return Label(LabelName.TITLE, likely, ("headline of the page",))
    name = _CONTENT if likely >= THRESHOLD else _dropped_as(block, f, title)
    return Label(name, likely, _reasons(f))


def _dropped_as(block: Block, f: Features, title: int) -> LabelName:
    """Return the kind of boilerplate that the strongest hint names."""
    if block.kind is Kind.CAPTION:
        return LabelName.CAPTION
    if block.kind is Kind.IMAGE:
        near = f.name is None or f.name.label in (LabelName.CONTENT, LabelName.CAPTION)
        if not block.text or block.hidden:
            return LabelName.OTHER
        return LabelName.CAPTION if near and "inside" in f.fired else LabelName.OTHER
    if f.phrase is not None:
        return f.phrase.label
    if f.name is not None and f.name.label is not LabelName.CONTENT:
        return f.name.label
    for evidence, label in _PLACE_LABELS.items():
        if evidence in f.fired:
            return label
    if block.hidden or block.kind is Kind.CONTROL:
        return LabelName.OTHER
    if f.link_share > 0.5:
        is_early = block.index < max(title, 3)
        links = sum(span.kind is SpanKind.LINK for span in block.spans)
        if is_early or links > 1 or text_size(block.text) < SHORT_LINK:
            return LabelName.NAVIGATION
        return LabelName.PROMO
    if "after_end" in f.fired:
        return LabelName.PROMO
    return LabelName.OTHER if block.index > title else LabelName.NAVIGATION


def _reasons(f: Features) -> tuple[str, ...]:
    """Return the two or three things that decided, in words, the weightiest first."""
    words = lexicon()
    names = sorted(f.fired, key=words.rank.__getitem__)[:3]
    reasons = [words.reasons[name] for name in names]
    if f.name is not None and "bad_name" in names:
        reasons[names.index("bad_name")] = f"inside an element named “{f.name.words}”"
    if f.phrase is not None and "phrase" in names:
        reasons[names.index("phrase")] = f"says “{f.phrase.words}”"
    return tuple(reasons)
