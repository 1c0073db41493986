"""A view as a row of records, each byte of it in exactly one.

A record's length is believed where what follows agrees: the separator, and then a record or the
end. Where it does not, the record ends at the next place that a record begins; whether the bytes
up to there are the record is for its digest to prove.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from cleaner.archive.inputs.codecs import CUT
from cleaner.archive.inputs.digests import digest_fits
from cleaner.archive.inputs.heads import Format, RecordHead
from cleaner.archive.inputs.views import View, chunks, end_of, search

LENIENT = "lenient-length"
WRONG_LENGTH = "content-length"
NO_RECORD = "garbage"
ZEROS = "zeros"
PADDING = "padding"
BAD_HEAD = "header"

UNCONFIRMED = "unconfirmed-length"

_SLACK = 8  # bytes by which a length may be wrong and the record still be whole
_AHEAD = 32  # bytes looked at behind a block
_NEWLINES = re.compile(rb"[\r\n]*")
_NOT_ZERO = re.compile(rb"[^\0]")
_NOT_NEWLINE = re.compile(rb"[^\r\n]")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_HTTP_HEAD = 1 << 16  # bytes in which the head of a response ends
_MAX_NEWLINES = 1 << 16  # bytes of separators after one record


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a view: a record with its separator, or a gap between records."""

    start: int
    end: int
    head: RecordHead | None = None
    """``None`` for a gap."""
    block_start: int = 0
    block_end: int = 0
    doubt: str = ""
    """Why the bytes may not be the record, or what the gap is, in a word."""
    warnings: tuple[str, ...] = ()


def split_records(view: View, start: int, form: Format) -> Iterator[Stretch]:
    """Yield the records and gaps of a view from ``start`` to its end."""
    position = start
    while head := view.read(position, 256):
        view.forget(position)
        stretch = (
            _record(view, position, form) if form.begins(_line(view, head, position)) else None
        )
        if stretch is None:
            stretch = _gap(view, position, form)
        yield stretch
        position = stretch.end


def _line(view: View, head: bytes, position: int) -> bytes:
    """Return the first line at a position; those of ARC hold addresses of any length."""
    return head if b"\n" in head else view.read(position, 1 << 14)


def _gap(view: View, position: int, form: Format) -> Stretch:
    """Return the stretch that is no record, up to the next one."""
    begin = search(view, form.boundary, position + 1, reach=form.reach)
    end = end_of(view, position) if begin is None else begin
    reason = view.problem if begin is None and view.problem else NO_RECORD
    if form.begins(view.read(position, 256)):
        reason = reason if reason != NO_RECORD else BAD_HEAD
    elif search(view, _NOT_ZERO, position, end) is None:
        reason = ZEROS
    elif search(view, _NOT_NEWLINE, position, end) is None:
        reason = PADDING
    return Stretch(position, end, doubt=reason)


def _record(view: View, position: int, form: Format) -> Stretch | None:
    """Return the record at a position, ``None`` where its head is broken."""
    head = form.parse(view, position)
    if head is None:
        return None
    begin = position + head.size
    if head.length is not None:
        fit = _fit(view, begin, begin + head.length, form)
        if fit is not None:
            return _fitting(view, Stretch(position, fit.end, head, begin, fit.block_end), fit, form)
    return _unfitting(view, position, head, form)


class _Fit(NamedTuple):
    """Where a block and its record end, by the declared length."""

    block_end: int
    end: int
    is_sure: bool = True
    """Whether a record or the end follows."""
    is_lenient: bool = False
    """Whether the declared length is a few bytes wrong."""
    is_separated: bool = False
    """Whether a full separator follows."""


def _fit(view: View, begin: int, declared: int, form: Format) -> _Fit | None:
    """Return where block and record end, if what is there agrees with the declared length."""
    before = max(declared - _SLACK, begin)
    data = view.read(before, declared - before + _AHEAD)
    here = declared - before
    if len(data) < here:  # a few bytes longer than the view
        if len(form.separator) < 2 or not data.endswith(form.separator):
            return None
        end = before + len(data)
        return _Fit(end - len(form.separator), end, is_lenient=True)
    for separator in (form.separator, b"\n\n"):
        if data.startswith(separator, here):
            end = _skip_newlines(view, declared)
            is_full = len(separator) == 4
            return _Fit(declared, end, _ends_or_starts(view, end, form), is_separated=is_full)
    return _fit_newlines(view, data, here, declared, form) or _fit_short(
        view, data, here, declared, form
    )


