"""Plans: the reader of each input, cuts that change nothing, errors that say what to do."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import zipfile
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
    faults,
    gz,
    http,
    marker,
    numbers,
    page,
    read,
    record,
    records,
    skips,
    wacz,
    write,
    zst,
)
from test_archive_folders import PAGES, TAR_PACKERS, tar_of, zip_of

from cleaner.archive.inputs import InputOptions, read_shard
from cleaner.archive.plan import plan
from cleaner.archive.records import Shard
from cleaner.errors import InputError, OptionError

MANY = 300


def noise(number: int) -> bytes:
    """Return a page that does not compress, so that gzip stores it as it is."""
    return b"<html>" + marker(number) + random.Random(number).randbytes(3000)


def damaged(parts: list[bytes]) -> bytes:
    data = bytearray(b"".join(parts))
    rng = random.Random(5)
    for _ in range(12):
        data[rng.randrange(len(data))] ^= 0x40
    at = len(data) // 3
    data[at : at + 5000] = bytes(5000)
    return bytes(data)


def crawl() -> list[bytes]:
    hint = "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-{:012d}>"
    parts = []
    for number in range(MANY):
        html = http(page(number), "Content-Type: text/html")
        parts.append(record(number, html))
        parts.append(
            record(
                MANY + number,
                b"charset-detected: utf-8\r\n",
                kind="metadata",
                extra=[hint.format(number)],
            )
        )
    return parts


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("is_damaged", [False, True], ids=["whole", "damaged"])
@pytest.mark.parametrize("step", [1, 2000, 30_000, 200_000])
def test_parts_give_the_same_items_as_the_whole(
    tmp_path: Path, name: str, is_damaged: bool, step: int
) -> None:
    parts = PACKERS[name](crawl())
    path = write(tmp_path, f"crawl{name}", damaged(parts) if is_damaged else parts)
    whole = read(path)
    shards = plan([path], InputOptions(shard_bytes=step))
    assert len(shards) > 1 or step > path.stat().st_size // 2
    assert [shard.index for shard in shards] == list(range(len(shards)))
    items = [item for shard in shards for item in read_shard(shard, WHOLE)]
    assert items == whole
    backwards = [list(read_shard(shard, WHOLE)) for shard in reversed(shards)]
    assert [item for part in reversed(backwards) for item in part] == whole
    if not is_damaged:
        assert numbers(items) == list(range(MANY))
        assert {item.charset for item in records(items)} == {"utf-8"}


def test_an_archive_stored_inside_a_member_is_never_cut(tmp_path: Path) -> None:
    """What does not compress is stored as it is: a member in it looks like one of the file."""
    inner = b"".join(gz(record(number, http(noise(number))) for number in range(1000, 1100)))
    block = http(inner, "Content-Type: application/warc")
    parts = gz([record(0), record(1, block), record(2), *(record(n) for n in range(3, 200))])
    parts[1] = gzip.compress(record(1, block), 0, mtime=0)
    assert inner[9000:9200] in parts[1]
    path = write(tmp_path, "nested.warc.gz", parts)
    whole = read(path)
    assert numbers(whole) == [0, *range(2, 200)]
    for step in range(5000, 400_000, 9871):
        shards = plan([path], InputOptions(shard_bytes=step))
        assert [item for shard in shards for item in read_shard(shard, WHOLE)] == whole


def test_a_file_in_one_stream_is_one_shard(tmp_path: Path) -> None:
    data = b"".join(record(number) for number in range(500))
    for name, packed in (("a.warc.gz", gz([data])), ("a.warc.zst", zst([data]))):
        assert len(plan([write(tmp_path, name, packed)], InputOptions(shard_bytes=4000))) == 1


@pytest.mark.parametrize("kind", ["zip", "wacz", "tar", "jsonl", "parquet", "arc", "folder"])
def test_parts_of_all_other_kinds(tmp_path: Path, kind: str) -> None:
    lines = [json.dumps({"html": page(n).decode()}).encode() + b"\n" for n in range(60)]
    lines[7] = b"broken\n"
    many = {f"{number:03d}.html": page(number) for number in range(60)}
    path = tmp_path / f"input.{kind}"
    if kind == "zip":
        path.write_bytes(zip_of(many, zipfile.ZIP_STORED))
    elif kind == "wacz":
        one, two = ([record(n) for n in range(at, at + 200)] for at in (0, 200))
        path.write_bytes(wacz({"a.warc.gz": b"".join(gz(one)), "b.warc": b"".join(two)}))
    elif kind == "tar":
        path.write_bytes(tar_of(many))
    elif kind == "jsonl":
        path.write_bytes(b"".join(lines))
    elif kind == "parquet":
        pq.write_table(pa.table({"html": list(many.values())}), path, row_group_size=7)
    elif kind == "arc":
        path.write_bytes(arc_start() + b"".join(arc_record(number) for number in range(60)))
    else:
        path.mkdir()
        for name, body in many.items():
            (path / name).write_bytes(body)
    whole = read(path)
    assert len(records(whole)) >= 59
    for step in (1, 2500, 9000):
        shards = plan([path], InputOptions(shard_bytes=step))
        assert len(shards) > 2
        assert [item for shard in shards for item in read_shard(shard, WHOLE)] == whole


def test_a_plan_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "z.html", page(1))
        write(tmp_path / name, "y.warc.gz", gz(record(n) for n in range(9)))
    options = InputOptions(shard_bytes=700)
    assert plan([tmp_path], options) == plan([tmp_path], options)
    files = [shard.files[0][len(str(tmp_path)) :] for shard in plan([tmp_path], options)]
    assert files == sorted(files)


def test_files_of_a_folder_are_grouped(tmp_path: Path) -> None:
    for number in range(10):
        write(tmp_path, f"{number}.html", b"x" * 100)
    assert [len(s.files) for s in plan([tmp_path], InputOptions(shard_files=4))] == [4, 4, 2]
    assert [len(s.files) for s in plan([tmp_path], InputOptions(shard_bytes=350))] == [3, 3, 3, 1]
    assert [len(s.files) for s in plan([tmp_path], InputOptions(shard_bytes=0))] == [10]


def test_readers_are_found_by_content(tmp_path: Path) -> None:
    warc = b"".join(record(n) for n in range(2))
    contents: dict[str, bytes] = {
        "warc": warc,
        "warc-gz": b"".join(gz([warc])),
        "warc-zst": b"".join(zst([warc])),
        "arc-gz": b"".join(gz([arc_start(), arc_record(0), arc_record(1)])),
        "zip": zip_of(dict(list(PAGES.items())[:2])),
        "wacz": wacz({"a.warc.gz": b"".join(gz([warc]))}),
        "page": page(0),
    }
    for suffix, pack in TAR_PACKERS.items():
        contents["tar" + suffix] = pack(tar_of(dict(list(PAGES.items())[:2])))
    for name, data in contents.items():
        path = write(tmp_path, name, data)
        assert numbers(read(path)) == ([0] if name == "page" else [0, 1]), name
    path = write(tmp_path, "rows.json", b'{"html": "Marker00000x"}\n{"html": "Marker00001x"}\n')
    assert numbers(read(path)) == [0, 1]


def test_readers_are_found_by_name_where_the_start_is_damaged(tmp_path: Path) -> None:
    for name, pack in PACKERS.items():
        parts = pack(record(number) for number in range(4))
        items = read(write(tmp_path, f"damaged{name}", [b"\0" * 600, *parts]))
        assert numbers(items) == list(range(4))
        assert [fault.reason for fault in faults(items)] == ["zeros"]


@pytest.mark.parametrize("name", ["a.arc", "a.arc.gz"])
@pytest.mark.parametrize("version", [1, 2])
def test_arc_files(tmp_path: Path, name: str, version: int) -> None:
    parts = [arc_start(version), *(arc_record(n, version=version) for n in range(5))]
    packed = gz(parts) if name.endswith("gz") else parts
    items = read(write(tmp_path, name, packed))
    assert numbers(items) == list(range(5))
    assert skips(items) == ["warcinfo"]
    first = records(items)[0]
    assert first.url == "http://site0.example/page"
    assert first.captured_at is not None
    assert first.captured_at.isoformat() == "2008-02-03T04:05:06+00:00"
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    # A damaged head costs its record, in a plain file also the one whose end it showed.
    changed = b"".join(packed).replace(packed[3][:20], b"\xff" * 20)
    found = numbers(read(write(tmp_path, name, changed)))
    assert set(found) >= {0, 3, 4}
    assert 2 not in found


def test_an_arc_length_that_is_wrong(tmp_path: Path) -> None:
    for delta in (-200, -1, 1, 200, 10**6):
        wrong = arc_record(2)
        size = len(http(page(2)))
        wrong = wrong.replace(f" {size}\n".encode(), f" {size + delta}\n".encode(), 1)
        data = [arc_start(), arc_record(1), wrong, arc_record(3)]
        for name, packed in (("a.arc", data), ("a.arc.gz", gz(data))):
            found = numbers(read(write(tmp_path, name, packed)))
            assert {1, 3} <= set(found), (delta, name)


def test_a_zst_file_with_a_dictionary(tmp_path: Path) -> None:
    samples = [record(number) for number in range(400)]
    trained = zstandard.train_dictionary(8192, samples)
    compressor = zstandard.ZstdCompressor(dict_data=trained)
    plain = trained.as_bytes()
    for dictionary in (plain, zstandard.ZstdCompressor().compress(plain)):
        head = b"\x5d\x2a\x4d\x18" + len(dictionary).to_bytes(4, "little") + dictionary
        frames = [compressor.compress(part) for part in samples[:50]]
        path = write(tmp_path, "d.warc.zst", [head, *frames])
        whole = read(path)
        assert numbers(whole) == list(range(50))
        assert skips(whole) == ["skippable-frame"]
        shards = plan([path], InputOptions(shard_bytes=3000))
        assert len(shards) > 1
        assert [item for shard in shards for item in read_shard(shard, WHOLE)] == whole


def test_lists_of_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(tmp_path, "a.html", page(1))
    second = tmp_path / "b"
    second.mkdir()
    write(second, "c.html", page(2))
    lines = f"{second}\r\n\n{first}\n".encode()
    listing = write(tmp_path, "inputs.txt", lines)
    for shards in (
        plan(["-"], WHOLE, listing=io.BytesIO(lines)),
        plan([f"@{listing}"], WHOLE),
    ):
        found = numbers(item for shard in shards for item in read_shard(shard, WHOLE))
        assert found == [2, 1]


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for given, words in (
        (tmp_path / "nowhere.warc.gz", "there is no file or folder .*: check the path"),
        (f"{tmp_path}/*.warc.gz", "check the pattern"),
        ("https://example.org/a.warc.gz", "download it"),
        (f"@{tmp_path}/nowhere.txt", "the list"),
        (tmp_path / "pipe", "save it to a file"),
    ):
        with pytest.raises(InputError, match=words):
            plan([given], InputOptions())
    with pytest.raises(OptionError, match="unknown kind"):
        list(read_shard(Shard(0, "rar", (str(write(tmp_path, "a", b"x")),)), WHOLE))
    for more in ({"shard_bytes": -1}, {"max_bytes": 0}, {"shard_files": 0}, {"include": "*.html"}):
        with pytest.raises(OptionError):
            InputOptions(**more)


def test_empty_files_are_skipped(tmp_path: Path) -> None:
    for name in ("a.warc.gz", "b.parquet", "c.zip", "d.jsonl", "e.tar", "f.html", "g.wacz"):
        items = read(write(tmp_path, name, b""))
        assert skips(items) == ["empty"]
        assert len(items) == 1
    assert len(read(tmp_path)) == 7


def test_packed_pages_are_pages(tmp_path: Path) -> None:
    assert numbers(read(write(tmp_path, "a.html.gz", gzip.compress(page(1))))) == [1]
