"""JSONL files, plain or compressed: a row a line, and each bad line a fault of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cleaner.archive.inputs.codecs import Codec
from cleaner.archive.inputs.columns import find_columns, item_of_row
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.splitter import NO_RECORD
from cleaner.archive.inputs.views import FileView, InflatedView, Inflater, View, chunks, search
from cleaner.archive.inputs.warc import find_codec
from cleaner.archive.records import Fault, Item, Skip, Source

BAD_JSON = "json"
NOT_AN_OBJECT = "not-an-object"

_NEWLINE = re.compile(rb"\n")
_BLOCK = 1 << 20  # bytes searched for newlines at once
_MORE = 1 << 20  # bytes that a line may have besides its page
_MARK = b"\xef\xbb\xbf"


class _Chain:
    """The streams of a compressed file, one after another, as one."""

    def __init__(self, codec: Codec, view: View, start: int) -> None:
        self.end: int | None = None
        self.problem = ""
        self._codec = codec
        self._view = view
        self._stream: Inflater = codec.open(view, start)

    def read(self) -> bytes:
        while not self.problem and self.end is None:
            piece = self._stream.read()
            if piece:
                return piece
            if self._stream.end is None:
                self.problem = self._stream.problem
                return b""
            self._next(self._stream.end)
        return b""

    def _next(self, position: int) -> None:
        head = self._view.read(position, 8)
        skipped = self._codec.skippable(self._view, position)
        if self._codec.begins(head):
            self._stream = self._codec.open(self._view, position)
        elif skipped is not None:
            self._next(skipped)
        elif head:
            self.problem = NO_RECORD
        else:
            self.end = position


def read_jsonl(
    view: FileView, path: str, start: int, end: int | None, first_row: int, options: InputOptions
) -> Iterator[Item]:
    """Yield an item for each line that begins in ``start <= offset < end``."""
    codec = find_codec(view, path)
    if codec is None:
        for position, length, row in _lines(view, start, end, first_row):
            source = Source(path, position, length, row=row)
            yield _item_of_line(view, position, length, source, options)
        return
    first = codec.skippable(view, 0) or 0
    inflated = InflatedView(lambda: _Chain(codec, view, first), options.max_bytes + 2 * _MORE)
    whole = Source(path, 0, view.end)
    for position, length, row in _lines(inflated, 0, None, 0):
        source = replace(whole, row=row, inflated_offset=position, inflated_length=length)
        is_last = inflated.problem and not inflated.read(position + length, 1)
        if is_last and inflated.read(position + length - 1, 1) != b"\n":
            yield Fault(source, inflated.problem, "the line is cut off")
            return
        yield _item_of_line(inflated, position, length, source, options)
    if inflated.problem:
        yield Fault(whole, inflated.problem)


def _lines(view: View, start: int, end: int | None, row: int) -> Iterator[tuple[int, int, int]]:
    """Yield position, length with its newline, and number of each line."""
    line = position = start
    while (end is None or line < end) and (block := view.read(position, _BLOCK)):
        newline = block.find(b"\n")
        while newline >= 0 and (end is None or line < end):
            after = position + newline + 1
            view.forget(line)
            yield line, after - line, row
            line, row = after, row + 1
            newline = block.find(b"\n", newline + 1)
        position += len(block)
    if line < position and (end is None or line < end):
        yield line, position - line, row


def _item_of_line(
    view: View, position: int, length: int, source: Source, options: InputOptions
) -> Item:
    if length > options.max_bytes + _MORE:
        return Fault(source, "too-large", f"a line of {length} bytes, more than max_bytes")
    data = view.read(position, length)
    if not position:
        data = data.removeprefix(_MARK)
    if not data.strip():
        return Skip(source, "empty-line")
    try:
        row: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        return Fault(source, BAD_JSON, str(error)[:200])
    if not isinstance(row, dict):
        return Fault(source, NOT_AN_OBJECT, f"a JSON {type(row).__name__}")
    return item_of_row(row, find_columns(row, options), source, options)


def count_lines(view: View, start: int, end: int) -> int:
    """Return the number of newlines in a stretch."""
    return sum(piece.count(b"\n") for piece in chunks(view, start, end))


def next_line(view: View, position: int) -> int | None:
    """Return where the first line begins that is not before a position."""
    newline = search(view, _NEWLINE, max(position - 1, 0), reach=0)
    return None if newline is None else newline + 1
