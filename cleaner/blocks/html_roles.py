"""What the reader asks of every element, gathered for each tag: one look-up an element."""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.blocks.html_tags import (
    APART,
    BLOCK_LEVEL,
    HIDING,
    INLINE,
    INLINE_IN_TEXT,
    NEUTRAL,
    PLAIN,
    SPANS,
    UNNOTED,
    UNSEEN,
    VOID,
)
from cleaner.types import SpanKind

NAMES = 1
"""Trait: its value is among the names of the element."""

HIDES = 2
"""Trait: it may hide the element."""

STATES = 4
"""Trait: it may state a fact."""

CLASSES = 8
"""Trait: it holds the class names."""

LOOKS = HIDES | CLASSES
"""Traits that ask whether a reader sees the element."""

TRAITS = {
    "class": NAMES | CLASSES,
    "id": NAMES,
    "role": NAMES,
    "name": NAMES,
    "data-testid": NAMES,
    "data-component": NAMES,
    "itemprop": NAMES | STATES,
    "property": STATES,
    "rel": STATES,
    "style": HIDES,
    "hidden": HIDES,
    "aria-hidden": HIDES,
}
"""What an attribute may mean, as a sum of traits."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a tag means to the reader, whatever the attributes of the element."""

    is_block: bool | None
    """Whether it begins and ends a block; ``None`` where that depends on its place."""
    is_held: bool
    """It is read when it ends: a table, a script, ..."""
    is_noted: bool
    """It is listed among the page's elements, if it has attributes."""
    is_noted_bare: bool
    """It is listed without attributes, too."""
    is_apart: bool
    """Its text and what it touches are two words."""
    is_control: bool
    """Within a paragraph it is text, and elsewhere a block."""
    is_neutral: bool
    """As a block, it hands down what it inherits."""
    is_plain: bool
    """As an inline element, it changes nothing but the look."""
    span: SpanKind | None
    """What its text is."""
    traits: int
    """What it may mean without an attribute, as a sum of traits."""


def _role(tag: str) -> Role:
    if tag in BLOCK_LEVEL:
        is_block: bool | None = True
    elif tag in INLINE:
        is_block = False
    else:
        is_block = None if tag in INLINE_IN_TEXT or tag == "cite" or "-" in tag else False
    return Role(
        is_block=is_block,
        is_held=tag in UNSEEN or tag == "table",
        is_noted=tag not in VOID,
        is_noted_bare=tag not in VOID and tag not in UNNOTED,
        is_apart=tag in APART,
        is_control=tag in INLINE_IN_TEXT,
        is_neutral=tag in NEUTRAL,
        is_plain=tag in PLAIN,
        span=SPANS.get(tag),
        traits=(HIDES if tag in HIDING else 0) | (STATES if tag in ("html", "time") else 0),
    )


ROLES = {
    tag: _role(tag)
    for tag in sorted(
        BLOCK_LEVEL | INLINE | INLINE_IN_TEXT | HIDING | UNSEEN | APART | frozenset({"cite"})
    )
}
"""Tag to role; the rest have one of the roles below."""

CUSTOM = _role("x-custom")
"""The role of elements that a page defines itself: there is a hyphen in their tags."""

OTHER = _role("other")
"""The role of all others."""
