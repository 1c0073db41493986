"""What a page says to machines: head elements, microdata, RDFa, times, relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cleaner.types import Fact

MAX_VALUE = 1_000
"""Characters of an element's text that a fact keeps."""

MAX_OPEN = 20
"""Elements whose text is being collected at once; those deeper state nothing by their text."""

_RELATIONS = frozenset({"author", "tag", "license"})
_VALUE_ATTRIBUTES = ("content", "datetime", "href", "src")


class Collector:
    """Gathers the text of an open element for the facts that it states."""

    __slots__ = ("_length", "_pieces", "facts")

    def __init__(self, facts: list[int]) -> None:
        self.facts = facts
        """Positions of the facts that get the text."""
        self._pieces: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        """Add text, as far as a fact can keep it."""
        if self._length < MAX_VALUE * 4:
            self._pieces.append(text[: MAX_VALUE * 4])
            self._length += len(text)

    def value(self) -> str:
        """Return the first ``MAX_VALUE`` characters, white space squashed."""
        return " ".join("".join(self._pieces).split())[:MAX_VALUE]


class FactReader:
    """Collects facts in the order of the page."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.open: list[Collector] = []
        """The elements whose text is being collected, the innermost last."""

    def head(self, tag: str, attributes: Mapping[str, str], text: str = "") -> None:
        """Note what an ``html``, ``title``, ``meta`` or ``link`` element states."""
        self.facts.extend(_head_facts(tag, attributes, " ".join(text.split())))

    def enter(self, tag: str, attributes: Mapping[str, str], block: int, element: int) -> bool:
        """Note what an element of the body states; return whether its text is collected.

        ``block`` is the number of blocks before it, ``element`` its own in ``Page.elements``.
        """
        waiting: list[int] = []
        for source, name, value in _body_facts(tag, attributes):
            if value is None:
                waiting.append(len(self.facts))
            self.facts.append(Fact(source, name, value or "", block, element))
        if not waiting or len(self.open) >= MAX_OPEN:
            return False
        self.open.append(Collector(waiting))
        return True

    def text(self, text: str) -> None:
        """Give a text to the elements that it is in."""
        for collector in self.open:
            collector.add(text)

    def leave(self) -> None:
        """Fill in the text of the innermost element that is collected, at its end."""
        collector = self.open.pop()
        for position in collector.facts:
            self.facts[position] = self.facts[position]._replace(value=collector.value())


def _head_facts(tag: str, attributes: Mapping[str, str], text: str) -> Iterator[Fact]:
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
    elif tag == "title" and text:
        yield Fact("title", "title", text[:MAX_VALUE])
    elif tag == "html":
        for name in ("lang", "xml:lang", "dir"):
            value = (attributes.get(name) or "").strip()
            if value:
                yield Fact("html", name.removeprefix("xml:"), value)
        if "amp" in attributes or "\u26a1" in attributes:
            yield Fact("html", "amp", "true")


def _body_facts(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str, str | None]]:
    """Yield source, name and value; no value where it is the element's text."""
    for source in ("itemprop", "property"):
        for name in (attributes.get(source) or "").split():
            yield source, name, _value(attributes) or _long_form(tag, attributes)
    if tag == "abbr" and "itemprop" not in attributes:
        written = _long_form(tag, attributes)
        if written and written[:4].isdigit():
            yield "abbr", "datetime", written
    if tag == "time":
        for name in ("datetime", "pubdate"):
            if attributes.get(name):
                yield "time", name, attributes[name].strip()
        if not attributes.get("datetime"):
            yield "time", "text", None
    for name in (attributes.get("rel") or "").lower().split():
        if name in _RELATIONS:
            yield "rel", name, None
            if attributes.get("href"):
                yield "rel", f"{name}:href", attributes["href"].strip()


def _value(attributes: Mapping[str, str]) -> str | None:
    for name in _VALUE_ATTRIBUTES:
        value = (attributes.get(name) or "").strip()
        if value:
            return value
    return None


def _long_form(tag: str, attributes: Mapping[str, str]) -> str | None:
    """The title of an ``abbr``: microformats and old blogs write a moment in it."""
    return (attributes.get("title") or "").strip() or None if tag == "abbr" else None
