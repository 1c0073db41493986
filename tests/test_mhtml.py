from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime, timedelta, timezone

import pytest

from cleaner.capture import read_capture
from cleaner.errors import EmptyCaptureError, MediaTypeError
from cleaner.mhtml import read_mhtml
from cleaner.types import MediaType

HTML = '<!doctype html>\n<html><body><p class="lead">Der Fluß steigt.</p></body></html>'
BLINK = (
    b"""From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/river
Subject: =?utf-8?Q?Der_Flu=C3=9F?=
Date: Mon, 6 May 2024 07:08:09 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--abc----"


------MultipartBoundary--abc----
Content-Type: text/html
Content-ID: <frame-ADS@mhtml.blink>
Content-Location: https://ads.example/frame

<p>Buy boats!</p>
------MultipartBoundary--abc----
Content-Type: text/html
Content-ID: <frame-MAIN@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/river

"""
    + quopri.encodestring(HTML.encode())
    + b"""
------MultipartBoundary--abc----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://example.org/logo.png

iVBORw0KGgo=
------MultipartBoundary--abc------
"""
)
EXPLORER = b"""From: "Saved by Windows Internet Explorer 8"
Subject: River
Date: Mon, 6 May 2024 07:08:09 +0200
MIME-Version: 1.0
Content-Type: text/html;
\tcharset="windows-1251"
Content-Transfer-Encoding: base64
Content-Location: http://example.org/reka

""" + base64.encodebytes("<html><body><p>Река поднимается.</p></body></html>".encode("cp1251"))


def test_the_saved_address_names_the_main_part() -> None:
    capture = read_capture(BLINK)
    assert (capture.text, capture.media_type) == (HTML, MediaType.MHTML)
    assert (capture.charset, capture.size) == ("utf-8", len(BLINK))
    assert capture.url == "https://example.org/river"
    assert capture.captured_at == datetime(2024, 5, 6, 7, 8, 9)


def test_crlf_and_str_read_the_same() -> None:
    assert read_capture(BLINK.replace(b"\n", b"\r\n")).text == HTML
    assert read_capture(BLINK.decode()).text == HTML
    assert read_capture(b"\r\n" + BLINK, media_type="mhtml").text == HTML


def test_what_the_caller_knows_goes_before_the_file() -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    capture = read_capture(BLINK, url="https://other.example/", captured_at=at)
    assert (capture.url, capture.captured_at) == ("https://other.example/", at)


def test_a_file_of_one_part_with_its_own_character_set() -> None:
    capture = read_capture(EXPLORER)
    assert "Река поднимается." in capture.text
    assert (capture.charset, capture.charset_source) == ("windows-1251", "header")
    assert capture.url == "http://example.org/reka"
    assert capture.captured_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=2)))


def message(parts: list[tuple[str, str]], head: str = "") -> bytes:
    body = "".join(f"--b\n{headers}\n\n{content}\n" for headers, content in parts)
    return (
        f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"{head}\n\n{body}--b--\n'
    ).encode()


def test_the_start_parameter_names_the_main_part() -> None:
    parts = [
        ("Content-Type: text/html\nContent-ID: <one>", "<p>frame</p>"),
        ("Content-Type: text/html\nContent-ID: <two>", "<p>page</p>"),
    ]
    assert read_capture(message(parts)).text == "<p>frame</p>"
    assert read_capture(message(parts, '; start="<two>"')).text == "<p>page</p>"


def test_nested_alternatives_are_searched() -> None:
    inner = message(
        [("Content-Type: text/plain", "River"), ("Content-Type: text/html", "<p>R</p>")]
    )
    head, _, body = inner.decode().replace("related", "alternative").partition("\n\n")
    nested = head.partition("\n")[2].replace('"b"', '"c"'), body.replace("--b", "--c")
    assert read_capture(message([nested])).text == "<p>R</p>"


def test_an_encoded_address_is_decoded_and_a_bad_date_ignored() -> None:
    body = message([("Content-Type: text/html", "<p>x</p>")]).replace(
        b"MIME-Version",
        b"Snapshot-Content-Location: =?utf-8?Q?https://example.org/a=3Db?=\n"
        b"Date: soon\nMIME-Version",
    )
    capture = read_capture(body)
    assert (capture.url, capture.captured_at) == ("https://example.org/a=b", None)


def test_a_file_without_html_is_an_error() -> None:
    with pytest.raises(MediaTypeError, match="no HTML part"):
        read_capture(message([("Content-Type: image/png", "xx")]))
    with pytest.raises(MediaTypeError, match="no HTML part"):
        read_capture(b"just some words", media_type="mhtml")
    with pytest.raises(MediaTypeError, match="no HTML part"):
        read_capture(b"--b\n\nx", headers={"Content-Type": "multipart/related; boundary=b"})


def test_an_html_part_without_words_is_an_error() -> None:
    with pytest.raises(EmptyCaptureError):
        read_capture(message([("Content-Type: text/html", "\n")]))


def test_parts_nested_without_end_are_an_error() -> None:
    deep = b"MIME-Version: 1.0\n" + b"".join(
        b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000)
    )
    with pytest.raises(MediaTypeError):
        read_mhtml(deep)


def test_html_under_the_header_of_mhtml_is_html() -> None:
    capture = read_capture(HTML.encode(), headers={"Content-Type": "multipart/related"})
    assert (capture.text, capture.media_type) == (HTML, MediaType.HTML)
