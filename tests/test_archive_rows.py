from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from cleaner.archive.records import Fault, Record, Source
from cleaner.archive.rows import (
    REASONS,
    Cleaning,
    Row,
    Stamp,
    fault_row,
    host_of,
    make_cleaner,
    refused_row,
    source_id,
    source_of,
    utc_text,
    utf8_safe,
)
from cleaner.archive.schema import (
    BLOCK,
    COMMENT,
    PAGE,
    QUARANTINE,
    SCHEMA_VERSION,
    SOURCE,
    TIMES,
    page_columns,
)
from cleaner.archive.worker import RefusedError
from cleaner.types import Options

STAMP = Stamp("9.9", "cafe")
DOCS = Path(__file__).parent.parent / "docs" / "archive-schema.md"
ARTICLE = "".join(
    f"<p>The ferry of {year} carried more sheep than people, and the harbour master wrote each of "
    "them into his book with the tide and the weather of the day.</p>"
    for year in range(1850, 1860)
)
PAGE_SOURCE = (
    '<html lang="en-GB"><head><title>The ferry book</title><meta name="author" content="Una Lind">'
    '<link rel="canonical" href="https://boats.example/ferry"></head>'
    f"<body><nav><a href=/>Home</a></nav><article><h1>The ferry book</h1>{ARTICLE}</article></body>"
)


@pytest.fixture(scope="module")
def clean() -> Any:
    return make_cleaner(Cleaning(Options(), ("markdown", "blocks", "comments"), STAMP))


def row_of(clean: Any, body: bytes | str = PAGE_SOURCE, **given: Any) -> Row:
    made: Row = clean(Record(Source("in.warc", 7, 90), body, **given))
    return made


def test_a_row_says_what_the_page_says(clean: Any) -> None:
    at = datetime(2024, 5, 1, 14, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    row = row_of(
        clean,
        PAGE_SOURCE.encode(),
        url="https://WWW.boats.example/ferry?id=3",
        captured_at=at,
        languages="eng",
        extra={"batch": 3},
        warnings=("digest-mismatch",),
    )
    assert row["host"] == "www.boats.example"
    assert row["canonical_url"] == "https://boats.example/ferry"
    assert (row["title"], row["authors"]) == ("The ferry book", ["Una Lind"])
    assert (row["status"], row["captured_at"]) == ("ok", "2024-05-01T12:30:05Z")
    assert row["text"].count("harbour master") == 10
    assert "Home" not in row["text"]
    assert row["markdown"].strip() == row["text"]
    assert (row["language"], row["language_declared"]) == ("en-GB", "en-GB")
    assert row["language_detected"] == "en"
    assert row["language_score"] > 0.9
    assert row["language_archive"] == "eng"
    assert row["bytes_in"] == len(PAGE_SOURCE)
    assert row["extra"] == {"batch": 3}
    assert row["record_warnings"] == ["digest-mismatch"]
    assert (row["cleaner_version"], row["config_hash"]) == ("9.9", "cafe")
    assert row["source"]["offset"] == 7
    assert {block["label"] for block in row["blocks"]} >= {"content", "title"}


def test_every_column_is_in_every_row_in_order(clean: Any) -> None:
    expected = [column.name for column in page_columns(("markdown", "blocks", "comments"))]
    assert list(row_of(clean)) == expected
    assert list(row_of(clean, b"")) == expected
    plain = make_cleaner(Cleaning(Options(), (), STAMP))
    assert list(row_of(plain)) == [column.name for column in page_columns()]
    lost = [column.name for column in QUARANTINE]
    assert list(fault_row(Fault(Source("a"), "gap"), STAMP, raw=False)) == lost
    assert list(refused_row(Record(Source("a"), b""), "r", "d", STAMP, raw=False)) == lost


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, "ok"),
        ({"truncated": "length"}, "partial"),
        ({"decode_status": "truncated"}, "partial"),
    ],
)
def test_the_status_tells_a_cut_page(clean: Any, given: dict[str, str], status: str) -> None:
    assert row_of(clean, **given)["status"] == status


