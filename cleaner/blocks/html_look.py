"""Questions about one HTML element: is it hidden, what image, which code, which number?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleaner.blocks.html_tags import (
    FALLBACKS,
    HIDING_STYLES,
    IMAGE_SOURCES,
    OFF_SCREEN_NAMES,
)

_STYLES = tuple((sign, re.compile(pattern), reason) for sign, pattern, reason in HIDING_STYLES)
_CODE_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight|brush:|sourceCode)[-\s]?([\w+#.-]+)"
)
_NOT_A_LANGUAGE = frozenset({"none", "plaintext", "plain", "text", "default", "notranslate"})


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
        style = "".join(style[:2_000].split()).lower()
        for sign, pattern, reason in _STYLES:
            if sign in style and pattern.search(style):
                return reason
    return "off-screen" if are_off_screen(attributes.get("class") or "") else ""


def are_off_screen(names: str) -> bool:
    """Return whether class names move a text out of sight, so that screen readers alone give it."""
    return not OFF_SCREEN_NAMES.isdisjoint(names.lower().split())


def code_language(attributes: Mapping[str, str]) -> str:
    """Return the language that an element notes for the code in it, or ``""``."""
    for name in ("data-language", "data-lang"):
        if attributes.get(name):
            return attributes[name].strip().lower()
    found = _CODE_LANGUAGE.search(attributes.get("class") or "")
    if found and found.group(1).lower() not in _NOT_A_LANGUAGE:
        return found.group(1).lower()
    return ""


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
