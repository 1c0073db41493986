"""JSONL and Parquet: a page a row, and each bad row a fault of its own."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from archive_files import faults, numbers, page, read, read_as, records, skips, write

from cleaner.archive.inputs import InputOptions
from cleaner.errors import OptionError

ZSTD = zstandard.ZstdCompressor(write_checksum=True).compress
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".jsonl": bytes,
    ".jsonl.gz": gzip.compress,
    ".jsonl.zst": ZSTD,
}


def row(number: int, **more: object) -> bytes:
    return json.dumps({"html": page(number).decode(), "n": number, **more}).encode() + b"\n"


@pytest.mark.parametrize("suffix", PACK)
def test_each_line_is_an_item(tmp_path: Path, suffix: str) -> None:
    deep = b'{"html":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n"
    lines = [
        b"\xef\xbb\xbf" + row(0, url="https://a.example/", date="2024-03-05T06:07:08Z"),
        b'{"html": "cut\n',
        row(1, lang=["en", "de"]),
        b"\n",
        b"[1, 2]\n",
        b'{"html": null}\n',
        b'{"html": 7}\n',
        b'{"title": "no page here"}\n',
        b'{"html": "\xff\xfe"}\n',
        b"\0\0\0\n",
        deep,
        row(2, captured_at=1_700_000_000),
        row(3).rstrip(b"\n"),
    ]
    data = b"".join(lines)
    path = write(tmp_path, f"rows{suffix}", PACK[suffix](data))
    items = read(path)
    assert numbers(items) == [0, 1, 2, 3]
    assert [(fault.source.row, fault.reason) for fault in faults(items)] == [
        (1, "json"),
        (4, "not-an-object"),
        (6, "not-text"),
        (7, "no-page-column"),
        (8, "json"),
        (9, "json"),
        (10, "json"),
    ]
    assert skips(items) == ["empty-line", "empty"]
    assert [item.source.row for item in items] == list(range(len(lines)))
    first, second, third, _ = records(items)
    assert (first.url, second.languages) == ("https://a.example/", "en,de")
    assert first.captured_at == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
    assert third.captured_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert first.extra == {"n": 0}
    position = 0
    for item, line in zip(items, lines, strict=True):
        place = (item.source.offset, item.source.length)
        if suffix != ".jsonl":
            place = (item.source.inflated_offset, item.source.inflated_length)
        assert place == (position, len(line))
        position += len(line)


@pytest.mark.parametrize("suffix", PACK)
def test_a_jsonl_file_cut_anywhere_keeps_what_stands_before(tmp_path: Path, suffix: str) -> None:
    cut_lines(tmp_path, suffix, 41)


@pytest.mark.faults
@pytest.mark.parametrize("suffix", PACK)
def test_a_jsonl_file_cut_at_every_byte(tmp_path: Path, suffix: str) -> None:
    cut_lines(tmp_path, suffix, 1)


def cut_lines(tmp_path: Path, suffix: str, step: int) -> None:
    lines = [row(number) for number in range(5)]
    data = PACK[suffix](b"".join(lines))
    for cut in range(1, len(data), step):
        items = read_as(write(tmp_path, f"cut{suffix}", data[:cut]), "jsonl")
        found = numbers(items)
        assert found == list(range(len(found)))
        assert faults(items) or suffix == ".jsonl"
        if suffix == ".jsonl":
            # The newline of a line may be missing; a line may not be.
            whole = data[:cut].count(b"}\n") + data[:cut].endswith(b"}")
            assert len(found) == whole


def test_flipped_bits_in_packed_jsonl(tmp_path: Path) -> None:
    lines = [row(number) for number in range(40)]
    for suffix in (".jsonl.gz", ".jsonl.zst"):
        data = PACK[suffix](b"".join(lines))
        rng = random.Random(3)
        for _ in range(25):
            changed = bytearray(data)
            changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            items = read_as(write(tmp_path, f"flip{suffix}", bytes(changed)), "jsonl")
            assert len(records(items)) <= 40
            assert faults(items) or len(records(items)) == 40


def test_many_members_are_one_file(tmp_path: Path) -> None:
    data = b"".join(row(number) for number in range(6))
    for suffix, pack in ((".jsonl.gz", gzip.compress), (".jsonl.zst", ZSTD)):
        parts = [pack(data[at : at + 700]) for at in range(0, len(data), 700)]
        items = read(write(tmp_path, f"many{suffix}", [*parts, b"junk"]))
        assert numbers(items) == list(range(6))
        assert [fault.reason for fault in faults(items)] == ["garbage"]


@pytest.mark.parametrize("suffix", PACK)
def test_a_line_of_200_megabytes(tmp_path: Path, suffix: str) -> None:
    long = b'{"html": "' + b"a" * (200 << 20) + b'"}\n'
    path = write(tmp_path, f"long{suffix}", PACK[suffix](row(0) + long + row(1)))
    del long
    options = InputOptions(shard_bytes=0, max_bytes=2 << 20)
    tracemalloc.start()
    items = read(path, options)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(fault.source.row, fault.reason) for fault in faults(items)] == [(1, "too-large")]
    assert numbers(items) == [0, 1]
    assert peak < 30 << 20


def table(count: int = 40, **more: list) -> pa.Table:
    return pa.table(
        {
            "url": [f"https://site{number}.example/" for number in range(count)],
            "html": [page(number) for number in range(count)],
            "score": [number / 2 for number in range(count)],
            **more,
        }
    )


def test_a_parquet_file_gives_an_item_for_each_row(tmp_path: Path) -> None:
    times = [datetime(2024, 1, 1, hour % 24, tzinfo=UTC) for hour in range(40)]
    path = tmp_path / "pages.parquet"
    pq.write_table(table(crawl_date=times), path, row_group_size=7)
    items = read(path)
    assert numbers(items) == list(range(40))
    assert [item.source.row for item in items] == list(range(40))
    third = records(items)[3]
    assert (third.url, third.extra) == ("https://site3.example/", {"score": 1.5})
    assert third.captured_at == times[3]
    assert third.body == page(3)


def test_columns_of_any_type(tmp_path: Path) -> None:
    texts = [page(0).decode(), None, "", page(3).decode()]
    path = tmp_path / "pages.parquet"
    pq.write_table(pa.table({"Text": texts, "Tags": [["a"], None, [], ["b"]]}), path)
    items = read(path)
    assert numbers(items) == [0, 3]
    assert records(items)[0].extra == {"Tags": ["a"]}
    assert skips(items) == ["empty", "empty"]
    pq.write_table(pa.table({"html": pa.array([gzip.compress(page(5)), b"\x1f\x8b\x08"])}), path)
    items = read(path)
    assert numbers(items) == [5]
    assert [fault.reason for fault in faults(items)] == ["content-encoding"]
    pq.write_table(pa.table({"html": [1, 2]}), path)
    assert [fault.reason for fault in faults(read(path))] == ["not-text", "not-text"]
    pq.write_table(pa.table({"a": ["x"], "b": ["y"]}), path)
    assert "a, b" in faults(read(path))[0].detail
    not_utf8 = pa.array([b"caf\xe9 Marker00007x"]).cast(pa.string(), safe=False)
    pq.write_table(pa.table({"html": not_utf8}), path)
    assert numbers(read(path)) == [7]


def test_columns_by_name(tmp_path: Path) -> None:
    path = tmp_path / "pages.parquet"
    pq.write_table(
        table(3, body_of_it=["Marker00009x"] * 3, where=["https://b.example/"] * 3), path
    )
    options = InputOptions(columns={"page": "body_of_it", "url": "where"})
    items = read(path, options)
    assert numbers(items) == [9, 9, 9]
    assert records(items)[0].url == "https://b.example/"
    assert records(items)[0].extra["url"] == "https://site0.example/"
    with pytest.raises(OptionError, match="unknown column role"):
        InputOptions(columns={"body": "x"})
    wrong = InputOptions(columns={"page": "nowhere"})
    assert {fault.reason for fault in faults(read(path, wrong))} == {"no-page-column"}


def test_a_parquet_file_without_its_footer_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "pages.parquet"
    pq.write_table(table(), path)
    data = path.read_bytes()
    for changed in (data[:-1], data[: len(data) // 2], data[:6], data[:-8] + b"\xff" * 4 + b"PAR1"):
        items = read_as(write(tmp_path, "bad.parquet", changed), "parquet")
        assert [(f.reason, f.source.length) for f in faults(items)] == [("parquet", len(changed))]
        assert len(items) == 1


def test_a_bad_row_group_costs_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "pages.parquet"
    pq.write_table(table(), path, row_group_size=10, write_page_checksum=True)
    column = pq.ParquetFile(path).metadata.row_group(2).column(1)
    data = bytearray(path.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xa5" * column.total_compressed_size
    items = read(write(tmp_path, "bad.parquet", bytes(data)))
    assert numbers(items) == [*range(20), *range(30, 40)]
    assert [(fault.source.row, fault.reason) for fault in faults(items)] == [
        (number, "row-group") for number in range(20, 30)
    ]
