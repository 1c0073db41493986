"""Damaged archives: one fault costs one record, and every byte is accounted for."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from archive_files import (
    PACKERS,
    assert_covers,
    faults,
    gz,
    http,
    marker,
    numbers,
    page,
    read,
    read_as,
    record,
    records,
    skips,
    write,
    zst,
)

from cleaner.archive.records import Item, Record

PACKED = pytest.mark.parametrize("name", PACKERS)
DIGESTS = pytest.mark.parametrize("digests", [True, False], ids=["digests", "no-digests"])


def offsets(parts: Iterable[bytes]) -> list[int]:
    ends = [0]
    for part in parts:
        ends.append(ends[-1] + len(part))
    return ends


def same(item: Record, other: Record) -> bool:
    return item.body == other.body and item.url == other.url


def truncations(path: Path, parts: list[bytes], step: int) -> None:
    whole = b"".join(parts)
    ends = offsets(parts)
    for cut in range(0, len(whole), step):
        path.write_bytes(whole[:cut])
        items = read_as(path, "warc")
        complete = sum(end <= cut for end in ends[1:])
        found = numbers(items)
        if cut:
            assert_covers(items, cut)
        # A cut record may still be whole, where its digest says so; it is flagged then.
        assert found[:complete] == list(range(complete))
        assert len(found) <= complete + 1
        if len(found) > complete:
            assert ends[complete] < cut
            assert records(items)[-1].body == page(complete)
        elif cut not in ends:
            assert faults(items), cut


@PACKED
def test_a_truncated_file_loses_only_the_cut_record(tmp_path: Path, name: str) -> None:
    parts = PACKERS[name](record(number) for number in range(5))
    truncations(tmp_path / f"cut{name}", parts, 29)


@pytest.mark.faults
@PACKED
def test_a_file_truncated_at_every_byte(tmp_path: Path, name: str) -> None:
    parts = PACKERS[name](record(number, digests=number % 2 == 0) for number in range(5))
    truncations(tmp_path / f"cut{name}", parts, 1)


def damage_and_compare(
    path: Path, parts: list[bytes], changed: bytes, hit: set[int], whole: list[Item]
) -> list[Item]:
    """Check that all but the hit records are read as before, and return the items."""
    path.write_bytes(changed)
    items = read_as(path, "warc")
    assert_covers(items, len(changed))
    found = {item.source.offset: item for item in records(items)}
    for number, expected in enumerate(records(whole)):
        if number not in hit:
            assert same(found[expected.source.offset], expected), number
    for number in hit:
        item = found.get(whole[number].source.offset)
        for other in (number - 1, number + 1):  # one may come about by a flipped bit
            assert item is None or item.body.count(marker(other)) <= 1
    flagged = len(faults(items)) + sum(bool(item.warnings) for item in records(items))
    assert flagged or len(items) == len(whole)
    return items


@PACKED
def test_a_flipped_bit_costs_only_its_record(tmp_path: Path, name: str) -> None:
    flip_bits(tmp_path, name, range(60))


@pytest.mark.faults
@PACKED
def test_thousands_of_flipped_bits(tmp_path: Path, name: str) -> None:
    flip_bits(tmp_path, name, range(100, 3100))


def flip_bits(tmp_path: Path, name: str, seeds: Iterable[int]) -> None:
    parts = PACKERS[name](record(number) for number in range(12))
    path = write(tmp_path, f"good{name}", parts)
    whole = read(path)
    data = b"".join(parts)
    ends = offsets(parts)
    for seed in seeds:
        rng = random.Random(seed)
        position = rng.randrange(len(data))
        changed = bytearray(data)
        changed[position] ^= 1 << rng.randrange(8)
        hit = next(n for n in range(len(parts)) if ends[n] <= position < ends[n + 1])
        # Without an outer frame, a damaged head or separator may touch the record before it.
        around = {hit, hit - 1} if name == ".warc" and position - ends[hit] < 12 else {hit}
        items = damage_and_compare(path, parts, bytes(changed), around, whole)
        kept = [item for item in records(items) if item.source.offset == ends[hit]]
        for item in kept:
            assert item.body == page(hit) or item.warnings


@PACKED
@pytest.mark.parametrize("size", [100, 4096])
@pytest.mark.parametrize("filling", [b"\0", b"\xff", b"WARC/1.0\r\n"])
def test_an_overwritten_stretch_costs_only_what_it_covers(
    tmp_path: Path, name: str, size: int, filling: bytes
) -> None:
    parts = PACKERS[name](record(number) for number in range(30))
    path = write(tmp_path, f"good{name}", parts)
    whole = read(path)
    data = b"".join(parts)
    ends = offsets(parts)
    rng = random.Random(size)
    for _ in range(12):
        start = rng.randrange(len(data) - size)
        changed = data[:start] + (filling * size)[:size] + data[start + size :]
        hit = {n for n in range(len(parts)) if ends[n] < start + size and start < ends[n + 1]}
        damage_and_compare(path, parts, changed, hit, whole)


@PACKED
@pytest.mark.parametrize(
    "junk", [b"\0" * 4096, b"<html>not found</html>" * 9, b"\x1f\x8b\x08\0junk", b"\r\n" * 40]
)
def test_junk_between_records_is_a_gap(tmp_path: Path, name: str, junk: bytes) -> None:
    parts = PACKERS[name](record(number) for number in range(6))
    for where in (0, 3, 6):
        data = b"".join([*parts[:where], junk, *parts[where:]])
        items = read_as(write(tmp_path, f"junk{name}", data), "warc")
        assert_covers(items, len(data))
        assert numbers(items) == list(range(6))
        assert not any(item.warnings for item in records(items))
        if junk.strip(b"\r\n") or name != ".warc":
            gaps = [(fault.source.offset, fault.source.length) for fault in faults(items)]
            assert gaps == [(len(b"".join(parts[:where])), len(junk))]


def test_a_wrong_checksum_is_flagged_where_the_digest_proves_the_record(tmp_path: Path) -> None:
    parts = gz(record(number, digests=number == 2) for number in range(5))
    for number in (2, 3):
        parts[number] = parts[number][:-8] + b"\1\2\3\4" + parts[number][-4:]
    items = read(write(tmp_path, "crc.warc.gz", parts))
    assert numbers(items) == [0, 1, 2, 4]
    assert records(items)[2].warnings == ("crc",)
    assert [fault.reason for fault in faults(items)] == ["crc"]
    assert faults(items)[0].source.offset == len(b"".join(parts[:3]))


def test_a_member_cut_amid_the_file(tmp_path: Path) -> None:
    parts = gz(record(number, digests=False) for number in range(7))
    for keep in (5, 30, len(parts[3]) // 2, len(parts[3]) - 9):
        data = b"".join([*parts[:3], parts[3][:keep], *parts[4:]])
        items = read(write(tmp_path, "cut.warc.gz", data))
        assert_covers(items, len(data))
        assert numbers(items) == [0, 1, 2, 4, 5, 6]
        assert len(faults(items)) == 1
        assert faults(items)[0].source.length == keep


LENGTHS: dict[str, Callable[[int], str | int | None]] = {
    "small": lambda n: n - 100,
    "tiny": lambda n: 5,
    "zero": lambda n: 0,
    "large": lambda n: n + 300,
    "huge": lambda n: n + 5000,
    "next": lambda n: 2 * n + 4 + 380,
    "negative": lambda n: -n,
    "10^19": lambda n: 10**19,
    "10^12": lambda n: 10**12,
    "nan": lambda n: "NaN",
    "hex": lambda n: hex(n),
    "empty": lambda n: " ",
    "missing": lambda n: None,
}


@PACKED
@DIGESTS
@pytest.mark.parametrize("wrong", LENGTHS)
def test_a_wrong_length_never_lets_in_a_neighbour(
    tmp_path: Path, name: str, digests: bool, wrong: str
) -> None:
    block = http(page(3))
    parts = [record(number, digests=digests) for number in range(7)]
    parts[3] = record(3, block, digests=digests, length=LENGTHS[wrong](len(block)))
    for packed in (PACKERS[name](parts), PACKERS[name]([b"".join(parts)])):
        data = b"".join(packed)
        items = read(write(tmp_path, f"length{name}", data))
        assert_covers(items, len(data))
        found = numbers(items)  # each body holds one page's marker, or this fails
        assert [number for number in found if number != 3] == [0, 1, 2, 4, 5, 6]
        if digests:
            assert 3 in found
            assert records(items)[3].warnings == ("lenient-length",)
            assert records(items)[3].body == page(3)
        else:
            assert [fault.reason for fault in faults(items)] in (["content-length"], ["cut"])
            assert 3 not in found


@PACKED
@DIGESTS
@pytest.mark.parametrize("shift", [-8, -4, -2, -1, 1, 2, 3, 4])
def test_a_length_that_is_off_by_a_few_bytes(
    tmp_path: Path, name: str, digests: bool, shift: int
) -> None:
    """Such as those of a crawl whose lengths left out one line end."""
    blocks = [http(page(number)) for number in range(6)]
    parts = [
        record(number, block, digests=digests, length=len(block) + shift)
        for number, block in enumerate(blocks)
    ]
    for packed in (PACKERS[name](parts), PACKERS[name]([b"".join(parts)])):
        items = read(write(tmp_path, f"off{name}", packed))
        assert numbers(items) == list(range(6))
        assert [item.body for item in records(items)] == [page(number) for number in range(6)]
        assert {item.warnings for item in records(items)} == {("lenient-length",)}


def test_a_length_that_covers_the_next_record_exactly(tmp_path: Path) -> None:
    parts = [record(number, digests=False) for number in range(4)]
    block = http(page(1))
    whole = len(block) + 4 + len(parts[2]) - 4
    parts[1] = record(1, block, digests=False, length=whole)
    for name in (".warc", ".warc.gz"):
        items = read(write(tmp_path, f"next{name}", PACKERS[name]([b"".join(parts)])))
        assert numbers(items) == [0, 2, 3]
        assert [fault.reason for fault in faults(items)] == ["content-length"]


def test_a_skipped_record_cannot_swallow_the_next_one(tmp_path: Path) -> None:
    for length in (10**19, 5000, len(b"GET") + 4 + len(record(1)) - 4):
        request = record(0, b"GET", kind="request", length=length, digests=False)
        parts = [request, *(record(number) for number in range(1, 4))]
        items = read(write(tmp_path, "request.warc", parts))
        assert numbers(items) == [1, 2, 3]


def test_an_archive_inside_a_record_stays_there(tmp_path: Path) -> None:
    inner = b"".join(record(number) for number in range(90, 93))
    block = http(inner, "Content-Type: text/plain")
    parts = [record(0), record(1, block), record(2)]
    for name, pack in PACKERS.items():
        for packed in (pack(parts), pack([b"".join(parts)])):
            items = read(write(tmp_path, f"inner{name}", packed))
            assert [item.url for item in records(items)] == [
                f"https://site{number}.example/page" for number in range(3)
            ]
            assert records(items)[1].body == inner


@PACKED
@pytest.mark.parametrize("version", ["WARC/2.0", "WARC/0.17", "WARC/1.1"])
def test_versions(tmp_path: Path, name: str, version: str) -> None:
    parts = [record(0), record(1, version=version), record(2)]
    items = read(write(tmp_path, f"version{name}", PACKERS[name](parts)))
    assert numbers(items) == [0, 1, 2]
    expected = ("unknown-version",) if version == "WARC/2.0" else ()
    assert records(items)[1].warnings == expected


@PACKED
def test_a_broken_version_line(tmp_path: Path, name: str) -> None:
    parts = [record(number) for number in range(5)]
    parts[2] = parts[2].replace(b"WARC/1.0", b"WRAC/1,0", 1)
    packed = PACKERS[name](parts)
    items = read(write(tmp_path, f"version{name}", packed))
    assert numbers(items) == [0, 1, 3, 4]
    assert [(f.reason, f.source.length) for f in faults(items)] == [("garbage", len(packed[2]))]


@PACKED
def test_heads_that_are_unusual_but_whole(tmp_path: Path, name: str) -> None:
    parts = [
        record(0, newline="\n", separator=b"\n\n"),
        record(1, http(page(1), newline="\n"), newline="\n"),
        record(2, extra=["X-Long: " + "a" * 100_000]),
        record(3, url="https://site3.example/caf\u00e9".encode("latin-1")),
        record(4, url=None),
        record(5, extra=["X-Folded: one", "\ttwo"]),
        record(6, extra=["no colon here"]),
        record(7, separator=b"\r\n"),
        record(8, separator=b""),
        record(9, separator=b"\r\n" * 30),
        record(10, kind=None),
        record(11),
    ]
    items = read(write(tmp_path, f"heads{name}", PACKERS[name](parts)))
    assert numbers(items) == list(range(12))
    assert records(items)[3].url == "https://site3.example/caf\u00e9"
    assert records(items)[4].url is None
    assert records(items)[10].warnings == ("no-record-type",)
    assert all(item.body == page(number) for number, item in enumerate(records(items)))


@PACKED
def test_a_head_without_an_end(tmp_path: Path, name: str) -> None:
    parts = [record(number) for number in range(5)]
    parts[2] = re.sub(rb"\r\n\r\n.*", b"\r\n", parts[2], flags=re.S)
    items = read(write(tmp_path, f"head{name}", PACKERS[name](parts)))
    assert numbers(items) == [0, 1, 3, 4]
    assert [fault.reason for fault in faults(items)] == ["header"]


@PACKED
def test_a_head_of_many_megabytes_is_a_gap(tmp_path: Path, name: str) -> None:
    parts = [record(0), record(1, extra=["X-Long: " + "a" * (3 << 20)]), record(2)]
    items = read(write(tmp_path, f"head{name}", PACKERS[name](parts)))
    assert numbers(items) == [0, 2]
    assert [fault.reason for fault in faults(items)] == ["header"]


def test_a_wrong_digest_is_flagged_and_the_record_kept(tmp_path: Path) -> None:
    wrong = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    payload = "WARC-Payload-Digest: sha256:" + "0" * 64
    unknown = "WARC-Block-Digest: crc9:1234"
    parts = [
        record(number, digests=False, extra=[line])
        for number, line in enumerate([wrong, payload, unknown])
    ]
    items = read(write(tmp_path, "digest.warc.gz", gz(parts)))
    assert [item.warnings for item in records(items)] == [
        ("digest-mismatch",),
        ("digest-mismatch",),
        (),
    ]


@pytest.mark.parametrize("pack", [gz, zst], ids=["gz", "zst"])
def test_a_whole_file_in_one_stream(tmp_path: Path, pack: Callable[..., list[bytes]]) -> None:
    name = "one.warc.gz" if pack is gz else "one.warc.zst"
    parts = [record(number) for number in range(40)]
    items = read(write(tmp_path, name, pack([b"".join(parts)])))
    assert numbers(items) == list(range(40))
    starts = [item.source.inflated_offset for item in items]
    assert starts == offsets(parts)[:-1]
    assert {item.source.offset for item in items} == {0}


def test_damage_in_a_whole_file_in_one_stream_keeps_what_stands_before(tmp_path: Path) -> None:
    parts = [record(number) for number in range(40)]
    data = bytearray(gz([b"".join(parts)])[0])
    data[len(data) // 2] ^= 0x10
    after = gz([record(77)])[0]
    items = read(write(tmp_path, "one.warc.gz", bytes(data) + after))
    found = numbers(items)
    assert found[:-1] == list(range(len(found) - 1))
    assert len(found) > 15
    assert found[-1] == 77
    assert faults(items)


def test_empty_members_and_joined_files(tmp_path: Path) -> None:
    empty = gz([b""])[0]
    first, second = gz(record(n) for n in range(3)), gz(record(n) for n in range(3, 6))
    info = gz(
        [record(0, b"software: x\r\n", kind="warcinfo", content_type="application/warc-fields")]
    )
    data = b"".join([*info, *first, empty, empty, *info, *second, empty])
    items = read(write(tmp_path, "joined.warc.gz", data))
    assert_covers(items, len(data))
    assert numbers(items) == list(range(6))
    assert skips(items) == ["warcinfo", "empty-member", "empty-member", "warcinfo", "empty-member"]


def test_plain_and_packed_of_the_same_records_give_the_same_pages(tmp_path: Path) -> None:
    parts = [record(number) for number in range(9)]
    bodies = [
        [item.body for item in records(read(write(tmp_path, f"same{name}", pack(parts))))]
        for name, pack in PACKERS.items()
    ]
    assert bodies[0] == bodies[1] == bodies[2] == [page(number) for number in range(9)]
