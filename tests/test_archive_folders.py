"""Folders, zips, tars and WACZ: one item for each path, nothing unpacked to disk."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from archive_files import (
    WHOLE,
    assert_covers,
    faults,
    gz,
    numbers,
    page,
    read,
    read_as,
    record,
    records,
    skips,
    wacz,
    write,
)

from cleaner.archive.inputs import InputOptions, read_again, read_shard
from cleaner.archive.inputs import files as files_module
from cleaner.archive.plan import plan
from cleaner.archive.records import Record, Skip

MHTML = b"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="x"

--x
Content-Type: text/html

<p>Marker00009x</p>
--x--
"""


def paths_of(items: list) -> list[str]:
    return [item.source.file for item in items]


def test_each_path_of_a_folder_has_one_item(tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "deep" / "deeper").mkdir(parents=True)
    write(root, "a.html", page(1))
    write(root, "b.HTM", page(2))
    write(root, "notes.md", b"# Marker00003x\n\nText.")
    write(root, "plain.txt", b"Marker00004x")
    write(root, "c.xhtml", page(5))
    write(root, "saved.mhtml", MHTML)
    write(root, "empty.html", b"")
    write(root, "style.css", b"p { color: red }")
    write(root, "no-suffix", page(6))
    write(root, "index.php?id=3", page(7))
    write(root, "data.bin", b"\0\1\2\3")
    write(root / "deep", "d.html.gz", gzip.compress(page(8)))
    write(root / "deep" / "deeper", "e.html.br", brotli.compress(page(10)))
    write(root / "deep", "copy.html", page(1))
    os.mkfifo(root / "pipe.html")
    os.mkfifo(root / "pipe.warc.gz")
    (root / "loop").symlink_to(root)
    (root / "deep" / "linked.html").symlink_to(root / "a.html")
    (root / "dangling.html").symlink_to(root / "nowhere")
    with open(os.fsencode(root) + b"/caf\xe9.html", "wb") as file:
        file.write(page(11))
    items = read(root)
    found = {os.fsencode(item.source.file)[len(os.fsencode(root)) + 1 :] for item in items}
    assert len(found) == len(items) == 20
    assert sorted(numbers(items)) == [1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    reasons = {Path(i.source.file).name: i.reason for i in items if not isinstance(i, Record)}
    assert reasons == {
        "empty.html": "empty",
        "style.css": "media-type",
        "data.bin": "media-type",
        "pipe.html": "special-file",
        "pipe.warc.gz": "special-file",
        "loop": "symlink-to-folder",
        "dangling.html": "missing",
    }
    types = {Path(item.source.file).name: item.media_type for item in records(items)}
    assert types["notes.md"] == "markdown"
    assert types["saved.mhtml"] == "mhtml"
    assert types["a.html"] == "auto"
    assert b"caf\xe9.html" in found


def test_what_cannot_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "site"
    (root / "closed").mkdir(parents=True)
    for name in ("a.html", "b.html", "c.warc.gz"):
        write(root, name, page(1) if name != "c.warc.gz" else gz([record(1)]))
    listdir, opened = os.listdir, open

    def no_list(path: bytes) -> list[bytes]:
        if path.endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    def no_open(path: str, mode: str = "r", **more: object) -> object:
        if path.endswith(("b.html", "c.warc.gz")):
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, **more)

    monkeypatch.setattr(os, "listdir", no_list)
    for module in ("cleaner.archive.plan", "cleaner.archive.inputs.reader"):
        monkeypatch.setattr(f"{module}.open", no_open, raising=False)
    monkeypatch.setattr(files_module, "open", no_open, raising=False)
    items = read(root)
    assert numbers(items) == [1]
    assert {Path(f.source.file).name: f.reason for f in faults(items)} == {
        "b.html": "unreadable",
        "c.warc.gz": "unreadable",
        "closed": "unreadable",
    }


