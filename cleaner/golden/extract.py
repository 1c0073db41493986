"""What a case is checked with: this package, or an extractor of the user's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.golden.cases import Case
from cleaner.golden.parts import FIELDS, LISTS

Extractor = Callable[..., Any]
"""Called as ``extractor(body, url=...)`` with the capture's bytes and its address or ``None``.

It returns a ``Document``, the text as a string, or a mapping with ``text`` and, if it likes,
metadata fields, ``comments`` and ``warnings``.
"""


class ExtractorError(CleanerError):
    """An extractor of the user's own cannot be found, fails, or gives what it should not."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came out of a page."""

    markdown: str
    """The text as ``expected.md`` holds it: it ends with one line end, or is empty."""
    values: Mapping[str, Any]
    """Metadata, ``warnings`` and ``comments``, as far as the extractor gives them."""
    document: Document | None = None
    given: str = ""
    """The text of an extractor that gives no document."""

    @property
    def text(self) -> str:
        """The text in which snippets are looked for and words are counted."""
        return self.document.text if self.document else self.given


def extract(case: Case, extractor: Extractor | None = None) -> Extracted:
    """Return what an extractor, or this package, makes of a case's page.

    Raises ``CleanerError``: ``ExtractorError`` for whatever goes wrong in a user's extractor.
    """
    if extractor is None:
        return _of_document(case.clean())
    body = case.read_page()
    try:
        given = extractor(body, url=case.url)
    except Exception as error:
        raise ExtractorError(f"the extractor raised {type(error).__name__}: {error}") from error
    if isinstance(given, Document):
        return _of_document(given)
    if given is None or isinstance(given, str):
        return Extracted(_ended(given or ""), {}, given=given or "")
    if isinstance(given, Mapping) and isinstance(given.get("text", ""), str):
        text = given.get("text", "")
        values = {name: _plain(given[name]) for name in (*FIELDS, *LISTS) if name in given}
        return Extracted(_ended(given.get("markdown", text)), values, given=text)
    raise ExtractorError(
        f"the extractor must return a Document, a string or a mapping, not {type(given).__name__}"
    )


def load_extractor(name: str, folder: Path | None = None) -> Extractor:
    """Return the function that ``module:function`` names; ``folder`` is looked in first.

    Raises ``ExtractorError``.
    """
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise ExtractorError(f"{name}: an extractor is named module:function")
    place = str(folder or Path.cwd())
    if place not in sys.path:
        sys.path.insert(0, place)
    try:
        found = import_module(module)
        for step in function.split("."):
            found = getattr(found, step)
    except Exception as error:
        raise ExtractorError(f"{name}: {type(error).__name__}: {error}") from error
    if not callable(found):
        raise ExtractorError(f"{name}: it cannot be called")
    return found


def _of_document(document: Document) -> Extracted:
    values: dict[str, Any] = {name: _plain(getattr(document.metadata, name)) for name in FIELDS}
    values["warnings"] = list(document.warnings)
    values["comments"] = [asdict(comment) for comment in document.comments]
    return Extracted(_ended(document.markdown), values, document)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _ended(text: str) -> str:
    """Return a text with one line end, as ``expected.md`` has it."""
    stripped = text.rstrip("\n")
    return stripped + "\n" if stripped else ""