@pytest.mark.parametrize("body", [b"", b"  \n ", "", b"<html><body><nav><a href=/>Home</a></nav>"])
def test_a_page_without_text_is_a_row(clean: Any, body: bytes | str) -> None:
    row = row_of(clean, body)
    assert (row["status"], row["text"]) == ("empty", "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "media-type"), (b"%PDF-1.7 x", "media-type")],
)
def test_what_is_no_page_is_refused_with_a_word(clean: Any, body: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as caught:
        row_of(clean, body)
    assert caught.value.reason == reason
    assert caught.value.detail


def test_every_refusal_of_the_package_has_its_word() -> None:
    from cleaner import errors

    def below(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*(below(child) for child in kind.__subclasses__()))

    refusals = below(errors.CaptureError) | below(errors.ParseError)
    assert refusals - {"EmptyCaptureError"} == set(REASONS)


def test_ids_tell_every_place_apart() -> None:
    sources = [
        Source("a"),
        Source("b"),
        Source("a", 0),
        Source("a", 5),
        Source("a", row=5),
        Source("a", member="5"),
        Source("a", 5, inflated_offset=1),
        Source("a", 5, inflated_offset=2),
        Source("\udcff"),
        Source("\udcfe"),
    ]
    ids = [source_id(source) for source in sources]
    assert len(set(ids)) == len(ids)
    assert ids == [source_id(source) for source in sources]
    assert source_id(Source("a", 5, length=1)) == source_id(Source("a", 5, length=2))


@pytest.mark.parametrize(
    "source",
    [
        Source("crawl.warc.gz", 7, 90, record_id="<urn:uuid:1>", payload_digest="sha256:ab"),
        Source("caf\udce9/\udcff.html", 0, 5),
        Source("a.zip", 5, 6, "d\udc80/grün.html", inflated_offset=3, inflated_length=4),
        Source("t.parquet", row=0),
    ],
)
def test_a_row_leads_back_to_its_source(source: Source) -> None:
    row = fault_row(Fault(source, "gap"), STAMP, raw=False)
    assert source_of(json.loads(json.dumps(row))["source"]) == source


def test_strings_are_ones_that_utf8_can_hold(clean: Any) -> None:
    row = row_of(clean, extra={"bad \ud800": ["\udfff", 1.5, float("nan"), b"\0", {"x": None}]})
    assert row["extra"] == {"bad \ufffd": ["\ufffd", 1.5, None, "AA==", {"x": None}]}
    lost = fault_row(Fault(Source("caf\udce9.html"), "gap", "a\ud800"), STAMP, raw=False)
    assert lost["source"]["file"] == "caf\\xe9.html"
    json.dumps(lost, ensure_ascii=False).encode()
    assert utf8_safe({"a": {"b": ("x", True)}}) == {"a": {"b": ["x", True]}}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://User:pw@Docs.Example:8080/x", "docs.example"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("http://[broken/", ""),
        ("urn:x:y", ""),
        ("https://dot.example./", "dot.example"),
        (None, ""),
    ],
)
def test_hosts(url: str | None, host: str) -> None:
    assert host_of(url) == host


def test_times_are_in_utc() -> None:
    assert utc_text(datetime(2024, 1, 2, 3, 4, 5, 999, tzinfo=UTC)) == "2024-01-02T03:04:05Z"
    assert utc_text(datetime(2024, 1, 2, 3, 4, 5)) == "2024-01-02T03:04:05Z"
    assert utc_text(None) is None


def test_the_docs_show_every_column_in_order() -> None:
    text = DOCS.read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", text, re.MULTILINE)
    expected = [*PAGE, *SOURCE, *COMMENT, *BLOCK, *QUARANTINE, *TIMES]
    assert shown == [tuple(column) for column in expected]
    assert f"`{SCHEMA_VERSION}`" in text
