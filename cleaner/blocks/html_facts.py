"""What a page says to machines: head elements, microdata, RDFa, times, relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleaner.types import Fact

MAX_VALUE = 1_000
"""Characters of an element's text that a fact keeps."""

FACT_ATTRIBUTES = frozenset({"itemprop", "property", "rel", "datetime", "pubdate"})
"""An element without any of these, and that is no ``time``, states nothing."""

_RELATIONS = frozenset({"author", "tag", "license"})
_VALUE_ATTRIBUTES = ("content", "datetime", "href", "src")


def head_facts(tag: str, attributes: Mapping[str, str], element: Any) -> Iterator[Fact]:
    """Yield the facts of ``html``, ``title``, ``meta`` and ``link`` elements."""
    if tag == "meta":
        value = (attributes.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (attributes.get(key) or "").strip().lower()
            if name and value:
                yield Fact("meta", name, value)
    elif tag == "link":
        href = (attributes.get("href") or "").strip()
        if href and "hreflang" not in attributes:
            for relation in (attributes.get("rel") or "").lower().split():
                yield Fact("link", relation, href)
    elif tag == "title":
        value = _text(element)
        if value:
            yield Fact("title", "title", value)
    elif tag == "html":
        for name in ("lang", "xml:lang", "dir"):
            value = (attributes.get(name) or "").strip()
            if value:
                yield Fact("html", name.removeprefix("xml:"), value)
        if "amp" in attributes or "\u26a1" in attributes:
            yield Fact("html", "amp", "true")


def body_facts(
    tag: str, attributes: Mapping[str, str], element: Any, block: int, position: int
) -> Iterator[Fact]:
    """Yield the facts of any other element that has attributes.

    ``block`` is the number of blocks before it, ``position`` its own in ``Page.elements``.
    """
    for source in ("itemprop", "property"):
        names = attributes.get(source)
        if names:
            value = _value(attributes, element)
            for name in names.split():
                yield Fact(source, name, value, block, position)
    if tag == "time":
        for name in ("datetime", "pubdate"):
            if attributes.get(name):
                yield Fact("time", name, attributes[name].strip(), block, position)
        if not attributes.get("datetime"):
            yield Fact("time", "text", _text(element), block, position)
    relations = attributes.get("rel")
    if relations and not _RELATIONS.isdisjoint(relations.lower().split()):
        for name in relations.lower().split():
            if name in _RELATIONS:
                yield Fact("rel", name, _text(element), block, position)
                if attributes.get("href"):
                    yield Fact("rel", f"{name}:href", attributes["href"].strip(), block, position)


def _value(attributes: Mapping[str, str], element: Any) -> str:
    for name in _VALUE_ATTRIBUTES:
        value = (attributes.get(name) or "").strip()
        if value:
            return value
    return _text(element)


def _text(element: Any) -> str:
    """Return the first ``MAX_VALUE`` characters of an element's text, white space squashed."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece[: MAX_VALUE * 4])
        length += len(piece)
        if length > MAX_VALUE * 4:
            break
    return " ".join("".join(pieces).split())[:MAX_VALUE]
