"""`clean`, from every kind of input to the document; hostile pages; the same result every time."""

from __future__ import annotations

import doctest
import gzip
import hashlib
import importlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

import cleaner
from cleaner import (
    CaptureError,
    EmptyCaptureError,
    LabelName,
    MediaType,
    MediaTypeError,
    OptionError,
    Options,
    clean,
)

FIXTURES = Path(__file__).parent.parent / "fixtures"

FIRST = (
    "The keeper of the old lighthouse wrote down every ship that passed between the rocks and the "
    "shore, and by the end of the year she had filled four books with names and hours."
)
SECOND = (
    "Most of them carried salt and timber to the north, but on one night in November a ship went "
    "by without lights, and nobody in the three villages could say whose it was."
)
ARTICLE = f"<h1>Four books of ships</h1><p>{FIRST}</p><p>{SECOND}</p>"
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Four books of ships</title>"
    "</head><body><nav><a href='/'>Home</a> <a href='/sea'>Sea</a></nav>"
    f"<article>{ARTICLE}</article><footer>© 2024 Lighthouse News</footer></body></html>"
)
TEXT = f"{FIRST}\n\n{SECOND}"
MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://sea.example/ships\r\n"
    "Date: Fri, 8 Mar 2024 12:00:00 -0000\r\nSubject: Four books of ships\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="--part"\r\n\r\n'
    "----part\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
    f"Content-Location: https://sea.example/ships\r\n\r\n{PAGE}\r\n----part--\r\n"
)

INPUTS: dict[str, Callable[[], Any]] = {
    "bytes": PAGE.encode,
    "bytearray": lambda: bytearray(PAGE.encode()),
    "str": lambda: PAGE,
    "gzip": lambda: gzip.compress(PAGE.encode()),
    "utf-16": lambda: PAGE.encode("utf-16"),
    "lxml element": lambda: html.document_fromstring(PAGE),
    "lxml tree": lambda: html.document_fromstring(PAGE).getroottree(),
    "lxml without its parser": lambda: etree.fromstring(PAGE, etree.HTMLParser()),
    "soup": lambda: BeautifulSoup(PAGE, "html.parser"),
    "soup of lxml": lambda: BeautifulSoup(PAGE, "lxml"),
    "mhtml": MHTML.encode,
}


@pytest.mark.parametrize("kind", INPUTS)
def test_every_kind_of_input_gives_the_same_words(kind: str) -> None:
    document = clean(INPUTS[kind]())
    assert document.text == TEXT
    assert document.metadata.title == "Four books of ships"
    assert document.metadata.language == "en"
    names = {block.text: block.label.name for block in document.blocks}
    assert names["Four books of ships"] is LabelName.TITLE
    assert not document.warnings


def test_a_real_page_gives_the_same_words_as_bytes_str_tree_and_soup() -> None:
    body = (FIXTURES / "news-korean" / "page.html").read_bytes()
    expected = clean(body).text
    assert len(expected) > 500
    source = body.decode()
    assert clean(source).text == expected
    assert clean(html.document_fromstring(source)).text == expected
    assert clean(BeautifulSoup(source, "lxml")).text == expected


def test_a_saved_page_brings_its_address_and_time() -> None:
    document = clean(MHTML)
    capture = document.page.capture
    assert capture.media_type is MediaType.MHTML
    assert capture.url == document.page.base_url == "https://sea.example/ships"
    assert capture.captured_at is not None
    assert capture.captured_at.isoformat().startswith("2024-03-08T12:00")


def test_markdown_captures() -> None:
    source = f"[Home](/) | [Sea](/sea)\n\n# Four books of ships\n\n{FIRST}\n\n{SECOND}\n\n- one\n"
    document = clean(source + "- two\n")
    assert document.page.capture.media_type is MediaType.MARKDOWN
    assert document.text.startswith(TEXT)
    assert document.metadata.title == "Four books of ships"
    assert document.blocks[0].path == "lines 1-1"


def test_plain_text_captures() -> None:
    document = clean(f"Four books of ships\n\n{FIRST}\n\n{SECOND}\n".encode())
    assert document.page.capture.media_type is MediaType.TEXT
    assert document.text.endswith(TEXT)


