"""Saved pages as other projects keep them: what each layout's files say, as one kind of record.

Readability: folders with ``source.html``, ``expected.html``, ``expected-metadata.json``.
Defuddle: ``fixtures/*.html`` and ``expected/*.md``. readability-lxml: ``*-orig.html`` beside
``*-rdbl.html``, or ``samples/*.sample.html``. web-poet: folders with ``inputs/`` and
``output.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cleaner.golden.add import Saved
from cleaner.golden.cases import CaseError, read_object

READABILITY = "readability"
DEFUDDLE = "defuddle"
READABILITY_LXML = "readability-lxml"
WEB_POET = "web-poet"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A page of another project with what that project expects of it."""

    name: str
    saved: Saved
    html: str = ""
    """The expected article as HTML."""
    markdown: str = ""
    """The expected article as Markdown or plain text."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Metadata fields by our names; only what is expected."""


_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name"),
    "authors": ("byline", "author", "authors"),
    "date": ("publishedTime", "published", "datePublished", "date"),
    "modified": ("dateModified", "modified"),
    "site_name": ("siteName", "site", "site_name"),
    "description": ("excerpt", "description"),
    "language": ("lang", "language", "inLanguage"),
    "image": ("image", "mainImage"),
}
"""Our field to what others call it, the first that is there counts."""

_BODIES = ("articleBody", "text", "body", "content")
"""Where an item of web-poet holds the text."""

_COMMENT_URL = re.compile(rb"<!--\s*(\{[^>]{0,2000}\})\s*-->")
_HEAD = re.compile(r"\A\s*```json\s*\n(.*?)\n```\s*\n?", re.DOTALL)
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def find_layout(folder: Path) -> str:
    """Return the name of the layout that a folder has. Raises ``CaseError`` if it has none."""
    for name, marks in _MARKS.items():
        if any(next(folder.glob(mark), None) for mark in marks):
            return name
    raise CaseError(f"{folder}: none of the known layouts ({', '.join(LAYOUTS)})")


def read_layout(folder: Path, layout: str | None = None) -> Iterator[Foreign]:
    """Yield the pages of a folder in the order of their names.

    ``layout`` is one of ``LAYOUTS``; it is found out if not given. Raises ``CaseError`` for a
    folder of none of them and for a broken file.
    """
    try:
        yield from _READERS[layout or find_layout(folder)](folder)
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{folder}: {error}") from error


def _readability(folder: Path) -> Iterator[Foreign]:
    for page in sorted(folder.glob("**/source.html")):
        place = page.parent
        expected, facts = place / "expected.html", place / "expected-metadata.json"
        values = _values(read_object(facts)) if facts.is_file() else {}
        html = expected.read_text(encoding="utf-8") if expected.is_file() else ""
        yield Foreign(place.name, Saved(page.read_bytes()), html=html, values=values)


def _defuddle(folder: Path) -> Iterator[Foreign]:
    for page in sorted(folder.glob("**/fixtures/*.html")):
        body = page.read_bytes()
        expected = page.parent.parent / "expected" / f"{page.stem}.md"
        text = expected.read_text(encoding="utf-8") if expected.is_file() else ""
        head = _HEAD.match(text)
        facts = _json(expected, head[1]) if head else {}
        front = _FRONT.match(text) if not head else None
        if front:
            facts = dict(_front_matter(front[1]))
        markdown = text[(head or front).end() :] if (head or front) else text  # type: ignore[union-attr]
        noted = _COMMENT_URL.search(body[:4096])
        url = _json(page, noted[1].decode("utf-8", "replace")).get("url") if noted else None
        yield Foreign(
            page.stem,
            Saved(body, url if isinstance(url, str) else None),
            markdown=markdown,
            values=_values(facts),
        )


def _readability_lxml(folder: Path) -> Iterator[Foreign]:
    for page in sorted(folder.glob("**/*-orig.html")):
        name = page.name.removesuffix("-orig.html")
        expected = page.with_name(f"{name}-rdbl.html")
        html = expected.read_text(encoding="utf-8") if expected.is_file() else ""
        yield Foreign(name, Saved(page.read_bytes()), html=html)
    for page in sorted(folder.glob("**/*.sample.html")):
        yield Foreign(page.name.removesuffix(".sample.html"), Saved(page.read_bytes()))


def _web_poet(folder: Path) -> Iterator[Foreign]:
    for output in sorted(folder.glob("**/output.json")):
        inputs = output.parent / "inputs"
        pages = [*sorted(inputs.glob("*body.html")), *sorted(inputs.glob("*BrowserHtml.html"))]
        if not pages:
            continue
        item = read_object(output)
        facts_file = pages[0].with_name(pages[0].name.replace("body.html", "info.json"))
        facts = (
            read_object(facts_file) if facts_file.suffix == ".json" and facts_file.is_file() else {}
        )
        meta_file = output.parent / "meta.json"
        meta = read_object(meta_file) if meta_file.is_file() else {}
        saved = Saved(
            pages[0].read_bytes(),
            facts.get("url") or item.get("url"),
            headers=_headers(facts.get("headers")),
            captured_at=_time(meta.get("frozen_time")),
        )
        body = next((item[key] for key in _BODIES if isinstance(item.get(key), str)), "")
        name = f"{output.parent.parent.name}-{output.parent.name}".strip("-.")
        yield Foreign(name, saved, markdown=body, values=_values(item))


_READERS: Mapping[str, Callable[[Path], Iterator[Foreign]]] = {
    READABILITY: _readability,
    DEFUDDLE: _defuddle,
    READABILITY_LXML: _readability_lxml,
    WEB_POET: _web_poet,
}

LAYOUTS = tuple(_READERS)
"""The layouts that can be read."""

_MARKS: Mapping[str, tuple[str, ...]] = {
    READABILITY: ("**/source.html",),
    WEB_POET: ("**/inputs/*body.html", "**/inputs/*BrowserHtml.html"),
    READABILITY_LXML: ("**/*-orig.html", "**/*.sample.html"),
    DEFUDDLE: ("**/expected/*.md",),
}


def _values(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return metadata by our names; empty values say nothing and are left out."""
    values: dict[str, Any] = {}
    for name, keys in _FIELDS.items():
        given = next((facts[key] for key in keys if facts.get(key)), None)
        if name == "authors":
            found = [_name(author) for author in (given if isinstance(given, list) else [given])]
            if any(found):
                values[name] = [author for author in found if author]
        elif _name(given):
            values[name] = _name(given)
    return values


def _name(value: Any) -> str:
    """Return a string, or what an object of schema.org calls itself."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("url")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _front_matter(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value.strip().strip("\"'")


def _headers(given: Any) -> dict[str, str]:
    pairs = given.items() if isinstance(given, Mapping) else given or ()
    # The body was decoded when it was saved.
    return {
        str(name).lower(): str(value)
        for name, value in pairs
        if str(name).lower() not in ("content-encoding", "transfer-encoding", "content-length")
    }


def _time(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _json(path: Path, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise CaseError(f"{path}: {error}") from error
    return value if isinstance(value, dict) else {}