def test_a_file_that_goes_away_after_the_plan(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write(tmp_path, name, page(1))
    shards = plan([tmp_path], WHOLE)
    (tmp_path / "b.html").unlink()
    items = [item for shard in shards for item in read_shard(shard, WHOLE)]
    assert [fault.reason for fault in faults(items)] == ["missing"]


def test_globs_choose_among_paths(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    write(tmp_path, "a.html", page(1))
    write(tmp_path / "docs", "b.html", page(2))
    write(tmp_path / "docs", "c.page", page(3))
    write(tmp_path, "d.warc.gz", gz([record(4)]))

    def found(**more: tuple[str, ...]) -> list[int]:
        return sorted(numbers(read(tmp_path, InputOptions(**more))))

    assert found() == [1, 2, 3, 4]
    assert found(exclude=("docs/*",)) == [1, 4]
    assert found(exclude=("*.warc.gz",)) == [1, 2, 3]
    assert found(include=("*.html",)) == [1, 2]
    assert found(include=("*.html",), exclude=("docs/*",)) == [1]
    assert skips(read(tmp_path, InputOptions(include=("a.html",)))) == ["excluded"] * 3


def test_archives_in_a_folder_have_their_own_readers(tmp_path: Path) -> None:
    write(tmp_path, "a.html", page(1))
    write(tmp_path, "b.warc.gz", gz([record(2), record(3)]))
    write(tmp_path, "c.html", page(4))
    write(tmp_path, "d.jsonl", b'{"html": "<p>Marker00005x</p>"}\n')
    shards = plan([tmp_path], InputOptions())
    assert [shard.kind for shard in shards] == ["folder", "warc", "folder", "jsonl"]
    assert numbers(read(tmp_path)) == [1, 2, 3, 4, 5]


def zip_of(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return output.getvalue()


PAGES = {f"site/{number}.html": page(number) for number in range(8)}
OTHERS = {"site/": b"", "site/x.png": b"\x89PNG", "site/empty.html": b""}


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_zip_of_pages(tmp_path: Path, method: int) -> None:
    path = write(tmp_path, "pages.zip", zip_of({**PAGES, **OTHERS}, method))
    items = read(path)
    assert numbers(items) == list(range(8))
    assert skips(items) == ["folder", "media-type", "empty"]
    assert [item.source.member for item in items] == [*PAGES, *OTHERS]
    assert items[0].source.offset == 0


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_damage_in_a_zip_costs_one_entry(tmp_path: Path, method: int) -> None:
    data = bytearray(zip_of(PAGES, method))
    good = read(write(tmp_path, "pages.zip", bytes(data)))
    source = good[3].source
    assert source.offset is not None
    assert source.length is not None
    data[source.offset + source.length - 20] ^= 0xFF
    items = read(write(tmp_path, "pages.zip", bytes(data)))
    assert numbers(items) == [0, 1, 2, 4, 5, 6, 7]
    assert [fault.source.member for fault in faults(items)] == ["site/3.html"]


def test_a_zip_without_its_directory_is_one_fault(tmp_path: Path) -> None:
    data = zip_of(PAGES)[:-200]
    items = read(write(tmp_path, "pages.zip", data))
    assert [(f.reason, f.source.length) for f in faults(items)] == [("zip", len(data))]
    assert len(items) == 1


def test_every_cut_of_a_zip_is_survived(tmp_path: Path) -> None:
    data = zip_of(PAGES)
    for cut in range(1, len(data), 97):
        items = read_as(write(tmp_path, "pages.zip", data[:cut]), "zip")
        assert len(items) == 1


def peak_of(path: Path, options: InputOptions) -> tuple[list, int]:
    tracemalloc.start()
    try:
        items = read(path, options)
        return items, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


SMALL = InputOptions(shard_bytes=0, max_bytes=2 << 20)


def test_bombs_in_zips_and_tars(tmp_path: Path) -> None:
    big = b"<p>" + b"a" * (200 << 20)
    entries = {"a.html": page(1), "bomb.html": big, "b.html": page(2)}
    zipped = write(tmp_path, "bomb.zip", zip_of(entries))
    # An entry that says it is small.
    lying = bytearray(zipped.read_bytes())
    for at in range(len(lying) - 4):
        if lying[at : at + 4] == len(big).to_bytes(4, "little"):
            lying[at : at + 4] = (900).to_bytes(4, "little")
    paths = [zipped, write(tmp_path, "lying.zip", bytes(lying))]
    paths += [write(tmp_path, "b.tar.gz", gzip.compress(tar_of(entries), 1))]
    del entries, big
    for path in paths:
        items, peak = peak_of(path, SMALL)
        assert numbers(items) == [1, 2], path
        assert len(faults(items)) == 1
        assert peak < 30 << 20


def tar_of(entries: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=form) as archive:
        for name, data in entries.items():
            info = tarfile.TarInfo(name.rstrip("/"))
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return output.getvalue()


TAR_PACKERS = {
    ".tar": bytes,
    ".tar.gz": gzip.compress,
    ".tar.zst": zstandard.ZstdCompressor().compress,
    ".tar.bz2": __import__("bz2").compress,
    ".tar.xz": __import__("lzma").compress,
}


@pytest.mark.parametrize("suffix", TAR_PACKERS)
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_of_pages(tmp_path: Path, suffix: str, form: int) -> None:
    long_name = "deep/" * 25 + "9.html"  # longer than a plain head holds, but ustar splits it
    data = tar_of({**PAGES, **OTHERS, long_name: page(9)}, form)
    items = read(write(tmp_path, f"pages{suffix}", TAR_PACKERS[suffix](data)))
    assert numbers(items) == [*range(8), 9]
    assert skips(items) == ["folder", "media-type", "empty"]
    assert items[-1].source.member == long_name


def test_links_and_pipes_in_a_tar_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "links.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in (("a", tarfile.SYMTYPE), ("b", tarfile.LNKTYPE), ("c", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    items = read(path)
    assert skips(items) == ["link", "link", "special-file"]
    assert isinstance(items[0], Skip)
    assert items[0].detail == "/etc/passwd"


def test_damage_in_a_tar_costs_what_it_covers(tmp_path: Path) -> None:
    data = tar_of(PAGES)
    good = read(write(tmp_path, "pages.tar", data))
    start = good[3].source.offset
    assert start is not None
    changed = data[:start] + b"x" * 512 + data[start + 512 :]
    items = read_as(write(tmp_path, "pages.tar", changed), "tar")
    assert numbers(items) == [0, 1, 2, 4, 5, 6, 7]
    gap = faults(items)[0].source
    assert (gap.offset, gap.length) == (start, good[3].source.length)
    for cut in range(1, len(data), 311):
        items = read_as(write(tmp_path, "cut.tar", data[:cut]), "tar")
        found = numbers(items)
        assert found == list(range(len(found)))
        assert_covers_up_to_padding(items, cut)


def assert_covers_up_to_padding(items: list, size: int) -> None:
    end = max((item.source.offset + item.source.length for item in items), default=0)
    assert end <= size
    assert size - end <= 10240


@pytest.mark.parametrize("suffix", [".tar.gz", ".tar.zst", ".tar.bz2", ".tar.xz"])
def test_a_cut_compressed_tar_keeps_what_stands_before(tmp_path: Path, suffix: str) -> None:
    entries = {f"{n}.html": page(n, words=6000) for n in range(30)}
    data = TAR_PACKERS[suffix](tar_of(entries))
    for cut in (3, 40, len(data) // 2, len(data) - 5):
        items = read_as(write(tmp_path, f"cut{suffix}", data[:cut]), "tar")
        found = numbers(items)
        assert found == list(range(len(found)))
        assert faults(items) or len(found) == 30


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz(tmp_path: Path, method: int) -> None:
    first = b"".join(gz(record(number) for number in range(4)))
    second = b"".join(gz(record(number) for number in range(4, 7)))
    data = wacz({"a.warc.gz": first, "b.warc.gz": second}, method)
    items = read(write(tmp_path, "crawl.wacz", data))
    assert numbers(items) == list(range(7))
    assert skips(items) == ["index", "index"]
    for item in records(items):
        assert item.source.member in {"archive/a.warc.gz", "archive/b.warc.gz"}
        if method == zipfile.ZIP_STORED:
            assert item.source.offset is not None
            assert item.source.length is not None
            stored = data[item.source.offset :][: item.source.length]
            assert str(item.url).encode() in gzip.decompress(stored)


def test_a_wacz_without_its_directory_is_read_by_its_records(tmp_path: Path) -> None:
    data = wacz({"a.warc.gz": b"".join(gz(record(number) for number in range(4)))})
    cut = data[: data.index(b"pages/pages.jsonl")]
    items = read(write(tmp_path, "cut.wacz", cut))
    assert numbers(items) == list(range(4))
    assert_covers(items, len(cut))
    assert {fault.reason for fault in faults(items)} == {"garbage"}


def test_a_damaged_head_in_a_wacz_costs_no_record(tmp_path: Path) -> None:
    data = bytearray(wacz({"a.warc.gz": b"".join(gz(record(number) for number in range(4)))}))
    data[:4] = b"XXXX"
    items = read_as(write(tmp_path, "crawl.wacz", bytes(data)), "wacz")
    assert numbers(items) == list(range(4))
    assert [fault.reason for fault in faults(items)] == ["garbage"]
    assert faults(items)[0].source.offset == 0


@pytest.mark.parametrize(
    "name", ["a.warc.gz", "a.zip", "a.tar", "a.tar.gz", "a.jsonl", "a.parquet"]
)
def test_a_failing_disk_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"html": [page(1)]}), table)
    contents = {
        "a.warc.gz": b"".join(gz(record(number) for number in range(9))),
        "a.zip": zip_of(PAGES),
        "a.tar": tar_of(PAGES),
        "a.tar.gz": gzip.compress(tar_of(PAGES)),
        "a.jsonl": b'{"html": "a"}\n',
        "a.parquet": table.getvalue(),
    }
    path = write(tmp_path, name, contents[name])
    shards = plan([path], WHOLE)

    class Failing(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(
        "cleaner.archive.inputs.reader.open", lambda *_: Failing(path), raising=False
    )
    with pytest.raises(OSError, match="Input/output"):
        list(read_shard(shards[0], WHOLE))


def test_pages_are_named_below_the_address_of_their_folder(tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "a b").mkdir(parents=True)
    write(root, "a b/ü?.html", page(1))
    write(root, "saved.mhtml", MHTML)
    write(root, "c.zip", zip_of({"in/d.html": page(2)}))
    options = InputOptions(base="https://tide.example/x/")
    urls = {
        item.source.file + item.source.member: item.url for item in records(read(root, options))
    }
    assert urls == {
        f"{root}/a b/ü?.html": "https://tide.example/x/a%20b/%C3%BC%3F.html",
        f"{root}/saved.mhtml": None,
        f"{root}/c.zipin/d.html": "https://tide.example/x/in/d.html",
    }
    alone = records(read(root / "a b" / "ü?.html", options))
    assert [item.url for item in alone] == ["https://tide.example/x/%C3%BC%3F.html"]
    assert read_again(alone[0].source, options).url is None
    crawl = write(tmp_path, "a.warc", record(1))
    assert records(read(crawl, options))[0].url == "https://site1.example/page"
