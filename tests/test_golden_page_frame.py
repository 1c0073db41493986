"""The captured page for a frame: its blocks are marked, and nothing in it acts."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from pathlib import Path

import pytest
from lxml import html

from cleaner import clean
from cleaner.golden.page_frame import frame_document

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*/page.*html"))
SENTENCE = (
    "The ferryman counted his passengers twice, since one of them had asked not to be counted."
)


def framed(source: str) -> str:
    document = clean(f"<html><head></head><body>{source}</body></html>", media_type="html")
    return frame_document(document.page.capture, document.labels)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_every_visible_text_of_a_block_is_marked_with_its_label(path: Path) -> None:
    document = clean(path.read_bytes())
    tree = html.document_fromstring(frame_document(document.page.capture, document.labels))
    texts: dict[int, str] = defaultdict(str)
    for mark in tree.iter("cleaner-mark"):
        index = int(mark.get("data-b"))
        assert mark.get("class") == document.labels[index].name.value
        if mark.find("cleaner-image") is None and mark.find("img") is None:
            texts[index] += mark.text_content()
    for block in document.page.blocks:
        if block.origin or block.kind == "image":
            continue
        expected = re.sub(r"[\s\u200b\u2060\ufeff]", "", block.text)
        assert re.sub(r"[\s\u200b\u2060\ufeff\xad]", "", texts[block.index]) == expected


def test_no_address_script_form_or_event_is_left() -> None:
    document = framed(
        f"""<base href="https://spy.example/"><meta http-equiv=refresh content="0;https://spy.example">
        <link rel=stylesheet href=https://spy.example/a.css><script>alert(1)</script>
        <p onclick="alert(2)" style="background:url(https://spy.example/b.png)">{SENTENCE}</p>
        <img src=https://spy.example/c.png onerror="alert(3)" srcset="https://spy.example/d 2x">
        <form action=https://spy.example/e><input name=q autofocus onfocus=alert(4)>
        <button formaction=https://spy.example/f>Go</button></form>
        <iframe src=https://spy.example/g></iframe><object data=https://spy.example/h></object>
        <embed src=https://spy.example/i><video poster=https://spy.example/j></video>
        <svg><use href=https://spy.example/k /><script>alert(5)</script></svg>
        <table background=https://spy.example/l><tr><td>1</table>
        <a href="javascript:alert(6)" ping=https://spy.example/m>Home</a>
        <style>@import "https://spy.example/n.css"; p {{ color: teal }}</style>"""
    )
    assert "spy.example" not in document
    assert "alert" not in document
    assert re.findall(r"\son\w+=", document) == []
    for tag in ("script", "base", "form", "iframe", "object", "embed", "video", "svg", "link"):
        assert f"<{tag}" not in document, tag
    assert "color: teal" in document
    assert SENTENCE in document


def test_text_that_looks_like_markup_stays_text() -> None:
    words = "<script>alert(1)</script></cleaner-mark><img src=x onerror=alert(2)>"
    document = framed(f"<p>{SENTENCE} {words.replace('<', '&lt;')}</p>")
    assert "<script" not in document
    assert "<img" not in document
    assert words in unescape(document)


def test_attributes_cannot_break_out() -> None:
    document = framed(
        f"""<p class='"><script>alert(1)</script>' title='" onclick="a'>{SENTENCE}</p>"""
    )
    paragraph = next(html.document_fromstring(document).iter("p"))
    assert sorted(paragraph.attrib) == ["class", "title"]
    assert "<script" not in document


def test_marks_that_a_page_invents_are_no_marks() -> None:
    document = framed(
        f'<cleaner-mark data-b="0" class="content">fake</cleaner-mark><p>{SENTENCE}</p>'
    )
    marks = list(html.document_fromstring(document).iter("cleaner-mark"))
    assert [mark.text for mark in marks] == ["fake", SENTENCE]
    assert [mark.get("data-b") for mark in marks] == ["0", "1"]


def test_images_in_the_page_stay_and_others_become_boxes() -> None:
    document = framed(
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="dot">'
        '<img src="/pier.jpg" alt="The pier" width=300 height=200>'
    )
    assert '<img src="data:image/gif' in document
    assert "pier.jpg" not in document
    assert "aspect-ratio:300/200" in document
    assert ">The pier</cleaner-image>" in document


def test_a_page_nested_deeply_is_written_without_recursion() -> None:
    document = framed("<div>" * 5_000 + SENTENCE)
    assert SENTENCE in document
    assert document.count("<div") < 1_000


def test_styles_for_paper_do_not_hold_on_screen() -> None:
    document = framed(f"<style media=print>p {{ display: none }}</style><p>{SENTENCE}</p>")
    assert '<style data-page media="print">p { display: none }</style>' in document
