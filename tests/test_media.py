from __future__ import annotations

import time

import pytest

from cleaner.capture import read_capture
from cleaner.errors import MediaTypeError, OptionError
from cleaner.media import (
    is_mhtml,
    parse_media_type,
    refuse_binary,
    refuse_controls,
    sniff_media_type,
)
from cleaner.types import MediaType

HTML, XHTML, MARKDOWN, TEXT = (
    MediaType.HTML,
    MediaType.XHTML,
    MediaType.MARKDOWN,
    MediaType.TEXT,
)
PROSE = "The ferry leaves at nine. It takes cars and bicycles, and a dog if it must.\n"


def sniff(text: str, content_type: str = "", url: str | None = None) -> MediaType:
    return sniff_media_type(text, content_type, url)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>x",
        "\n\n <html lang=en><body>x",
        "<!-- saved --><!doctype html PUBLIC '-//x//'><html>x",
        '<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>',
        "<title>Ferry</title>\n" + PROSE,
        "<p>One.</p><p>Two.</p>",
        "<p>One.\n<p>Two.\n" + PROSE,
        "<h1>Ferry</h1>\n" + PROSE,
        "&nbsp;\n<table><tr><td>Ferry</td></tr></table>",
        "<div id=root></div><script>start('<b>')</script>",
        "Nine<br>\nTen<br>\nEleven<br>\n",
        "<br />\n<b>Warning</b>: no such port\n<!doctype html><html><body>" + PROSE,
        '<archive id="7">\n<!DOCTYPE html>\n<html>' + PROSE,
        "<ul><li>One <li>Two</ul>",
        "<pre># not a heading\n</pre>",
    ],
)
@pytest.mark.parametrize("content_type", ["", "text/plain", "text/html; charset=x", "image/png"])
def test_html(text: str, content_type: str) -> None:
    assert sniff(text, content_type) is HTML


@pytest.mark.parametrize(
    "text",
    [
        f"# Ferry\n\n{PROSE}",
        f"Ferry\n=====\n\n{PROSE}\n- nine\n- ten\n",
        f"{PROSE}\nSee the [timetable](https://example.org/times) for more.",
        "[Home](/) [Ports]()\n" + PROSE,
        f"![](pier.jpg)\n\n{PROSE}",
        f"---\ntitle: Ferry\ntags:\n  - sea\n---\n{PROSE}",
        f"Title: Ferry\n\nMarkdown Content:\n{PROSE}",
        f"**Nine** is early. **Ten** is late.\n{PROSE}",
        "| port | time |\n|---|---|\n| Skagen | 9 |\n",
        f"```python\nferry.leave()\n```\n{PROSE}",
        f"{PROSE}\n[1]: https://example.org/times\n",
        f"# Ferry\n\n{PROSE}\nIt is <b>late</b>.<br>\n\n<div>Bring a coat.</div>\n\n{PROSE}",
        f'<p align="center"><img src="logo.png"></p>\n\n# Ferry\n\n{PROSE}',
        f"# HTML\n\n```html\n<!doctype html>\n<html><body><p>x</p></body></html>\n```\n{PROSE}",
        f"# HTML\n\nUse `<div>` and `<p>` for this.\n\n{PROSE}",
        f"# A\n\n## B\n\n## C\n\n[x](/x)\n\n<div>\n\n{PROSE}",
    ],
)
@pytest.mark.parametrize("content_type", ["", "text/plain", "text/html", "text/markdown"])
def test_markdown(text: str, content_type: str) -> None:
    assert sniff(text, content_type) is MARKDOWN


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        PROSE + "It is <b>late</b>.\n" + PROSE,
        "If a < b and c > d, then x<y>z.",
        "Write to <harbour@example.org> or <https://example.org>.",
        "* nine\n* ten\n\n" + PROSE,
        "Ports\n-----\n" + PROSE,
        PROSE + "# make ferry\n",
        "That b**t is late, a h**l of a boat.",
        "call handlers[name](event) and wait",
        "[1] Smith, J. On ferries.\n[2] Jones, A. On piers.\n",
        PROSE + "You may use these tags: <a href=''> <b> <blockquote cite=''> <em>\n" + PROSE,
        "Ferry_names use_snake_case",
    ],
)
@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "text/html", "application/octet-stream"]
)
def test_plain_text(text: str, content_type: str) -> None:
    assert sniff(text, content_type) is TEXT


