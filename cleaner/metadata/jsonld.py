"""JSON-LD scripts: read, repaired in simple ways, flattened, and asked for their values."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from cleaner.metadata.text import plain, squash, without_tags, words

JsonObject = dict[str, Any]

_WRAPPER = re.compile(
    r"^\s*(?:/\*|//)?\s*(?:<!--|<!\[CDATA\[)?\s*(?:\*/)?"
    r"|(?:/\*|//)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*$|[;\s]+$"
)
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])', re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\')
_BLOCK_TAG = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|h[1-6]|blockquote))\b[^<>]*>", re.IGNORECASE)

_VOCABULARY_END = re.compile(r"[/:#]")
_ADDRESS_EDGES = re.compile(r"^https?://(?:www\.)?|[?#].*$")

_NESTED = ("@graph", "mainEntityOfPage", "mainEntity")
"""Keys whose object speaks of the page itself; other nested objects do not, and neither
do the questions that a list of frequent ones has as its ``mainEntity``."""

_MAIN_KINDS = (
    ("Article", "Posting", "Report", "Review", "Recipe", "HowTo", "Question", "Chapter",
     "Statement", "SpecialAnnouncement", "Product", "Course", "Book", "Event", "Movie",
     "CreativeWork", "ImageGallery", "Photograph", "Episode"),
    ("Page",),
)  # fmt: skip
"""Endings of the types that may be a page's main object, the most telling first."""

_SEVERAL = 2
"""More unmatched articles than this make a list, not an article."""


def read_json_ld(sources: Sequence[str]) -> list[JsonObject]:
    """Return the objects of all scripts, in order; a script beyond repair is skipped.

    Objects of lists, of ``@graph`` and of ``mainEntity`` stand beside the object
    that holds them.
    """
    found: list[JsonObject] = []
    for source in sources:
        for value in _values(source):
            found.extend(_flatten(value))
    return found


def _values(source: str) -> list[Any]:
    """The JSON values of one script: the first reading that gives any."""
    try:
        return [json.loads(source)]
    except (ValueError, RecursionError):
        pass
    for text in _repairs(source):
        values = _decode_all(text)
        if values:
            return values
    return []


def _repairs(source: str) -> Iterator[str]:
    """The source with ever stronger repairs."""
    text = source.replace("\ufeff", "")
    for _ in range(2):  # a comment may stand in a CDATA section, or the other way about
        text = _WRAPPER.sub("", text)
    yield text
    text = _TRAILING_COMMA.sub(lambda m: m[0] if m[0].startswith('"') else "", text)
    yield text
    text = _BAD_ESCAPE.sub(lambda m: m[0] if len(m[0]) > 1 else r"\\", text)
    yield text
    if "&" in text:
        yield html.unescape(text)


def _decode_all(text: str) -> list[Any]:
    """Decode one JSON value, or several that stand one after the other."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def _flatten(value: Any) -> Iterator[JsonObject]:
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            stack.extend(reversed(current))
        elif isinstance(current, dict):
            yield current
            stack.extend(current[k] for k in _NESTED if isinstance(current.get(k), dict))
            if isinstance(current.get("@graph"), list):
                stack.extend(reversed(current["@graph"]))


def types_of(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types of an object without their vocabulary: ``schema:Person`` is ``Person``."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(_VOCABULARY_END.split(n)[-1] for n in names if isinstance(n, str))


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty list, anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: Any) -> str:
    """Return the text of a value: a string, ``@value``, ``name``, or the first of a list."""
    for item in as_list(value):
        if isinstance(item, Mapping):
            item = item.get("@value") or item.get("name")
            if isinstance(item, list):
                item = next((i for i in item if isinstance(i, str)), None)
        if isinstance(item, str) and item.strip():
            return plain(item)
    return ""


def resolve(value: Any, objects: Sequence[JsonObject]) -> Any:
    """Return the object that ``{"@id": ...}`` stands for, or the value itself."""
    if isinstance(value, dict) and "@id" in value and "name" not in value:
        for item in objects:
            if item.get("@id") == value["@id"] and "name" in item:
                return item
    return value


def main_objects(
    objects: Sequence[JsonObject], *, addresses: Sequence[str], titles: Sequence[str]
) -> list[JsonObject]:
    """Return the objects that speak of the page itself, the most telling kind first.

    Where a script lists several articles, those count that name one of the page's
    ``addresses`` or one of its ``titles``; among many of which none does, none counts.
    """
    if not objects:
        return []
    bare = {_bare(a) for a in addresses}
    heads = {words(t) for t in titles}
    chosen: list[JsonObject] = []
    for endings in _MAIN_KINDS:
        of_kind = [o for o in objects if any(t.endswith(endings) for t in types_of(o))]
        taken = {id(o) for o in chosen}
        of_kind = [o for o in of_kind if id(o) not in taken]
        matching = [o for o in of_kind if _speaks_of(o, bare, heads)]
        if matching:
            chosen += matching
        elif len(of_kind) <= _SEVERAL:
            chosen += of_kind
    return chosen


def _speaks_of(item: JsonObject, addresses: Set[str], titles: Set[tuple[str, ...]]) -> bool:
    """Whether an object names one of the addresses (without their edges) or titles (words)."""
    named = [item.get(k) for k in ("url", "@id", "mainEntityOfPage")]
    named = [v.get("@id") if isinstance(v, dict) else v for v in named]
    if any(isinstance(v, str) and _bare(v) in addresses for v in named):
        return True
    headline = words(text_of(item.get("headline") or item.get("name")))
    return bool(headline) and headline in titles


def _bare(address: str) -> str:
    """An address without scheme, ``www``, query, fragment and closing slash."""
    return _ADDRESS_EDGES.sub("", address.strip()).rstrip("/")


def article_body(objects: Sequence[JsonObject]) -> str | None:
    """Return the longest ``articleBody`` as text, a paragraph a line, or ``None``.

    It stands in for a body that a script draws, of which the HTML holds nothing.
    """
    bodies = (o.get("articleBody") for o in objects)
    texts = [_lines(b) for v in bodies for b in as_list(v) if isinstance(b, str)]
    return max(texts, key=len, default="") or None


def _lines(body: str) -> str:
    if "<" not in body and "&lt;" in body:
        body = html.unescape(body)
    lines = _BLOCK_TAG.sub("\n", body).splitlines()
    return "\n".join(filter(None, (squash(html.unescape(without_tags(n))) for n in lines)))
