from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from cleaner.capture import read_capture
from cleaner.errors import (
    CaptureError,
    CharsetError,
    EmptyCaptureError,
    MediaTypeError,
    OptionError,
    TooLargeError,
)
from cleaner.types import Capture, MediaType

PAGE = "<!doctype html><html><head><title>Möwen</title></head><body><p>Am Hafen.</p></body></html>"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_bytes_reads_the_same(kind: type) -> None:
    capture = read_capture(kind(PAGE.encode()))
    assert capture == read_capture(PAGE.encode())
    assert (capture.text, capture.media_type) == (PAGE, MediaType.HTML)
    assert (capture.charset, capture.charset_source) == ("utf-8", "detected")
    assert capture.size == len(PAGE.encode())


def test_str_is_taken_as_it_is() -> None:
    capture = read_capture(PAGE)
    assert (capture.text, capture.size) == (PAGE, len(PAGE))
    assert (capture.charset, capture.charset_source, capture.replaced) == ("utf-8", "str", 0.0)


@pytest.mark.parametrize("wrap", [lambda root: root, etree.ElementTree])
def test_an_lxml_tree_is_kept_untouched(wrap: type) -> None:
    tree = wrap(lxml_html.document_fromstring(PAGE))
    before = etree.tostring(tree)
    capture = read_capture(tree, url="https://example.org/")
    assert capture.tree is tree
    assert etree.tostring(tree) == before
    assert (capture.text, capture.charset_source) == ("", "tree")
    assert (capture.media_type, capture.url) == (MediaType.HTML, "https://example.org/")


def test_an_xhtml_tree_is_known_by_its_namespace() -> None:
    tree = etree.fromstring('<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>')
    assert read_capture(tree).media_type is MediaType.XHTML


def test_an_empty_tree_is_an_error() -> None:
    with pytest.raises(EmptyCaptureError):
        read_capture(etree.ElementTree())
    with pytest.raises(EmptyCaptureError):
        read_capture(etree.Element("html"))


def test_a_tree_is_never_markdown() -> None:
    with pytest.raises(OptionError, match="HTML or XHTML"):
        read_capture(etree.fromstring("<p>x</p>"), media_type="markdown")


def test_beautiful_soup_is_serialised() -> None:
    capture = read_capture(BeautifulSoup(PAGE, "lxml"))
    assert "<p>Am Hafen.</p>" in capture.text
    assert (capture.media_type, capture.charset_source) == (MediaType.HTML, "tree")
    assert capture.tree is None


def test_a_part_of_a_soup_and_an_xml_soup() -> None:
    part = BeautifulSoup(PAGE, "lxml").p
    assert read_capture(part).text == "<p>Am Hafen.</p>"
    assert read_capture(BeautifulSoup(PAGE, "xml")).media_type is MediaType.XHTML


@pytest.mark.parametrize("body", [None, 7, Path("page.html"), ["<p>"], object()])
def test_other_types_are_named(body: object) -> None:
    with pytest.raises(CaptureError, match=r"bytes, str, an lxml element .* not "):
        read_capture(body)


@pytest.mark.parametrize("body", [b"", "", b" \r\n\t", "\n\n", b"\xef\xbb\xbf", "\ufeff", b"\0\0"])
def test_nothing_to_read_is_an_error(body: bytes | str) -> None:
    with pytest.raises(EmptyCaptureError):
        read_capture(body)


def test_nul_bytes_are_stripped_with_a_warning() -> None:
    capture = read_capture(b"<!doctype html><p>one\0 two\0</p>")
    assert capture.text == "<!doctype html><p>one two</p>"
    assert capture.warnings == ("nul-bytes",)


def test_line_ends_become_one_kind() -> None:
    assert read_capture(b"<p>a\r\nb\rc\nd</p>").text == "<p>a\nb\nc\nd</p>"
    assert read_capture("<p>a\r\nb\rc\nd</p>").text == "<p>a\nb\nc\nd</p>"


def test_a_byte_order_mark_leaves_no_trace() -> None:
    assert read_capture("\ufeff" + PAGE).text == PAGE
    assert read_capture(b"\xef\xbb\xbf" + PAGE.encode()).text == PAGE
    assert read_capture(b"\xef\xbb\xbf\xef\xbb\xbf" + PAGE.encode()).text == PAGE


def test_surrogates_are_paired_or_replaced() -> None:
    assert read_capture("<p>a \ud83d\ude00 b</p>").text == "<p>a \U0001f600 b</p>"
    capture = read_capture("<p>a \ud83d b</p>")
    assert capture.text == "<p>a \ufffd b</p>"
    assert capture.replaced == pytest.approx(1 / len(capture.text))
    assert capture.warnings == ("charset-doubtful",)


def test_a_replacement_character_of_the_page_is_not_counted() -> None:
    capture = read_capture("<p>a \ufffd b</p>".encode())
    assert (capture.replaced, capture.warnings) == (0.0, ())


def test_headers_are_lower_cased_and_decoded() -> None:
    capture = read_capture(
        PAGE.encode(),
        headers={b"Content-Type": [b"text/html; charset=UTF-8"], "X-Cache": ("a", "b"), "Age": 7},
    )
    assert capture.headers == {
        "content-type": "text/html; charset=UTF-8",
        "x-cache": "a, b",
        "age": "7",
    }
    assert capture.charset_source == "header"


