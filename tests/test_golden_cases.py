"""Reading golden cases, whole and broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cleaner import CleanerError, EmptyCaptureError, MediaType
from cleaner.golden import CaseError, block_rows, find_cases, read_case

SENTENCE = (
    "The glassblower opened her window at five, because the furnace had been burning all night "
    "and the room had become too hot for anybody who was not made of glass."
)
PAGE = (
    "<html><body><h1>The window\nat five</h1><nav><a href=/>Home</a></nav>"
    f"<p>{SENTENCE}</p></body></html>"
)


def make_case(folder: Path, facts: Any = None, **files: str) -> Path:
    """Write a case; ``page_html="..."`` becomes the file ``page.html``."""
    folder.mkdir(exist_ok=True)
    text = facts if isinstance(facts, str) else json.dumps({} if facts is None else facts)
    (folder / "case.json").write_text(text, encoding="utf-8")
    for name, content in (files or {"page_html": PAGE}).items():
        (folder / ".".join(name.rsplit("_", 1))).write_text(content, encoding="utf-8")
    return folder


def test_a_case_holds_what_its_file_says(tmp_path: Path) -> None:
    facts = {
        "url": "https://glass.example/window",
        "media_type": "html",
        "headers": {"Content-Type": "text/html; charset=utf-8"},
        "captured_at": "2024-03-08T12:00:00+00:00",
        "shows": "a window",
        "expected_failures": ["text", "metadata.date"],
    }
    case = read_case(make_case(tmp_path / "window", facts))
    assert case.name == "window"
    assert case.page == tmp_path / "window" / "page.html"
    assert (case.url, case.media_type, case.shows) == (facts["url"], "html", "a window")
    assert case.headers == facts["headers"]
    assert case.captured_at == datetime(2024, 3, 8, 12, tzinfo=UTC)
    assert case.expected_failures == ("text", "metadata.date")


def test_all_facts_of_a_case_may_be_left_out(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "bare"))
    assert (case.url, case.media_type, case.captured_at) == (None, "auto", None)
    assert case.headers == {}
    assert case.expected_failures == ()


def test_a_case_is_cleaned_with_its_facts(tmp_path: Path) -> None:
    facts = {"url": "https://glass.example/", "captured_at": "2024-03-08T12:00:00"}
    capture = read_case(make_case(tmp_path / "window", facts)).clean().page.capture
    assert capture.url == "https://glass.example/"
    assert capture.captured_at == datetime(2024, 3, 8, 12)
    as_text = {"media_type": "text"}
    case = read_case(make_case(tmp_path / "text", as_text, page_txt=SENTENCE))
    assert case.clean().page.capture.media_type is MediaType.TEXT


@pytest.mark.parametrize("name", ["html", "xhtml", "mhtml", "md", "txt"])
def test_every_kind_of_page_is_found(tmp_path: Path, name: str) -> None:
    case = read_case(make_case(tmp_path / "case", **{f"page_{name}": SENTENCE}))
    assert case.page.name == f"page.{name}"


def test_cases_are_found_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        make_case(tmp_path / name)
    (tmp_path / "no-case").mkdir()
    assert [folder.name for folder in find_cases(tmp_path)] == ["a", "b", "c"]
    assert find_cases(tmp_path / "nowhere") == []


def test_a_folder_without_a_page_is_an_error(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case", other_html=PAGE)
    with pytest.raises(CaseError, match="must hold one page"):
        read_case(folder)


def test_a_folder_with_two_pages_is_an_error(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case", page_html=PAGE, page_md=SENTENCE)
    with pytest.raises(CaseError, match="must hold one page"):
        read_case(folder)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ('{"url": ', "case.json"),
        ("[1]", "one JSON object"),
        ('"text"', "one JSON object"),
        ('{"url": 7}', "url must be a string"),
        ('{"url": null}', "url must be a string"),
        ('{"headers": ["a"]}', "headers must be an object"),
        ('{"captured_at": 2024}', "captured_at must be a string"),
        ('{"captured_at": "last Friday"}', "captured_at: "),
        ('{"expected_failures": "text"}', "expected_failures must be an array"),
    ],
)
def test_broken_facts_are_errors_that_name_the_file(
    tmp_path: Path, facts: str, message: str
) -> None:
    folder = make_case(tmp_path / "case", facts)
    with pytest.raises(CaseError, match=message) as raised:
        read_case(folder)
    assert str(folder / "case.json") in str(raised.value)
    assert isinstance(raised.value, CleanerError)


def test_a_folder_without_facts_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    with pytest.raises(CaseError, match=r"case\.json"):
        read_case(tmp_path)
    with pytest.raises(CaseError, match=r"case\.json"):
        read_case(tmp_path / "nowhere")


def test_an_empty_page_is_the_capture_s_error(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case", page_html=" "))
    with pytest.raises(EmptyCaptureError):
        case.clean()


def test_expectations_are_read(tmp_path: Path) -> None:
    case = read_case(
        make_case(
            tmp_path / "case",
            page_html=PAGE,
            expected_md="The window\n",
            expected_json='{"title": "The window", "authors": []}',
            labels_tsv="title\tThe window\n\nother\t\ncontent\ta\tb\n",
        )
    )
    assert case.expected_markdown() == "The window\n"
    assert case.expected_values() == {"title": "The window", "authors": []}
    assert case.expected_labels() == [("title", "The window"), ("other", ""), ("content", "a\tb")]


def test_labels_without_a_tab_are_an_error_that_names_the_line(tmp_path: Path) -> None:
    rows = "title\tThe window\ncontent The glassblower\n"
    case = read_case(make_case(tmp_path / "case", page_html=PAGE, labels_tsv=rows))
    with pytest.raises(CaseError, match=r"labels\.tsv:2: no tab after the label"):
        case.expected_labels()


def test_missing_and_broken_expectations_are_errors(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case"))
    for read in (case.expected_markdown, case.expected_values, case.expected_labels):
        with pytest.raises(CaseError, match=r"expected\.|labels\."):
            read()
    (case.folder / "expected.md").write_bytes(b"\xff\xfe")
    (case.folder / "expected.json").write_text("{")
    for read in (case.expected_markdown, case.expected_values):
        with pytest.raises(CaseError, match=r"expected\."):
            read()


def test_rows_are_labels_and_the_beginnings_of_texts(tmp_path: Path) -> None:
    rows = block_rows(read_case(make_case(tmp_path / "case")).clean())
    assert rows == [
        ("title", "The window at five"),
        ("navigation", "Home"),
        ("content", SENTENCE[:100].rstrip()),
    ]
