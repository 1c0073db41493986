"""How far a result can be trusted: a page's warnings and its confidence."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.features.basics import LONG, text_size
from cleaner.lexicon import fold, lexicon
from cleaner.types import Kind, Label, LabelName, Page

THIN = 250
"""Characters (`text_size`); a page with less main text than this has hardly any."""

LISTED = 0.6
"""Share of short or linked blocks in the main text from which a page is a list."""

DOUBTS = {
    "script-shell": 0.2,
    "consent-wall": 0.2,
    "error-page": 0.2,
    "no-main-text": 0.2,
    "paywall": 0.6,
    "list-page": 0.7,
}
"""Warnings to the share of the confidence that they leave."""

MOUNTS = frozenset({"root", "app", "__next", "__nuxt", "app-root", "react-root"})
"""Names of the empty element that scripts draw a page into."""

_FREE = ('"isaccessibleforfree":false', '"isaccessibleforfree":"false"')


def find_warnings(page: Page, labels: Sequence[Label]) -> tuple[str, ...]:
    """Return why the result may not be the whole article, in a fixed order.

    ``script-shell`` (the text is drawn by script), ``paywall``, ``consent-wall``,
    ``error-page``, ``no-main-text``, ``list-page`` (teasers or cards, not running text), and
    those of the capture and the reader (``charset-doubtful``, ``attributes-cut``, ...).
    """
    kept = [
        block
        for block, label in zip(page.blocks, labels, strict=True)
        if label.name is LabelName.CONTENT
    ]
    size = sum(text_size(block.text) for block in kept)
    found: list[str] = []
    visible = _visible_text(page) if size < THIN else ""
    if size < THIN and _is_script_shell(page, visible):
        found.append("script-shell")
    if _is_paywalled(page, labels, size):
        found.append("paywall")
    if size < THIN:
        found.extend(
            warning
            for warning in ("consent-wall", "error-page")
            if any(phrase in visible for phrase in lexicon().wall_phrases[warning])
        )
    if not size and not found:
        found.append("no-main-text")
    elif size and _is_list(page, labels):
        found.append("list-page")
    return tuple(dict.fromkeys((*found, *page.warnings)))


def _visible_text(page: Page) -> str:
    return fold("\n".join(block.text for block in page.blocks if not block.hidden))


def _is_script_shell(page: Page, visible: str) -> bool:
    """Return whether scripts would draw what the capture lacks."""
    told = any(phrase in visible for phrase in lexicon().wall_phrases["script-shell"])
    mounts = any(not MOUNTS.isdisjoint(element.names.split()) for element in page.elements)
    return told or (mounts and len(visible) < THIN)


def _is_paywalled(page: Page, labels: Sequence[Label], size: int) -> bool:
    """Return whether structured data or a notice says that the text is cut by a paywall.

    A phrase in the main text itself is no notice, unless there is hardly any text.
    """
    sources = ("".join(source.lower().split()) for source in page.json_ld)
    if any(mark in source for source in sources for mark in _FREE):
        return True
    if size > 20 * THIN:
        return False
    around = fold(
        "\n".join(
            block.text
            for block, label in zip(page.blocks, labels, strict=True)
            if not block.hidden and (size < THIN or label.name is not LabelName.CONTENT)
        )
    )
    return any(phrase in around for phrase in lexicon().wall_phrases["paywall"])


def _is_list(page: Page, labels: Sequence[Label]) -> bool:
    """Return whether the main text is made of many linked headings and short texts."""
    headings = linked = texts = long_texts = 0
    for block, label in zip(page.blocks, labels, strict=True):
        if label.name is not LabelName.CONTENT:
            continue
        if block.kind is Kind.HEADING:
            headings += 1
            linked += any(span.target and span.end - span.start > 3 for span in block.spans)
        elif block.kind is not Kind.CODE:
            texts += 1
            long_texts += text_size(block.text) >= LONG
    return linked >= 5 and linked > LISTED * headings and long_texts < headings + texts / 3


def estimate_confidence(expected: float, warnings: Sequence[str]) -> float:
    """Return how far the text can be trusted (0..1): the expected F1, less for warnings."""
    return expected * min((DOUBTS.get(warning, 1.0) for warning in warnings), default=1.0)
