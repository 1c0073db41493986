from __future__ import annotations

import gzip
import io
import json
import string
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from cleaner.archive.records import Record, Source
from cleaner.archive.rows import Cleaning, Stamp, make_cleaner, page_row
from cleaner.archive.schema import OPTIONAL, page_columns
from cleaner.archive.sinks import FORMATS, open_sink
from cleaner.archive.sinks.names import Names
from cleaner.types import Options

CLEANING = Cleaning(Options(), OPTIONAL, Stamp("1.2", "abc"))


def rows(number: int = 5) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for index in range(number):
        record = Record(
            Source("crawl.warc.gz", index * 100, 90, record_id=f"<urn:uuid:{index}>"),
            b"x" * 40,
            f"https://Hafen.example/tide/{index}.html?q=1",
            extra={"batch": index, "note": None},
        )
        row = page_row(record, None, CLEANING)
        text = f"The tide came in {index} times.\n\nÞá fór hún út aftur."
        made.append({**row, "text": text, "markdown": text + "\n", "status": "ok"})
    return made


def write(name: str, path: Path, taken: list[dict[str, Any]]) -> None:
    sink = open_sink(name, path, page_columns(OPTIONAL))
    for row in taken:
        sink.write(row)
    sink.close()
    assert sink.rows == len(taken)


def all_bytes(path: Path) -> dict[str, bytes]:
    paths = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(p.relative_to(path)): p.read_bytes() for p in paths if p.is_file()}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write(name, tmp_path / folder / f"out-{folder}", rows())
    assert all_bytes(tmp_path / "one/out-one") == all_bytes(tmp_path / "two/out-two")


def test_parquet_holds_every_column(tmp_path: Path) -> None:
    write("parquet", tmp_path / "o", rows())
    table = pq.read_table(tmp_path / "o")
    assert table.schema.names == [column.name for column in page_columns(OPTIONAL)]
    assert table.schema.metadata[b"cleaner.schema_version"] == b"1"
    back = table.to_pylist()
    for row, original in zip(back, rows(), strict=True):
        assert json.loads(row.pop("extra")) == original.pop("extra")
        assert row == original


def test_parquet_is_written_in_bounded_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.archive.sinks.parquet.GROUP_ROWS", 4)
    write("parquet", tmp_path / "o", rows(10))
    file = pq.ParquetFile(tmp_path / "o")
    groups = range(file.num_row_groups)
    assert [file.metadata.row_group(i).num_rows for i in groups] == [4, 4, 2]


def test_jsonl_is_the_same_plain_or_compressed(tmp_path: Path) -> None:
    for name in ("jsonl", "jsonl.gz", "jsonl.zst"):
        write(name, tmp_path / name, rows())
    plain = (tmp_path / "jsonl").read_bytes()
    assert [json.loads(line) for line in plain.splitlines()] == rows()
    assert gzip.decompress((tmp_path / "jsonl.gz").read_bytes()) == plain
    with (tmp_path / "jsonl.zst").open("rb") as file:
        assert zstandard.ZstdDecompressor().stream_reader(file).read() == plain


def test_markdown_files_have_front_matter_and_an_index(tmp_path: Path) -> None:
    taken = rows(2)
    taken[0]["title"] = 'A "quoted" title: with a colon'
    write("markdown", tmp_path / "o", taken)
    page = (tmp_path / "o/hafen.example/tide/0.md").read_text(encoding="utf-8")
    head, _, body = page.removeprefix("---\n").partition("---\n\n")
    assert 'title: "A \\"quoted\\" title: with a colon"\n' in head
    assert body == taken[0]["markdown"]
    index = [json.loads(line) for line in (tmp_path / "o/index.jsonl").read_bytes().splitlines()]
    assert [row["path"] for row in index] == ["hafen.example/tide/0.md", "hafen.example/tide/1.md"]
    assert "text" not in index[0]
    assert index[0]["source"] == taken[0]["source"]


def test_text_files_hold_the_text_alone(tmp_path: Path) -> None:
    write("text", tmp_path / "o", rows(1))
    path = tmp_path / "o/hafen.example/tide/0.txt"
    assert path.read_text(encoding="utf-8") == rows(1)[0]["text"] + "\n"