def test_headers_name_the_character_set() -> None:
    page = PAGE.replace("<meta charset='utf-8'>", "").replace("salt", "s\xe5lt")
    headers = {"Content-Type": "text/html; charset=iso-8859-1"}
    document = clean(page.encode("latin-1"), headers=headers)
    assert "carried sålt and timber" in document.text
    assert document.page.capture.charset_source == "header"
    assert document.page.capture.headers == {"content-type": headers["Content-Type"]}


def test_the_caller_names_character_set_and_media_type() -> None:
    assert clean(PAGE.encode("utf-16-le"), charset="utf-16-le").text == TEXT
    shown = clean("<p>Not a tag here</p>", media_type="text")
    assert [block.text for block in shown.blocks] == ["<p>Not a tag here</p>"]


def test_the_address_resolves_links() -> None:
    page = PAGE.replace("salt", "<a href='../salt?a=1'>salt</a>")
    document = clean(page, url="https://sea.example/news/ships.html")
    assert "[salt](https://sea.example/salt?a=1)" in document.markdown
    assert '<a href="https://sea.example/salt?a=1">salt</a>' in document.html
    assert document.text == TEXT
    assert "href" not in clean(page).html


def test_the_time_of_the_capture_is_kept_and_is_no_date_of_the_page() -> None:
    at = datetime(2024, 3, 8, 12, 0, tzinfo=UTC)
    document = clean(PAGE, captured_at=at)
    assert document.page.capture.captured_at == at
    assert document.to_dict()["capture"]["captured_at"] == "2024-03-08T12:00:00+00:00"
    assert document.metadata.date is None


def test_options() -> None:
    page = PAGE.replace("</h1>", "</h1><p>By Ada Quill</p><p>8 March 2024</p>")
    full = clean(page)
    structured = clean(page, options=Options(metadata="structured"))
    assert full.metadata.authors == ("Ada Quill",)
    assert full.metadata.date == "2024-03-08"
    assert structured.metadata.authors == ()
    assert structured.metadata.date is None
    assert structured.text == full.text


def test_options_by_their_names() -> None:
    page = PAGE.replace("</h1>", "</h1><p>By Ada Quill</p><p>8 March 2024</p>")
    structured = clean(page, metadata="structured")
    assert structured.metadata.authors == ()
    assert structured.options == Options(metadata="structured")
    both = clean(page, focus="recall", options=Options(metadata="structured"))
    assert both.options == Options(metadata="structured", focus="recall")


def test_focus_moves_along_the_probabilities() -> None:
    """What precision keeps, balanced keeps too, and recall keeps that and more."""
    page = PAGE + "<div><p>Perhaps it is text</p><a href=/a>Ferries</a></div>"
    kept = [
        {block.index for block in clean(page, focus=focus).content}
        for focus in ("precision", "balanced", "recall")
    ]
    assert kept[0] <= kept[1] <= kept[2]
    with pytest.raises(OptionError, match="focus"):
        clean(page, focus="some")


@pytest.mark.parametrize(
    "arguments",
    [
        {"metadata": "some"},
        {"media_type": "docx"},
        {"url": b"https://sea.example/"},
        {"captured_at": "2024-03-08"},
        {"headers": ["Content-Type: text/html"]},
    ],
    ids=lambda arguments: next(iter(arguments)),
)
def test_options_that_are_none_are_errors(arguments: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        clean(PAGE, **arguments)


@pytest.mark.parametrize("body", [b"", b" \r\n\t", "", "\n", "\ufeff", b"\0\0\0", "\0 "])
def test_nothing_to_clean_is_an_error(body: bytes | str) -> None:
    with pytest.raises(EmptyCaptureError):
        clean(body)


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        b"PK\x03\x04\x14\0\0\0",
    ],
    ids=["pdf", "png", "jpeg", "zip"],
)
def test_what_is_no_page_is_an_error(body: bytes) -> None:
    with pytest.raises(MediaTypeError):
        clean(body)


@pytest.mark.parametrize("body", [None, 7, Path("page.html"), object()])
def test_other_types_are_errors_that_name_them(body: object) -> None:
    with pytest.raises(CaptureError, match=type(body).__name__):
        clean(body)


def test_a_page_without_main_text_is_no_error() -> None:
    document = clean("<html><body><nav><a href=/>Home</a></nav></body></html>")
    assert document.text == document.markdown == ""
    assert document.warnings == ("no-main-text",)
    assert document.confidence < 0.2