def test_what_the_caller_knows_is_passed_on() -> None:
    at = datetime(2024, 5, 6, tzinfo=UTC)
    capture = read_capture(PAGE, url="https://example.org/a", captured_at=at)
    assert (capture.url, capture.captured_at, capture.headers) == ("https://example.org/a", at, {})


@pytest.mark.parametrize(
    "options",
    [
        {"media_type": "pdf"},
        {"media_type": None},
        {"url": b"https://example.org/"},
        {"captured_at": "2024-05-06"},
        {"headers": "Content-Type: text/html"},
        {"max_bytes": 0},
        {"max_bytes": "1"},
    ],
)
def test_options_that_are_none_are_named(options: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        read_capture(PAGE, **options)


@pytest.mark.parametrize("charset", ["klingon-8", "", "rot13", "base64", "utf-7", 7])
def test_an_unknown_character_set_of_the_caller_is_an_error(charset: object) -> None:
    with pytest.raises(CharsetError):
        read_capture(PAGE, charset=charset)
    with pytest.raises(CharsetError):
        read_capture(PAGE.encode(), charset=charset)


def test_the_cap_holds_before_and_after_decoding() -> None:
    body = PAGE.encode() * 100
    packed = gzip.compress(body)
    headers = {"Content-Encoding": "gzip"}
    assert read_capture(packed, headers=headers, max_bytes=len(body)).size == len(packed)
    for page in (body, packed, body.decode()):
        with pytest.raises(TooLargeError, match="max_bytes"):
            read_capture(page, headers=headers, max_bytes=len(packed) - 1)
    with pytest.raises(TooLargeError, match="inflates"):
        read_capture(packed, headers=headers, max_bytes=len(body) - 1)


def test_a_binary_format_inside_of_gzip_is_refused() -> None:
    with pytest.raises(MediaTypeError, match="PNG image"):
        read_capture(gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(100)))


def test_the_media_type_of_the_caller_is_not_doubted() -> None:
    assert read_capture("# Tides", media_type="text").media_type is MediaType.TEXT
    assert read_capture("Tides", media_type="html").media_type is MediaType.HTML
    assert read_capture(b'{"a": 1}', media_type="md").media_type is MediaType.MARKDOWN


def test_libraries_are_loaded_when_they_are_needed_alone() -> None:
    code = (
        "import sys; from cleaner.capture import read_capture;"
        "read_capture(b'<!doctype html><meta charset=utf-8><p>x');"
        "print([m for m in ('bs4', 'charset_normalizer', 'brotli', 'zstandard', 'tomllib')"
        " if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert b"charset_normalizer" not in loaded.stdout
    assert b"brotli" not in loaded.stdout
    assert b"zstandard" not in loaded.stdout


def read_or_name(body: bytes | str) -> Capture | tuple[str, str]:
    try:
        return read_capture(body, max_bytes=1 << 20)
    except CaptureError as error:
        return type(error).__name__, str(error)


FRAGMENTS = [
    *(
        b"<html>",
        b"<p>",
        b"</p>",
        b"<!--",
        b"<script>",
        b"<?xml ",
        b"<!doctype ",
        b"<meta charset=",
    ),
    *(b"big5", b"koi8-r", b"utf-16", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\x1b$B", b"\x80"),
    *(b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\xe9", b"\xc3\xa9", b"\xed\xa0", b"\r\n", b"word "),
    *(b"MIME-Version: 1.0\n", b"Content-Type: multipart/related; boundary=x\n", b"\n\n--x\n"),
    *(b"# ", b"](", b"`", b'{"a":', b"---\n"),
]
fragments = st.sampled_from(FRAGMENTS)


@settings(deadline=None)
@given(st.binary() | st.lists(fragments | st.binary(max_size=4)).map(b"".join))
def test_any_bytes_give_a_capture_or_a_capture_error(body: bytes) -> None:
    first = read_or_name(body)
    assert first == read_or_name(body)
    if isinstance(first, Capture):
        assert first.text.encode().strip()
        assert "\r" not in first.text
        assert "\0" not in first.text
        assert 0 <= first.replaced <= 1


@settings(deadline=None)
@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip", "odd"]))
def test_any_bytes_under_any_declared_encoding(body: bytes, encoding: str) -> None:
    headers = {"content-encoding": encoding}
    try:
        capture = read_capture(body, headers=headers, charset="utf-16", max_bytes=1 << 20)
    except CaptureError:
        return
    assert capture.text.encode()


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_any_text_gives_a_capture_or_a_capture_error(text: str) -> None:
    first = read_or_name(text)
    assert first == read_or_name(text)
    if isinstance(first, Capture):
        assert first.text.encode()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared seeds are not here")
@pytest.mark.parametrize("content_type", [None, "text/html", "text/plain; charset=iso-8859-1"])
def test_the_seeds_are_a_markdown_and_a_plain_text_capture(content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else None
    for name, media_type in (
        ("rt-capture.txt", MediaType.MARKDOWN),
        ("clean-article.txt", MediaType.TEXT),
    ):
        body = (SEEDS / name).read_bytes()
        capture = read_capture(body, headers=headers)
        assert capture.media_type is media_type
        assert capture.text == body.decode().replace("\r\n", "\n")
        assert capture.replaced == 0
