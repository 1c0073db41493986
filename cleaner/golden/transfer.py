"""Cases from the saved pages of other projects, and snippets for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.golden.add import add_page, free_place, safe_name
from cleaner.golden.cases import LABELS_FILE, TEXT_FILE, VALUES_FILE, Case, find_cases, read_case
from cleaner.golden.check import markdown_text
from cleaner.golden.files import json_text
from cleaner.golden.layouts import Foreign, read_layout
from cleaner.golden.parts import METADATA, PREFIX
from cleaner.types import LabelName

SHORTEST = 20
"""Characters that a snippet has at least: shorter ones stand on every page."""

MOST_SNIPPETS = 10
"""Snippets of each side that an export takes from a case."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one page of another project."""

    name: str
    case: Case | None = None
    """``None`` if the page could not be cleaned."""
    score: float | None = None
    """Word F1 (0..1) of the text against the expected one; ``None`` if none is expected."""
    failing: tuple[str, ...] = ()
    """The parts that do not pass; ``case.json`` names them."""
    error: str = ""


def import_cases(source: Path, folder: Path, layout: str | None = None) -> Iterator[Imported]:
    """Make a case below ``folder`` from each page of another project's folder.

    The text is another system's: the case asks for the word F1 that is reached now, rounded down
    to hundredths, and metadata that differs is named in ``expected_failures``. A page of which
    nothing is expected waits with ``.new`` files. Raises ``CaseError`` for a folder of no known
    layout and for a broken file in it.
    """
    for foreign in read_layout(source, layout):
        name = free_place(folder, safe_name(foreign.name)).name
        try:
            yield _import(foreign, folder, name)
        except CleanerError as error:
            yield Imported(foreign.name, error=str(error))


def _import(foreign: Foreign, folder: Path, name: str) -> Imported:
    document = foreign.saved.clean()
    markdown = foreign.markdown.strip() or _markdown_of(foreign.html)
    values = dict(foreign.values)
    facts: dict[str, Any] = {}
    files: dict[str, str] = {}
    score = None
    if markdown:
        score = _score(document, markdown)
        facts["minimum_f1"] = math.floor(score * 100) / 100
        files[TEXT_FILE] = markdown.rstrip("\n") + "\n"
    elif values:
        facts["parts"] = [METADATA]
    failing = []
    for key, value in values.items():
        actual = getattr(document.metadata, key)
        actual = list(actual) if isinstance(actual, tuple) else actual
        if key in ("date", "modified") and _same_time(value, actual):
            values[key] = actual
        elif actual != value:
            failing.append(PREFIX + key)
    if values:
        files[VALUES_FILE] = json_text(values)
    if failing:
        facts["expected_failures"] = failing
    case = add_page(
        foreign.saved,
        folder,
        name,
        facts=facts,
        files=files,
        is_pending=True,
        document=document,
    )
    return Imported(foreign.name, case, score, tuple(failing))


def _markdown_of(html: str) -> str:
    """Return all that a reader sees of an article's HTML as Markdown."""
    from cleaner.blocks import read_blocks
    from cleaner.capture import read_capture
    from cleaner.render import render_markdown

    if not html.strip():
        return ""
    page = read_blocks(read_capture(html, media_type="html"))
    shown = [block for block in page.blocks if not block.hidden]
    return render_markdown(shown, base_url=page.base_url)


def _score(document: Document, markdown: str) -> float:
    from cleaner.evaluate.score import word_score

    return word_score(document.text, markdown_text(markdown)).f1


def _same_time(theirs: str, ours: Any) -> bool:
    """Tell whether two dates say the same as far as both are exact; spellings differ."""
    if not isinstance(ours, str):
        return False
    try:
        first, second = datetime.fromisoformat(theirs), datetime.fromisoformat(ours)
    except ValueError:
        return False
    if first.tzinfo and second.tzinfo:
        return first == second
    if len(theirs) > 10 and len(ours) > 10:
        return first.replace(tzinfo=None) == second.replace(tzinfo=None)
    return first.date() == second.date()


def export_snippets(folder: Path) -> list[dict[str, Any]]:
    """Return ``present`` and ``absent`` snippets of each case in and below ``folder``.

    An object a case: ``id``, ``url``, ``page`` (its place below ``folder``), ``present``,
    ``absent``. Beside a case's own snippets they are the beginnings of blocks by ``labels.tsv``,
    or of the paragraphs of ``expected.md``. Nothing is cleaned. Raises ``CaseError``.
    """
    return [_snippets(folder, read_case(place)) for place in find_cases(folder)]


def _snippets(folder: Path, case: Case) -> dict[str, Any]:
    present, absent = case.snippets()
    text = markdown_text(case.expected_markdown()) if case.has(TEXT_FILE) else ""
    rows = case.expected_labels() if case.has(LABELS_FILE) else []
    if rows:
        kept = [text for label, text in rows if label == LabelName.CONTENT]
    else:
        kept = [" ".join(paragraph.split())[:100] for paragraph in text.split("\n\n")]
    dropped = [text for label, text in rows if label != LabelName.CONTENT]
    article = " ".join(text.split()) or " ".join(kept)
    present += tuple(_chosen([text for text in kept if text in article]))
    absent += tuple(_chosen([text for text in dropped if text not in article]))
    return {
        "id": case.name,
        "url": case.url,
        "page": case.page.relative_to(folder).as_posix(),
        "present": list(dict.fromkeys(present)),
        "absent": list(dict.fromkeys(absent)),
    }


def _chosen(texts: Sequence[str]) -> list[str]:
    """Return texts that are long enough, each once, spread evenly over the page."""
    fit = list(dict.fromkeys(text.strip() for text in texts if len(text) >= SHORTEST))
    if len(fit) <= MOST_SNIPPETS:
        return fit
    return [fit[i * len(fit) // MOST_SNIPPETS] for i in range(MOST_SNIPPETS)]
