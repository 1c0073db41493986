from __future__ import annotations

import pytest

from cleaner.detection import (
    count_high,
    decode_leniently,
    decode_strictly,
    detect_charset,
    visible_text,
)


def test_visible_text_has_no_markup() -> None:
    body = (
        b"<!-- \xe9 --><STYLE>p{\xe9}</style ><p title='\xe9'>one<br>two</p>"
        b"<script>say('<\xe9>')</script>three"
    )
    assert visible_text(body).split() == [b"one", b"two", b"three"]
    assert visible_text(b"a < b and 3<4").split() == [b"a", b"<", b"b", b"and", b"3<4"]


@pytest.mark.parametrize("body", [b"one<!-- \xe9", b"one<script>\xe9</p>", b"one<p title='\xe9"])
def test_what_is_never_closed_is_not_visible(body: bytes) -> None:
    assert visible_text(body).strip() == b"one"


def test_bytes_outside_ascii_are_counted() -> None:
    assert count_high(b"a\x7f\x80\xffz") == 2


@pytest.mark.parametrize("word", ["Café", "naïve", "£350m", "Rudström", "don’t", "© 2004"])
def test_a_few_accents_mean_windows_1252(word: str) -> None:
    body = f"<p>An English page with one word: {word}</p>".encode("cp1252")
    assert detect_charset(body)[0] == "windows-1252"


def test_a_declared_charset_wins_between_equals() -> None:
    body = "<p>Köln und Düsseldorf</p>".encode("cp1252")
    assert detect_charset(body) == ("windows-1252", False)
    assert detect_charset(body, ("windows-1250",))[0] == "windows-1250"


def test_the_language_of_the_page_counts() -> None:
    body = "<p>Á ház előtt áll</p>".encode("cp1250")
    assert detect_charset(b'<html class="x" lang="hu-HU">' + body)[0] == "windows-1250"


def test_text_that_stands_in_scripts_alone_is_a_sample_too() -> None:
    body = "<script>title = 'Вчера вечером жители города собрались на площади'</script>"
    assert detect_charset(body.encode("koi8-r"))[0] == "koi8-r"


def test_the_end_of_the_page_counts_as_much_as_its_start() -> None:
    english = "<p>Menu and more menu, all of it in English.</p>\n" * 3000
    polish = "<p>Wczoraj wieczorem mieszkańcy zebrali się w świetlicy nad rzeką</p>"
    body = (english + polish).encode("iso8859-2")
    assert detect_charset(body)[0] == "iso-8859-2"


def test_detection_is_a_pure_function() -> None:
    body = bytes(range(128, 256)) * 8
    assert detect_charset(body) == detect_charset(body)


def test_a_second_codec_reads_what_the_first_cannot() -> None:
    circled = b"\xad\xa1"  # in EUC-JP by the vendors, not by the standard
    assert decode_strictly(circled, "euc-jp") == "①"
    assert decode_strictly(b"\xff\xff", "euc-jp") is None


def test_lenient_decoding_counts_what_it_replaces() -> None:
    assert decode_leniently(b"a\xffb", "utf-8") == ("a\ufffdb", 1)
    assert decode_leniently("\ufffd".encode() + b"\xff", "utf-8") == ("\ufffd\ufffd", 1)
    assert decode_leniently(b"a\x81b", "windows-1252") == ("a\ufffdb", 1)
    assert decode_leniently("ж".encode("koi8-r"), "koi8-r") == ("ж", 0)
