"""Any bytes, read by any reader: no error, no endless work, every byte accounted for."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_files import (
    WHOLE,
    arc_record,
    arc_start,
    assert_covers,
    gz,
    http,
    page,
    read,
    read_as,
    record,
    records,
    wacz,
    write,
    zst,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_archive_folders import tar_of, zip_of
from test_archive_http import CASES, HTML

from cleaner.archive.inputs import InputOptions, read_shard
from cleaner.archive.plan import plan

KINDS = ["warc", "wacz", "zip", "tar", "jsonl", "parquet"]
TOKENS = [
    *(b"WARC/1.0\r\n", b"WARC-Type: response\r\n", b"Content-Length: 12\r\n", b"\r\n\r\n", b"\n\n"),
    *(b"HTTP/1.1 200 OK\r\n", b"Content-Type: text/html\r\n", b"\x1f\x8b\x08\x00", b"PK\x03\x04"),
    *(b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18\x04\0\0\0", b"<html>", b'{"html": "a"}\n', b"\0" * 9),
    *(gz([b"x"])[0], zst([b"x"])[0], record(1), gz([record(2)])[0], zst([record(3)])[0]),
]


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(parts=st.lists(st.sampled_from(TOKENS) | st.binary(max_size=40), max_size=12))
def test_any_bytes_are_read_without_an_error(tmp_path: Path, kind: str, parts: list[bytes]) -> None:
    path = write(tmp_path, f"any.{kind}", parts)
    items = read_as(path, kind)
    if kind == "warc" and path.stat().st_size:
        assert_covers(items, path.stat().st_size)
    assert plan([path], InputOptions(shard_bytes=20)) == plan([path], InputOptions(shard_bytes=20))


def parquet() -> bytes:
    output = io.BytesIO()
    pq.write_table(pa.table({"html": [page(n) for n in range(12)]}), output, row_group_size=4)
    return output.getvalue()


SEEDS: dict[str, Callable[[], bytes]] = {
    "a.warc": lambda: b"".join(record(n) for n in range(8)),
    "a.warc.gz": lambda: b"".join(
        gz(
            record(n, http(body, HTML, *lines))
            for n, (body, lines, _, _) in enumerate(CASES.values())
        )
    ),
    "a.warc.zst": lambda: b"".join(zst(record(n) for n in range(8))),
    "one.warc.gz": lambda: gz([b"".join(record(n) for n in range(8))])[0],
    "a.arc.gz": lambda: b"".join(gz([arc_start(), *(arc_record(n) for n in range(8))])),
    "a.arc": lambda: b"".join([arc_start(), *(arc_record(n) for n in range(8))]),
    "a.wacz": lambda: wacz({"a.warc.gz": b"".join(gz(record(n) for n in range(8)))}),
    "a.zip": lambda: zip_of({f"{n}.html": page(n) for n in range(8)}),
    "a.tar": lambda: tar_of({f"{n}.html": page(n) for n in range(8)}),
    "a.parquet": parquet,
    "a.jsonl": lambda: b'{"html": "<p>text</p>"}\n' * 20,
}


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return data with a few of the damages that files suffer."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed) + 1)
        size = rng.choice((1, 4, 50, 700))
        damage = rng.randrange(6)
        if damage == 0:
            changed[at : at + 1] = bytes([rng.randrange(256)])
        elif damage == 1:
            del changed[at : at + size]
        elif damage == 2:
            changed[at:at] = rng.randbytes(size)
        elif damage == 3:
            changed[at : at + size] = bytes(size)
        elif damage == 4:
            other = rng.randrange(len(changed) + 1)
            changed[at:at] = changed[other : other + size]
        else:
            changed[at:at] = rng.choice(TOKENS)
    return bytes(changed)


def fuzz(path: Path, data: bytes, seeds: range) -> None:
    for seed in seeds:
        changed = mutate(data, random.Random(seed))
        path.write_bytes(changed)
        kind = plan([path], WHOLE)[0].kind
        items = read(path)
        if kind == "warc":
            assert_covers(items, len(changed))
        shards = plan([path], InputOptions(shard_bytes=1500))
        parts = [item for shard in shards for item in read_shard(shard, WHOLE)]
        assert parts == items, seed
        assert len(records(items)) <= 60


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files_are_read_without_an_error(tmp_path: Path, name: str) -> None:
    fuzz(tmp_path / name, SEEDS[name](), range(25))


@pytest.mark.faults
@pytest.mark.parametrize("name", SEEDS)
def test_many_damaged_files(tmp_path: Path, name: str) -> None:
    fuzz(tmp_path / name, SEEDS[name](), range(1000, 3000))