def test_warc_has_a_conversion_record_for_each_page(tmp_path: Path) -> None:
    from fastwarc.warc import ArchiveIterator

    taken = rows(3)
    taken[1]["url"] = "https://hafen.example/a\r\nWARC-Type: response"
    write("warc", tmp_path / "o", taken)
    stream = io.BytesIO((tmp_path / "o").read_bytes())
    records = []
    for record in ArchiveIterator(stream):
        assert "WARC-Block-Digest" not in record.headers or record.verify_block_digest()
        records.append((dict(record.headers), record.reader.read()))
    assert [head["WARC-Type"] for head, _ in records] == ["warcinfo"] + ["conversion"] * 3
    for (head, body), row in zip(records[1:], taken, strict=True):
        assert body.decode() == row["text"]
        assert head["WARC-Refers-To"] == row["source"]["record_id"]
    assert records[2][0]["WARC-Target-URI"] == "https://hafen.example/a WARC-Type: response"
    assert len({head["WARC-Record-ID"] for head, _ in records}) == 4


def name_row(url: str | None, file: str = "in.html") -> dict[str, Any]:
    from cleaner.archive.rows import host_of

    return {"url": url, "host": host_of(url), "source": {"file": file, "member": ""}}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/news/tide.html", "a.example/news/tide.md"),
        ("https://a.example/", "a.example/index.md"),
        ("https://a.example/news/", "a.example/news/index.md"),
        ("https://a.example/../../etc/passwd", "a.example/_/_/etc/passwd.md"),
        ("https://a.example/%2e%2e/%2e%2e/x", "a.example/_/_/x.md"),
        ("https://a.example/..%2f..%2fx", "a.example/x.md"),
        ("https://a.example/a%00b", "a.example/a_b.md"),
        ("https://a.example/CON/nul.html", "a.example/_CON/_nul.md"),
        ("https://a.example/x.md/y", "a.example/x.md_/y.md"),
        ("https://a.example/.htaccess", "a.example/htaccess.md"),
        ("https://[::1]/x", "1/x.md"),
        ("https://пример.example/привет", "пример.example/привет.md"),
        (None, "no-host/in.md"),
    ],
)
def test_names_are_safe(url: str | None, expected: str) -> None:
    assert str(Names(".md").name(name_row(url))) == expected


def test_clashing_names_get_numbers() -> None:
    names = Names(".md")
    urls = ["/a", "/a?x=1", "/A.html", "/a-2", "/a/"]
    made = [str(names.name(name_row(f"https://h.example{url}"))) for url in urls]
    assert made == [
        "h.example/a.md",
        "h.example/a-2.md",
        "h.example/A-3.md",
        "h.example/a-2-2.md",
        "h.example/a/index.md",
    ]


PIECES = st.sampled_from(["..", ".", "/", "\\", "%2e", "%2f", "a", "A", "\0", "~", "é", "index"])
URLS = st.lists(PIECES | st.sampled_from(string.printable), max_size=12).map("".join)


@given(st.lists(URLS, max_size=12))
def test_no_name_leaves_its_folder_or_is_given_twice(urls: list[str]) -> None:
    names = Names(".txt")
    made = [names.name(name_row("http://h.example/" + url)) for url in urls]
    assert len({str(path).casefold() for path in made}) == len(made)
    folders = {str(parent).casefold() for path in made for parent in path.parents}
    for path in made:
        assert str(path).casefold() not in folders
        assert not path.is_absolute()
        assert path.parts[0] == "h.example"
        for part in path.parts:
            assert part not in ("..", ".", "")
            assert len(part.encode()) < 200
            assert not set(part) & set('\\/\0:*?"<>|\n')
        assert path == PurePosixPath(str(path))


def test_the_cleaner_cleans_a_record() -> None:
    clean = make_cleaner(CLEANING)
    page = "<html lang=is><body><article><h1>Flóð</h1>" + "<p>Sjórinn kemur inn og fer út.</p>" * 9
    row = clean(Record(Source("a"), page.encode(), "https://hafen.example/x"))
    assert row["status"] == "ok"
    assert row["text"].startswith("Sjórinn kemur inn")
    assert list(row) == [column.name for column in page_columns(OPTIONAL)]
