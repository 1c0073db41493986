"""Correcting a case's labels, and the text that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cleaner.document import Document
from cleaner.golden.cases import LABELS_FILE, TEXT_FILE, Case, CaseError, block_rows, read_rows
from cleaner.golden.check import format_rows
from cleaner.golden.difference import matching
from cleaner.golden.files import SUFFIX, pending_files, write_file
from cleaner.golden.parts import LABELS
from cleaner.types import LabelName

KEEP = "keep"
DROP = "drop"

Rows = list[tuple[str, str]]


def set_label(
    case: Case, block_index: int, label: str, document: Document | None = None
) -> list[Path]:
    """Give a block its right label, and render ``expected.md`` anew from the blocks it keeps.

    ``label`` is a ``LabelName``, or ``keep`` or ``drop``: content, or what the labeler would call
    it if it is not. Where text or labels have ``.new`` files, those are corrected, to be accepted
    or rejected with the rest; else ``labels.tsv`` and ``expected.md`` themselves are. ``document``
    is the case's page as it was cleaned, to spare cleaning it again. Returns the files written.

    Raises ``CaseError`` for a label or a block that does not exist, and for a case whose ``parts``
    leave labels out.
    """
    if case.parts and LABELS not in case.parts:
        raise CaseError(f"{case.folder}: parts in case.json leaves labels out")
    document = document or case.clean()
    blocks = document.page.blocks
    if not 0 <= block_index < len(blocks):
        raise CaseError(f"{case.folder}: there is no block {block_index}; it has {len(blocks)}")
    pending = {path.name for path in pending_files(case)}
    suffix = SUFFIX if pending & {TEXT_FILE + SUFFIX, LABELS_FILE + SUFFIX} else ""
    rows = expected_rows(case, document, new=bool(suffix))
    rows[block_index] = (_label(label, rows, document, block_index), rows[block_index][1])
    written = [write_file(case, LABELS_FILE + suffix, format_rows(rows))]
    if case.minimum_f1 is None and (case.has(TEXT_FILE) or suffix):
        text = render_rows(document, rows)
        written.append(write_file(case, TEXT_FILE + suffix, text))
    return written


def expected_rows(case: Case, document: Document, *, new: bool = False) -> Rows:
    """Return the expected label of each block of the document, and its text's beginning.

    They come from ``labels.tsv`` (from ``labels.tsv.new`` if ``new`` and there is one), matched
    by the blocks' texts; a block that it does not have gets the labeler's.
    """
    now = block_rows(document)
    path = case.folder / LABELS_FILE
    fresh = case.folder / (LABELS_FILE + SUFFIX)
    if new and fresh.is_file():
        path = fresh
    if not path.is_file():
        return now
    rows = read_rows(path)
    for i, j in matching([text for _, text in rows], [text for _, text in now]):
        now[j] = rows[i]
    return now


def render_rows(document: Document, rows: Sequence[tuple[str, str]]) -> str:
    """Return the Markdown of the blocks whose row says content."""
    from cleaner.render import render_markdown

    pairs = zip(document.page.blocks, rows, strict=True)
    kept = [block for block, (label, _) in pairs if label == LabelName.CONTENT]
    return render_markdown(kept, base_url=document.page.base_url)


def _label(label: str, rows: Rows, document: Document, index: int) -> str:
    if label == KEEP:
        return LabelName.CONTENT.value
    if label == DROP:
        now = document.labels[index].name
        old = rows[index][0]
        if old != LabelName.CONTENT:
            return old
        return (LabelName.OTHER if now is LabelName.CONTENT else now).value
    if label not in list(LabelName):
        names = ", ".join([KEEP, DROP, *LabelName])
        raise CaseError(f"{label}: no label; it must be one of {names}")
    return label