def test_a_page_without_any_text_is_no_error() -> None:
    document = clean("<html><body><img src=x></body></html>")
    assert document.text == ""
    assert document.confidence == 0
    assert "no-main-text" in document.warnings


def test_the_tree_of_the_caller_is_not_changed() -> None:
    for folder in ("blog-wordpress", "shadow-dom-article", "table-layout-1999"):
        tree = html.document_fromstring((FIXTURES / folder / "page.html").read_bytes())
        before = etree.tostring(tree)
        assert clean(tree).blocks
        assert etree.tostring(tree) == before
    soup = BeautifulSoup(PAGE, "html.parser")
    before_soup = soup.decode()
    assert clean(soup).text == TEXT
    assert soup.decode() == before_soup


def test_only_the_element_that_is_given_is_cleaned() -> None:
    article = html.document_fromstring(PAGE).find(".//article")
    assert [block.text for block in clean(article).blocks] == ["Four books of ships", FIRST, SECOND]


HASHES = """
import hashlib, sys
from pathlib import Path
from cleaner.golden import find_cases, read_case
from cleaner.render import document_json
for folder in find_cases(Path(sys.argv[1]))[::2]:
    document = read_case(folder).clean()
    made = document_json(document) + document.html + document.tei
    print(folder.name, hashlib.sha256(made.encode()).hexdigest())
"""


