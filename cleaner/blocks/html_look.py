"""Questions about one HTML element: is it hidden, which table is it, what image, which code?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from cleaner.blocks.html_tags import (
    FALLBACKS,
    HIDDEN_STYLE,
    IMAGE_SOURCES,
    OFF_SCREEN_NAMES,
    OFF_SCREEN_STYLE,
)

_HIDDEN_STYLE = re.compile(HIDDEN_STYLE)
_OFF_SCREEN_STYLE = re.compile(OFF_SCREEN_STYLE)
_CODE_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight|brush:|sourceCode)[-\s]?([\w+#.-]+)"
)
_NOT_A_LANGUAGE = frozenset({"none", "plaintext", "plain", "text", "default", "notranslate"})

_PERMALINK_MARKS = frozenset({"¶", "#", "§", "\U0001f517"})

TABLE_LOOK = 3_000
"""Elements of a table that are looked at to tell what it is for."""

LONG_CELL = 400
"""Characters; data tables have few longer cells."""

_BLOCKS_IN_CELLS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "form", "article", "section"})


def hidden_reason(tag: str, attributes: Mapping[str, str]) -> str:
    """Return why a reader does not see the element, as ``Block.hidden`` has it, or ``""``."""
    if tag in FALLBACKS:
        return "fallback"
    if tag == "template" and "shadowrootmode" not in attributes and "shadowroot" not in attributes:
        return "template"
    if tag == "dialog" and "open" not in attributes:
        return "hidden"
    if not attributes:
        return ""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return "hidden"
    if attributes.get("aria-hidden") == "true":
        return "aria-hidden"
    style = attributes.get("style")
    if style:
        style = re.sub(r"\s+", "", style[:2_000]).lower()
        if _HIDDEN_STYLE.search(style):
            return "display-none"
        if _OFF_SCREEN_STYLE.search(style):
            return "off-screen"
    names = attributes.get("class")
    if names and not OFF_SCREEN_NAMES.isdisjoint(names.lower().split()):
        return "off-screen"
    return ""


def is_data_table(table: Any) -> bool:
    """Return whether a table holds data, in rows and columns, and not the page's layout."""
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = headers = cells = widest = width = paragraphs = long_cells = 0
    for element in islice(table.iterdescendants(), TABLE_LOOK):
        tag = element.tag
        if tag == "tr":
            rows += 1
            width = 0
        elif tag in ("td", "th"):
            cells += 1
            width += 1
            widest = max(widest, width)
            headers += tag == "th"
            long_cells += len(element.text or "") > LONG_CELL
        elif tag in _BLOCKS_IN_CELLS:
            return False
        elif tag in ("caption", "thead"):
            headers += 1
        elif tag == "p":
            paragraphs += len(element.text or "") > LONG_CELL / 4
    if widest < 2 or long_cells * 4 > cells or paragraphs > cells:
        return False
    return headers > 0 or (rows >= 3 and paragraphs * 4 <= cells)


def code_language(pre: Any) -> str:
    """Return the language that a ``pre``, the ``code`` in it or its wrapper notes, or ``""``."""
    sources = [pre, *pre.iterchildren("code"), *islice(pre.iterancestors("div", "figure"), 2)]
    for source in sources:
        for name in ("data-language", "data-lang"):
            if source.get(name):
                return str(source.get(name)).strip().lower()
        found = _CODE_LANGUAGE.search(source.get("class") or "")
        if found and found.group(1).lower() not in _NOT_A_LANGUAGE:
            return found.group(1).lower()
    return ""


def is_permalink(attributes: Mapping[str, str], link: Any) -> bool:
    """Return whether a link is the mark beside a heading, shown when the pointer is over it."""
    return (
        "#" in (attributes.get("href") or "")
        and len(link) == 0
        and (link.text or "").strip() in _PERMALINK_MARKS
    )


def image_source(attributes: Mapping[str, str]) -> str:
    """Return an image's address, or ``""`` for none, an embedded one, or a counting pixel."""
    if attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1"):
        return ""
    for name in IMAGE_SOURCES:
        value = (attributes.get(name) or "").strip()
        if name.endswith("srcset"):
            value = value.partition(",")[0].split(" ", 1)[0]
        if value and not value.lower().startswith("data:"):
            return value
    return ""


def whole_number(value: str | None, default: int, most: int = 10_000) -> int:
    """Return an attribute's number, or the default for what is none or is beyond ``most``."""
    try:
        number = int(value or "")
    except ValueError:
        return default
    return number if -most <= number <= most else default
