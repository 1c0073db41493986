"""Cases ranked by how much another system, or an older output, differs from what is given now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner import __version__
from cleaner.errors import CleanerError
from cleaner.golden.cases import TEXT_FILE, Case, CaseError
from cleaner.golden.check import markdown_text
from cleaner.golden.extract import ExtractorError, extract, load_extractor

OURS = "cleaner"

Other = Callable[[Case], str | None]
"""From a case to another system's text; ``None`` if it has none for it."""

_TEXT_PAGES = (".md", ".txt", ".mhtml")
"""Captures that other systems do not read."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One case: what others give for it beside what is given now."""

    case: Case
    differences: Mapping[str, float | None]
    """1 - word F1 (0..1) between the text now and the other's; ``None`` where there is none."""
    scores: Mapping[str, float | None]
    """Word F1 (0..1) against ``expected.md``, for ``cleaner`` and each other."""

    @property
    def largest(self) -> float:
        """The largest difference (0..1)."""
        return max((value for value in self.differences.values() if value is not None), default=0.0)


def read_others(names: str) -> dict[str, Other]:
    """Return what a comma-separated list names: systems, extractors, older outputs.

    A system is one of ``cleaner evaluate --against``; an extractor is ``module:function``; an
    older output is a file that ``save_output`` wrote, or a folder with ``<case>.txt`` or
    ``<case>.md``. Raises ``CaseError``, ``ExtractorError``, or ``MissingLibraryError``.
    """
    from cleaner.evaluate.peers import TEXT_PEERS, library

    others: dict[str, Other] = {}
    for name in filter(None, (part.strip() for part in names.split(","))):
        if name in TEXT_PEERS:
            for module in TEXT_PEERS[name].modules:
                library(module)
            others[name] = _peer(name)
        elif Path(name).exists():
            others[name] = _old_output(Path(name))
        elif ":" in name:
            others[name] = _own(name)
        else:
            known = ", ".join(TEXT_PEERS)
            raise CaseError(f"{name}: no file, no module:function, and none of {known}")
    return others


def compare_cases(cases: Sequence[Case], others: Mapping[str, Other]) -> list[Compared]:
    """Return the cases with what others give for them, the largest difference first.

    Raises ``CleanerError`` if a case cannot be cleaned.
    """
    compared = [_compare(case, others) for case in cases]
    return sorted(compared, key=lambda one: (-one.largest, one.case.name))


def _compare(case: Case, others: Mapping[str, Other]) -> Compared:
    from cleaner.evaluate.score import word_score

    now = extract(case).text
    truth = markdown_text(case.expected_markdown()) if case.has(TEXT_FILE) else None
    texts = {OURS: now} | {name: other(case) for name, other in others.items()}
    return Compared(
        case,
        {
            name: None if text is None else 1.0 - word_score(text, now).f1
            for name, text in texts.items()
            if name != OURS
        },
        {
            name: None if text is None or truth is None else word_score(text, truth).f1
            for name, text in texts.items()
        },
    )


def save_output(cases: Sequence[Case], path: Path) -> None:
    """Write the text of each case as it is given now: a JSON object a line, to compare later.

    Raises ``CaseError`` if the file cannot be written.
    """
    from cleaner.golden.files import write_atomically

    lines = [
        json.dumps({"id": case.name, "version": __version__, "text": extract(case).text})
        for case in cases
    ]
    write_atomically(path, "".join(f"{line}\n" for line in lines))


def _peer(name: str) -> Other:
    from cleaner.evaluate.peers import TEXT_PEERS, PageInput

    def text_of(case: Case) -> str | None:
        if case.page.suffix in _TEXT_PAGES:
            return None
        try:
            return TEXT_PEERS[name].extract(PageInput(case.read_page(), case.url)).text
        except CleanerError:
            raise
        except Exception:  # what another system makes of a page is its own affair
            return None

    return text_of


def _own(name: str) -> Other:
    extractor = load_extractor(name)

    def text_of(case: Case) -> str | None:
        try:
            return extract(case, extractor).text
        except ExtractorError:
            return None

    return text_of


def _old_output(path: Path) -> Other:
    texts = _folder_texts(path) if path.is_dir() else _file_texts(path)
    return lambda case: texts.get(case.name)


def _folder_texts(folder: Path) -> dict[str, str]:
    try:
        texts = {
            path.stem: markdown_text(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("*.md"))
        }
        return texts | {
            path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))
        }
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{folder}: {error}") from error


def _file_texts(path: Path) -> dict[str, str]:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        return {row["id"]: row["text"] for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"{path}: no output of `cleaner golden compare --save`: {error}") from error
