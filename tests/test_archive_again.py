"""Provenance: a source leads back to its record; other readers agree on what is whole."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from archive_files import (
    PACKERS,
    WHOLE,
    arc_record,
    arc_start,
    gz,
    http,
    page,
    plain,
    read,
    record,
    records,
    wacz,
    write,
    zst,
)
from test_archive_folders import TAR_PACKERS, tar_of, zip_of

from cleaner.archive.inputs import InputOptions, read_again, read_raw
from cleaner.archive.records import Record, Source
from cleaner.errors import InputError

PAGES = {f"{number}.html": page(number) for number in range(20)}
HINT = record(
    90,
    b"charset-detected: utf-8\r\nlanguages-cld2: {}\r\n",
    kind="metadata",
    extra=["WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000003>"],
)


def warc_parts() -> list[bytes]:
    parts = [record(number, digests=number % 3 > 0) for number in range(20)]
    parts[3] = record(3, http(page(3), "Content-Type: text/html")) + b""
    parts.insert(4, HINT)
    return parts


def jsonl() -> bytes:
    lines = [json.dumps({"html": page(n).decode(), "n": n}) for n in range(20)]
    return "\n".join([*lines[:5], "broken", "", *lines[5:]]).encode()


def files(folder: Path) -> list[Path]:
    """Return an input of each kind, with 20 pages each."""
    parts = warc_parts()
    table = io.BytesIO()
    pq.write_table(pa.table({"html": list(PAGES.values())}), table, row_group_size=6)
    lines = jsonl()
    contents = {
        **{f"a{suffix}": b"".join(pack(parts)) for suffix, pack in PACKERS.items()},
        "one.warc.gz": gz([b"".join(parts)])[0],
        "one.warc.zst": zst([b"".join(parts)])[0],
        "a.arc.gz": b"".join(gz([arc_start(), *(arc_record(n) for n in range(20))])),
        "stored.wacz": wacz({"a.warc.gz": b"".join(gz(parts)), "b.warc": b""}),
        "plain.wacz": wacz({"a.warc": b"".join(plain(parts))}),
        "packed.wacz": wacz({"a.warc.gz": b"".join(gz(parts))}, zipfile.ZIP_DEFLATED),
        "a.zip": zip_of(PAGES),
        "a.jsonl": lines,
        "a.jsonl.gz": gzip.compress(lines),
        "a.jsonl.zst": zstandard.ZstdCompressor().compress(lines),
        "a.parquet": table.getvalue(),
        "page.html": page(0),
        **{f"a{suffix}": pack(tar_of(PAGES)) for suffix, pack in TAR_PACKERS.items()},
    }
    return [write(folder, name, data) for name, data in contents.items()]


def test_every_record_of_every_kind_is_read_again(tmp_path: Path) -> None:
    for path in files(tmp_path):
        found = records(read(path))
        assert len(found) == (1 if path.name == "page.html" else 20), path.name
        for item in random.Random(1).sample(found, len(found)):
            assert read_again(item.source) == item, path.name
        assert len({item.source for item in found}) == len(found)


def test_offset_and_length_alone_give_the_record(tmp_path: Path) -> None:
    unpack = {
        ".warc": bytes,
        ".warc.gz": gzip.decompress,
        ".warc.zst": lambda data: zstandard.ZstdDecompressor().decompress(data),
    }
    parts = warc_parts()
    for suffix, pack in PACKERS.items():
        path = write(tmp_path, f"a{suffix}", pack(parts))
        raw = [unpack[suffix](read_raw(item.source, 1 << 20)) for item in read(path)]
        assert raw == parts


def test_a_thousand_records_at_random(tmp_path: Path) -> None:
    parts = [record(number) for number in range(1000)]
    path = write(tmp_path, "many.warc.gz", gz(parts))
    found = records(read(path))
    random.Random(2).shuffle(found)
    for item in found:
        again = read_again(item.source)
        assert again.body == item.body
        assert again.source.payload_digest == item.source.payload_digest


def test_a_record_that_is_gone_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "a.warc.gz", gz(record(number) for number in range(3)))
    source = records(read(path))[1].source
    with pytest.raises(InputError, match="was it changed"):
        read_again(replace(source, offset=(source.offset or 0) + 1))
    path.write_bytes(b"".join(gz(record(number) for number in (0, 7, 2))))
    with pytest.raises(InputError, match="was it changed"):
        read_again(source)
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_again(source)
    with pytest.raises(InputError, match="cannot be read"):
        read_raw(Source(str(path)), 10)


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_file_and_an_offset_are_enough(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, f"a{suffix}", PACKERS[suffix](warc_parts()))
    found = records(read(path))
    assert [read_again(Source(str(path), offset=r.source.offset)) for r in found] == found
    with pytest.raises(InputError, match="holds no page at offset 1, but: "):
        read_again(Source(str(path), offset=1))


def test_a_record_that_is_no_page_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.warc", record(1, b"GET /", kind="request"))
    with pytest.raises(InputError, match="holds no page at offset 0, but: request"):
        read_again(Source(str(path), offset=0))


def test_options_hold_when_a_record_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "a.warc", record(1, http(page(1), status="404 Not Found")))
    options = InputOptions(shard_bytes=0, error_pages=True)
    item = records(read(path, options))[0]
    assert read_again(item.source, options) == item
    with pytest.raises(InputError):
        read_again(item.source)


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz", ".warc.zst"])
def test_fastwarc_reads_the_same_from_whole_files(tmp_path: Path, suffix: str) -> None:
    warc = pytest.importorskip("fastwarc.warc")
    path = write(tmp_path, f"a{suffix}", PACKERS[suffix](warc_parts()))
    theirs = [
        (rec.headers["WARC-Target-URI"], rec.record_id, rec.reader.read())
        for rec in warc.ArchiveIterator(str(path))
        if rec.headers["WARC-Type"] == "response"
    ]
    assert ours(path) == theirs


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.arc", "a.arc.gz"])
def test_warcio_reads_the_same_from_whole_files(tmp_path: Path, name: str) -> None:
    iterator = pytest.importorskip("warcio.archiveiterator")
    is_arc = ".arc" in name
    parts = [arc_start(), *(arc_record(n) for n in range(9))] if is_arc else warc_parts()
    path = write(tmp_path, name, gz(parts) if name.endswith(".gz") else parts)
    theirs = []
    with path.open("rb") as file:
        for rec in iterator.ArchiveIterator(file, arc2warc=True):
            if rec.rec_type == "response":
                get = rec.rec_headers.get_header
                name = None if is_arc else get("WARC-Record-ID")
                theirs.append((get("WARC-Target-URI"), name, rec.raw_stream.read()))
    assert ours(path) == theirs


def ours(path: Path) -> list[tuple[str | None, str | None, bytes | str]]:
    return [
        (item.url, item.source.record_id, item.body)
        for item in read(path, WHOLE)
        if isinstance(item, Record)
    ]