def test_the_result_is_the_same_in_every_process() -> None:
    """Bytes out of two processes that hash strings differently and stand in other time zones."""
    made = []
    for seed, zone in (("1", "Asia/Tokyo"), ("4242", "America/Lima")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        run = subprocess.run(
            [sys.executable, "-c", HASHES, str(FIXTURES)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        made.append(run.stdout.splitlines())
    assert made[0] == made[1]
    assert len(made[0]) * 2 >= len(list(FIXTURES.glob("*/case.json")))


def test_cleaning_twice_in_one_process_gives_the_same() -> None:
    body = (FIXTURES / "wiki-infobox" / "page.html").read_bytes()
    first, other, second = clean(body), clean(PAGE), clean(body)
    assert other.text == TEXT
    assert digest(first) == digest(second)


def digest(document: cleaner.Document) -> str:
    from cleaner.render import document_json

    return hashlib.sha256(document_json(document).encode()).hexdigest()


HEAD = "<!DOCTYPE html><html><head><title>Four books of ships</title></head><body>"
HOSTILE: dict[str, str] = {
    "nested divs": HEAD + "<div>" * 10_000 + ARTICLE + "</div>" * 10_000,
    "nested divs beside the article": HEAD + ARTICLE + "<div>" * 10_000 + "deep",
    "nested spans": HEAD + ARTICLE + "<p>" + "<b><i>" * 5_000 + "deep",
    "nested lists": HEAD + ARTICLE + "<ul><li>" * 5_000 + "deep",
    "nested tables": HEAD + ARTICLE + "<table><tr><td>" * 3_000 + "deep",
    "a long text": HEAD + ARTICLE + "<p>" + "Ships pass. " * 1_000_000,
    "a long word": HEAD + ARTICLE + "<p>" + "x" * 12_000_000,
    "attributes": HEAD + "<div " + " ".join(f"a{n}={n}" for n in range(100_000)) + ">" + ARTICLE,
    "a long attribute": HEAD + f"<div class='{'ship ' * 200_000}'>" + ARTICLE,
    "a long style": HEAD + f"<div style='{'a:b;' * 200_000}'>" + ARTICLE,
    "nul bytes": HEAD + ARTICLE.replace("e", "e\0") + "\0" * 1_000,
    "an unclosed script": HEAD + ARTICLE + "<script>var a = '<p>" + "x" * 100_000,
    "an unclosed comment": HEAD + ARTICLE + "<!-- " + "<p>x</p>" * 10_000,
    "an unclosed attribute": HEAD + ARTICLE + '<p title="' + "<p>x</p>" * 10_000,
    "tag openers": HEAD + ARTICLE + "<" * 1_000_000,
    "tag openers first": HEAD + "<" * 1_000_000 + ARTICLE,
    "comment openers": HEAD + ARTICLE + "<!--" * 100_000,
    "entities": HEAD + ARTICLE + "<p>" + "&amp;&#x0;&bogus;" * 50_000,
    "rows": HEAD + ARTICLE + "<table><tr><th>a<th>b" + "<tr><td>1<td>2" * 10_000,
    "cells": HEAD + ARTICLE + "<table><tr><th>a<th>b<tr>" + "<td>1" * 20_000,
    "blocks": HEAD + ARTICLE + "<p>x</p>" * 20_000,
    "links": HEAD + ARTICLE + "<a href=x>x</a> " * 20_000,
    "line breaks": HEAD + ARTICLE + "<p>" + "x<br>" * 20_000,
    "times in a comment": HEAD
    + ARTICLE
    + "<div class=comments>"
    + "<p><time datetime=1>x" * 10_000,
    "nested comments": HEAD + ARTICLE + "<div class=comment id=comment-1><p>x</p>" * 5_000,
    "share lines": HEAD + ARTICLE * 3 + "<p>Share this</p>" * 10_000 + ARTICLE * 200,
    "json-ld": HEAD + ARTICLE + "<script type=application/ld+json>" + '[{"a":' * 50_000,
    "markdown quotes": f"# Four books of ships\n\n{FIRST}\n\n{SECOND}\n\n" + "> " * 5_000 + "x",
    "markdown brackets": f"# Four books of ships\n\n{FIRST}\n\n{SECOND}\n\n" + "[" * 50_000,
    "markdown stars": f"# Four books of ships\n\n{FIRST}\n\n{SECOND}\n\n" + "*a **b " * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_keep_their_article_and_take_no_time(name: str) -> None:
    begun = time.process_time()
    document = clean(HOSTILE[name].encode()).complete()
    assert time.process_time() - begun < 5
    squashed = " ".join(document.text.split())
    assert FIRST in squashed
    assert SECOND in squashed


def test_what_was_cut_from_a_hostile_page_is_told() -> None:
    assert "attributes-cut" in clean(HOSTILE["attributes"]).warnings
    assert "nul-bytes" in clean(HOSTILE["nul bytes"]).warnings


def test_deep_nesting_leaves_the_blocks_as_they_are() -> None:
    deep = clean(HOSTILE["nested divs"])
    assert [block.text for block in deep.blocks] == ["Four books of ships", FIRST, SECOND]
    assert deep.text == TEXT
    assert max(len(block.path) for block in deep.blocks) < 1_000


def test_long_texts_come_out_whole() -> None:
    document = clean(HOSTILE["a long text"])
    assert document.text.count("Ships pass.") == 1_000_000
    word = clean(HOSTILE["a long word"])
    assert max(len(block.text) for block in word.blocks) == 12_000_000


PIECES = [
    *("<p>", "</p>", "<div class=comment>", "</div>", "<ul><li>", "</ul>", "<h1>", "<h2>", "<h7>"),
    *("<table><tr><td>", "<th>", "</table>", "<a href='javascript:x'>", "</a>", "<br>", "<br/>"),
    *("<script>", "</script>", "<!--", "-->", "<template>", "<svg>", "<![CDATA[", "&lt;", "&#0;"),
    *("<time datetime=2024-03-08>", "<img alt='a ship' src=x>", "<form>", "<span hidden>", "\0"),
    *(
        "By Ada Quill",
        "8 March 2024",
        "Share this",
        "newsletter",
        FIRST,
        "\ud800",
        "日本語",
        "שלום",
    ),
    *("# ", "- ", "> ", "```\n", "| a | b |\n|---|---|\n", "\n\n", "\t", "\x1b[31m", "\u202e"),
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_page_gives_a_document_that_prints_in_every_format(source: str) -> None:
    try:
        document = clean(source, url="https://sea.example/")
    except CaptureError:
        return
    words = re.findall(r"\w+", document.text)
    article = html.fragment_fromstring(document.html)
    assert re.findall(r"\w+", article.text_content()) == words
    assert etree.fromstring(document.tei.encode()) is not None
    assert document.markdown.encode().decode() == document.markdown
    assert len(document.to_dict()["blocks"]) == len(document.page.blocks)


def test_the_public_names_are_there() -> None:
    assert len(set(cleaner.__all__)) == len(cleaner.__all__)
    for name in cleaner.__all__:
        assert getattr(cleaner, name) is not None
    assert re.fullmatch(r"\d+\.\d+\.\d+", cleaner.__version__)


@pytest.mark.parametrize("name", ["cleaner", "cleaner.lexicon"])
def test_the_examples_in_the_docs_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