def test_headers_and_file_names_decide_what_the_text_leaves_open() -> None:
    page = "<!doctype html><html><body><p>x</p></body></html>"
    assert sniff(PROSE, "text/markdown; charset=utf-8") is MARKDOWN
    assert sniff(PROSE, "", "notes/ferry.md") is MARKDOWN
    assert sniff(PROSE, "", "https://example.org/ferry.MD?raw=1") is MARKDOWN
    assert sniff(PROSE, "", "https://example.org/ferry.html") is TEXT
    assert sniff(page, "application/xhtml+xml") is XHTML
    assert sniff(page, "", "chapter.xhtml") is XHTML
    assert sniff(page, "text/html", "chapter.xhtml") is HTML
    assert sniff(page, "", "http://[broken") is HTML
    assert sniff(PROSE + "<p>late</p>", "text/html") is TEXT
    assert sniff("Late: <p>the ferry</p> is late", "text/html") is HTML


@pytest.mark.parametrize(
    ("text", "content_type", "name"),
    [
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "", "JSON"),
        ('{"a": 1}\n{"a": 2}\n', "", "JSON"),
        ('[{"a": 1}]\n', "text/plain", "JSON"),
        ("{}", "", "JSON"),
        ("words", "application/feed+json", "a JSON feed"),
        ('<?xml version="1.0"?>\n<!-- x --><rss version="2.0"></rss>', "", "RSS"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "", "Atom"),
        ("<rdf:RDF xmlns:rdf='x'></rdf:RDF>", "", "RDF"),
        ("<urlset></urlset>", "text/xml", "sitemap"),
        ('<!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY x "y">]><svg></svg>', "", "SVG"),
        ("p { margin: 0 }", "text/css", "style sheet"),
        ("a;b\n1;2\n", "text/csv", "CSV"),
    ],
)
def test_text_that_is_no_page(text: str, content_type: str, name: str) -> None:
    with pytest.raises(MediaTypeError, match=name):
        sniff(text, content_type)


def test_an_html_page_is_one_under_any_header() -> None:
    assert sniff("<!doctype html><p>x", "application/json") is HTML


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a\x01\0", "GIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "Office"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/epub+zip", "EPUB"),
        (b"PK\x03\x04" + bytes(26) + b"page.html", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"\0\0\0\x18ftypmp42", "MP4"),
        (b"page.html" + bytes(248) + b"ustar\x0000", "tar"),
        (b"WARC/1.1\r\n", "WARC"),
        (b"SQLite format 3\0", "SQLite"),
    ],
)
def test_binary_formats_are_named_with_advice(body: bytes, name: str) -> None:
    with pytest.raises(MediaTypeError, match=rf"looks like .*{name}.*: \w+"):
        refuse_binary(body)
    with pytest.raises(MediaTypeError):
        read_capture(body, media_type="html")


def test_words_that_look_like_magic_are_words() -> None:
    for text in (
        "PK is a unit",
        "BM and MZ and ID3",
        "II and MM",
        "Rar! he said",
        "RIFF of a song",
    ):
        refuse_binary(text.encode())


def test_unknown_binary_data_is_refused() -> None:
    with pytest.raises(MediaTypeError, match="binary data"):
        refuse_controls("\x01\x02\x03abc" * 100)
    refuse_controls(PROSE + "\x01")
    refuse_controls("\t\n\f\x1b")


def test_mhtml_shows_by_its_headers() -> None:
    head = b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tx=y\r\n"
    assert is_mhtml(head + b"\r\n--x", "")
    assert is_mhtml(b"From someone Mon May  6\n" + head, "text/plain")
    assert is_mhtml(b"anything", "multipart/related; boundary=x")
    assert not is_mhtml(b"<p>anything</p>", "multipart/related; boundary=x")
    assert not is_mhtml(b"Note: all of this\n\n" + head, "")
    assert not is_mhtml(b"<!-- x -->\n" + head, "")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("auto", None),
        ("html", HTML),
        ("TEXT/HTML; charset=utf-8", HTML),
        (MediaType.XHTML, XHTML),
        ("mhtml", MediaType.MHTML),
        ("md", MARKDOWN),
        ("txt", TEXT),
    ],
)
def test_names_of_media_types(name: str, media_type: MediaType | None) -> None:
    assert parse_media_type(name) is media_type


def test_an_unknown_media_type_lists_the_known() -> None:
    with pytest.raises(OptionError, match=r"'docx'; one of: auto, text/html, .*markdown"):
        parse_media_type("docx")


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<!--",
        "<?",
        "<p ",
        "<script",
        "`",
        "](",
        "[",
        "*a",
        "_a",
        "---\na:\n",
        "|-",
        "{'a",
        " ",
    ],
)
@pytest.mark.parametrize("start", ["", "x", "<b ", "---\n", "\xe9"])
def test_hostile_text_costs_no_more_than_other_text(unit: str, start: str) -> None:
    body = ("x" + start + unit * 60_000).encode("cp1252")
    begun = time.process_time()
    assert read_capture(body).text
    assert time.process_time() - begun < 5  # quadratic patterns take minutes