def _fit_newlines(view: View, data: bytes, here: int, declared: int, form: Format) -> _Fit | None:
    """Fit a block with fewer newlines after it than there should be."""
    newlines = _NEWLINES.match(data, here)
    after = newlines.end() if newlines else here
    end = declared + after - here
    if not _ends_or_starts(view, end, form):
        return None
    cut = after - len(form.separator)
    if 0 <= cut < here and data[cut:after] == form.separator:  # counted as part of the block
        return _Fit(declared - (here - cut), end, is_lenient=True)
    return _Fit(declared, end)


def _fit_short(view: View, data: bytes, here: int, declared: int, form: Format) -> _Fit | None:
    """Fit a block that is a few bytes longer than declared, and one with a damaged separator."""
    size = len(form.separator)
    for shift in range(1, _SLACK + 1):
        end = declared + shift + size
        if data.startswith(form.separator, here + shift) and _ends_or_starts(view, end, form):
            return _Fit(declared + shift, end, is_lenient=True)
    end = declared + size
    return _Fit(declared, end) if _starts(view, end, form) else None


def _ends_or_starts(view: View, position: int, form: Format) -> bool:
    return not view.read(position, 1) or _starts(view, position, form)


def _starts(view: View, position: int, form: Format) -> bool:
    return form.begins(_line(view, view.read(position, 256), position))


def _skip_newlines(view: View, position: int) -> int:
    newlines = _NEWLINES.match(view.read(position, _AHEAD))
    length = newlines.end() if newlines else 0
    if length == _AHEAD:
        newlines = _NEWLINES.match(view.read(position, _MAX_NEWLINES))
        length = newlines.end() if newlines else 0
    return position + length


def _fitting(view: View, stretch: Stretch, fit: _Fit, form: Format) -> Stretch:
    """Return a record whose length fits, with what is doubtful about it."""
    head = stretch.head
    if head is None:
        return stretch
    warnings: tuple[str, ...] = (LENIENT,) if fit.is_lenient else ()
    at_end = not view.read(stretch.end, 1)
    doubt = view.problem if at_end else ""
    if doubt:
        proven = check_digests(view, stretch) is True
        return replace(stretch, doubt="" if proven else doubt, warnings=(*warnings, doubt))
    if not fit.is_sure:
        verdict = check_digests(view, stretch)
        if verdict is False or (verdict is None and not fit.is_separated):
            return _unfitting(view, stretch.start, head, form)
        warnings += () if verdict else (UNCONFIRMED,)
    elif not (at_end and stretch.start == 0):
        # A length that covers whole records that follow fits as well.
        inner = search(view, form.boundary, stretch.block_start, stretch.block_end, form.reach)
        if inner is not None and check_digests(view, stretch) is not True:
            return _unfitting(view, stretch.start, head, form)
    return replace(stretch, warnings=warnings)


def _unfitting(view: View, position: int, head: RecordHead, form: Format) -> Stretch:
    """Return a record whose length is wrong or missing: it ends where the next one begins."""
    begin = position + head.size
    found = search(view, form.boundary, begin, reach=form.reach)
    end = end_of(view, begin) if found is None else found
    tail = view.read(max(end - 4, begin), 4)
    endings = (form.separator, b"\n\n", b"\n")
    size = next((len(ending) for ending in endings if tail.endswith(ending)), 0)
    doubt = WRONG_LENGTH
    if found is None and view.problem:
        doubt = view.problem
    elif found is None and head.length is not None and head.length > end - begin:
        doubt = CUT
    stretch = Stretch(position, end, head, begin, end - size, doubt, (LENIENT,))
    return replace(stretch, doubt="") if check_digests(view, stretch) else stretch


def check_digests(view: View, stretch: Stretch) -> bool | None:
    """Tell whether a record's digest is that of its block, or that of its payload.

    Returns ``None`` where it has no digest that can be checked.
    """
    if stretch.head is None:
        return None
    begin, end = stretch.block_start, stretch.block_end
    label = stretch.head.get("warc-block-digest")
    fits = digest_fits(label, chunks(view, begin, end)) if label else None
    label = stretch.head.get("warc-payload-digest")
    if fits is not None or not label or stretch.head.kind == "revisit":
        return fits
    blank = _BLANK_LINE.search(view.read(begin, min(_HTTP_HEAD, end - begin)))
    is_http = blank is not None and view.read(begin, 5) == b"HTTP/"
    if blank is not None and is_http:
        begin += blank.end()
    return digest_fits(label, chunks(view, begin, end))
