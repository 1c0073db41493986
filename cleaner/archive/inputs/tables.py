"""Parquet files: a page a row, read by row group in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, BinaryIO

from cleaner.archive.inputs.columns import find_columns, item_of_row
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.views import is_damage
from cleaner.archive.records import Fault, Item, Source
from cleaner.errors import InputError

BAD_FOOTER = "parquet"
BAD_ROWS = "row-group"

_BATCH_BYTES = 8 << 20  # bytes of a batch, by the mean size of a row
_BUFFER = 1 << 20  # bytes read from a column at once


def arrow() -> Any:
    """Return the library that reads Parquet. Raises ``InputError`` where it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(
            "the input is a Parquet file; to read it, install the extra: "
            "pip install 'cleaner[archive]' (or pyarrow alone)"
        ) from error
    return pyarrow


def open_table(file: BinaryIO) -> Any:
    """Return an opened Parquet file. Raises an error of pyarrow where its footer is broken."""
    return arrow().parquet.ParquetFile(
        file, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True
    )


def row_groups(file: BinaryIO) -> list[tuple[int, int]]:
    """Return the first row and the bytes of each row group; none where the footer is broken."""
    try:
        metadata = open_table(file).metadata
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    except (arrow().ArrowException, OSError, ValueError, MemoryError, RuntimeError):
        return []  # the reader says what is wrong
    firsts = accumulate((group.num_rows for group in groups), initial=0)
    return [(first, group.total_byte_size) for first, group in zip(firsts, groups, strict=False)]


def read_parquet(
    file: BinaryIO, path: str, start: int, end: int | None, options: InputOptions
) -> Iterator[Item]:
    """Yield an item for each row of the row groups that begin in ``start <= row < end``.

    The rows of a group that cannot be read are a fault each.
    """
    library = arrow()
    # Damage shows as any of these, by where in the file it is.
    broken = (library.ArrowException, OSError, ValueError, MemoryError, RuntimeError)
    try:
        table = open_table(file)
        groups = [table.metadata.row_group(i) for i in range(table.num_row_groups)]
    except broken as error:
        if not is_damage(error):
            raise
        if not start:
            yield Fault(Source(path, 0, file.seek(0, 2)), BAD_FOOTER, str(error)[:200])
        return
    columns = find_columns(table.schema_arrow.names, options)
    first = 0
    for number, group in enumerate(groups):
        if start <= first and (end is None or first < end):
            done = first
            try:
                for row in _rows(table, number, group):
                    yield item_of_row(row, columns, Source(path, row=done), options)
                    done += 1
                problem = "fewer rows than the footer says"
            except broken as error:
                if not is_damage(error):
                    raise
                problem = str(error)[:200]
            for missing in range(done, first + group.num_rows):
                yield Fault(Source(path, row=missing), BAD_ROWS, problem)
        first += group.num_rows


def _rows(table: Any, group: int, metadata: Any) -> Iterator[dict[str, Any]]:
    size = max(metadata.total_byte_size // max(metadata.num_rows, 1), 1)
    batches = table.iter_batches(
        batch_size=max(1, min(_BATCH_BYTES // size, 1000)), row_groups=[group]
    )
    for batch in batches:
        cells = [_cells(column) for column in batch.columns]
        for values in zip(*cells, strict=True):
            yield dict(zip(batch.schema.names, values, strict=True))


def _cells(column: Any) -> list[Any]:
    """Return the values of a column; text that is no UTF-8 as bytes."""
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        values = column.cast(arrow().large_binary()).to_pylist()
    return values
