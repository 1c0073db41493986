from __future__ import annotations

import codecs

import pytest

from cleaner.charset import (
    charset_of_header,
    charset_of_source,
    decode_text,
    find_charset,
    mend_text,
)
from cleaner.detection import charset_data
from cleaner.errors import CharsetError

RUSSIAN = (
    "Вчера вечером жители маленького города собрались на площади, чтобы обсудить новый мост. "
    "По словам мэра, работы начнутся весной и займут около двух лет."
)
POLISH = (
    "Wczoraj wieczorem mieszkańcy małego miasta zebrali się na rynku, aby omówić budowę nowego "
    "mostu przez rzekę. Zdaniem burmistrza prace zaczną się już wiosną, ale wielu się złości."
)
JAPANESE = (
    "昨日の夕方、小さな町の住民が広場に集まり、川に架ける新しい橋の建設について話し合った。"
    "町長によると、工事は春に始まり、およそ二年かかるという。"
)
KOREAN = (
    "어제 저녁 작은 도시의 주민들이 광장에 모여 강 위에 새로 놓을 다리 건설을 논의했다. "
    "시장은 공사가 봄에 시작되어 약 이 년 동안 이어질 것이라고 말했다."
)
CHINESE = "昨天傍晚，小城的居民聚集在广场上，讨论在河上修建一座新桥的事情。工程将于春天开始。"
TAIWANESE = "昨天傍晚，小城的居民聚集在廣場上，討論在河上修建一座新橋的事情。工程將於春天開始。"
THAI = "เมื่อวานตอนเย็นชาวเมืองเล็กมารวมตัวกันที่จัตุรัสเพื่อหารือเรื่องการสร้างสะพานใหม่ข้ามแม่น้ำ"
FRENCH = (
    "Hier soir, les habitants de la petite ville se sont réunis sur la place pour débattre du "
    "nouveau pont. Selon le maire, les travaux débuteront au printemps. Beaucoup sont fâchés."
)
GREEK = "Χθες το βράδυ οι κάτοικοι της μικρής πόλης συγκεντρώθηκαν στην πλατεία για τη γέφυρα."
HEBREW = "אמש התכנסו תושבי העיירה הקטנה בכיכר כדי לדון בבניית גשר חדש מעל הנהר."
ARABIC = "اجتمع سكان المدينة الصغيرة مساء أمس في الساحة لمناقشة بناء جسر جديد فوق النهر."
TURKISH = "Dün akşam küçük kasabanın sakinleri ırmağın üzerine yapılacak köprü için toplandı."

LEGACY = [
    (RUSSIAN, "windows-1251", "cp1251"),
    (RUSSIAN, "koi8-r", "koi8-r"),
    (RUSSIAN, "iso-8859-5", "iso8859-5"),
    (POLISH, "iso-8859-2", "iso8859-2"),
    (POLISH, "windows-1250", "cp1250"),
    (FRENCH, "windows-1252", "cp1252"),
    (TURKISH, "windows-1254", "cp1254"),
    (GREEK, "windows-1253", "cp1253"),
    (HEBREW, "windows-1255", "cp1255"),
    (ARABIC, "windows-1256", "cp1256"),
    (THAI, "windows-874", "tis-620"),
    (JAPANESE, "shift_jis", "cp932"),
    (JAPANESE, "euc-jp", "euc-jp"),
    (JAPANESE, "iso-2022-jp", "iso2022-jp"),
    (KOREAN, "euc-kr", "euc-kr"),
    (CHINESE, "gb18030", "gb18030"),
    (TAIWANESE, "big5", "big5"),
]
# Menus and scripts in English around the text, as on a real page.
BEFORE = (
    '<html><head><title>Bridge</title><script>if (a < b) { say("news and views") }</script>'
    '<style>p { margin: 0 }</style></head><body><ul><li><a href="/">Home</a></ul><p>'
)
AFTER = "</p><p>Copyright 2007</p></body></html>"


def page(text: str, head: str = "") -> str:
    return BEFORE.replace("<head>", "<head>" + head) + text + AFTER


@pytest.mark.parametrize(("text", "charset", "codec"), LEGACY)
def test_undeclared_pages_are_recognised(text: str, charset: str, codec: str) -> None:
    decoded = decode_text(page(text).encode(codec))
    assert decoded.text == page(text)
    assert (decoded.charset, decoded.source, decoded.replaced) == (charset, "detected", 0.0)


@pytest.mark.parametrize(("text", "charset", "codec"), LEGACY)
@pytest.mark.parametrize("lie", ["utf-8", "koi8-klingon"])
def test_a_false_declaration_is_seen_through(text: str, charset: str, codec: str, lie: str) -> None:
    source = page(text, f'<meta charset="{lie}">')
    decoded = decode_text(source.encode(codec), header=f"text/html; charset={lie}")
    assert (decoded.text, decoded.charset) == (source, charset)


@pytest.mark.parametrize(("text", "charset", "codec"), LEGACY)
def test_a_true_declaration_is_followed(text: str, charset: str, codec: str) -> None:
    source = page(text, f"<meta http-equiv=Content-Type content='text/html; charset={codec}'>")
    decoded = decode_text(source.encode(codec))
    assert (decoded.text, decoded.charset) == (source, charset)
    assert decoded.source == ("detected" if charset == "iso-2022-jp" else "meta")
    decoded = decode_text(page(text).encode(codec), header=f'text/html; Charset="{codec}"')
    assert (decoded.text, decoded.charset) == (page(text), charset)


@pytest.mark.parametrize("text", [RUSSIAN, GREEK, HEBREW, ARABIC, THAI, JAPANESE, KOREAN, CHINESE])
def test_latin_1_is_no_charset_of_these_languages(text: str) -> None:
    codec = next(codec for legacy, _, codec in LEGACY if legacy is text)
    source = page(text, '<meta charset="iso-8859-1">')
    assert decode_text(source.encode(codec)).text == source


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312", "shift_jis", "us-ascii"])
def test_a_utf_8_page_that_says_something_else(label: str) -> None:
    source = page(FRENCH + RUSSIAN, f'<meta charset="{label}">')
    decoded = decode_text(source.encode())
    assert (decoded.text, decoded.charset, decoded.source) == (source, "utf-8", "detected")


def test_a_word_of_chinese_is_not_taken_for_utf_8() -> None:
    body = '<meta charset="gbk">模式'.encode("gbk")
    assert body.decode("utf-8")  # valid by chance
    decoded = decode_text(body)
    assert (decoded.text[-2:], decoded.charset, decoded.source) == ("模式", "gb18030", "meta")


def test_a_damaged_utf_8_page_stays_utf_8() -> None:
    body = page(FRENCH).encode() + b"\xff"
    decoded = decode_text(body)
    assert decoded.text == page(FRENCH) + "\ufffd"
    assert (decoded.charset, decoded.source) == ("utf-8", "detected")
    assert decoded.replaced == pytest.approx(1 / len(decoded.text))
    assert not decoded.is_doubtful
    decoded = decode_text(body, header="text/html; charset=utf-8")
    assert (decoded.charset, decoded.source) == ("utf-8", "header")


def test_a_damaged_legacy_page_keeps_its_charset() -> None:
    body = page(JAPANESE * 3, "<meta charset=Shift_JIS>").encode("cp932")
    decoded = decode_text(body.replace("新".encode("cp932"), b"\x81 ", 1))
    assert (decoded.charset, decoded.source) == ("shift_jis", "meta")
    assert 0 < decoded.replaced < 0.02
    assert decoded.text.count("\ufffd") == round(decoded.replaced * len(decoded.text))


def test_many_replaced_characters_are_doubtful() -> None:
    body = "".join(f"é{n}" for n in range(50)).encode() + b"\xff " * 10
    decoded = decode_text(body)
    assert (decoded.charset, decoded.is_doubtful) == ("utf-8", True)


def test_the_order_of_the_sources() -> None:
    body = page(FRENCH, "<meta charset=windows-1250>").encode("cp1252")
    assert decode_text(body).source == "meta"
    assert decode_text(body, header="text/html; charset=windows-1252").source == "header"
    decoded = decode_text(body, caller="latin1", header="text/html; charset=windows-1250")
    assert (decoded.charset, decoded.source) == ("windows-1252", "caller")
    decoded = decode_text(b"\xef\xbb\xbf" + page(FRENCH).encode(), caller="koi8-r")
    assert (decoded.charset, decoded.source) == ("utf-8", "bom")


def test_the_caller_is_believed_if_the_bytes_fit() -> None:
    assert decode_text("Привет".encode(), caller="windows-1251").text == "РџСЂРёРІРµС‚"
    decoded = decode_text(page(RUSSIAN).encode("cp1251"), caller="utf-8")
    assert (decoded.text, decoded.source) == (page(RUSSIAN), "detected")
    with pytest.raises(CharsetError, match="'odd'"):
        decode_text(b"x", caller="odd")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, JAPANESE])
def test_utf_16_and_utf_32_with_and_without_a_mark(codec: str, text: str) -> None:
    charset = codec.replace("-le", "le").replace("-be", "be")
    source = page(text, '<meta charset="utf-8">')
    decoded = decode_text(source.encode(codec))
    assert (decoded.text, decoded.charset, decoded.source) == (source, charset, "detected")
    decoded = decode_text(("\ufeff" + source).encode(codec))
    assert (decoded.text, decoded.charset, decoded.source) == (source, charset, "bom")


def test_utf_16_cut_in_the_middle_of_a_character() -> None:
    body = ("\ufeff" + page(FRENCH)).encode("utf-16-le")
    decoded = decode_text(body[:-1])
    assert decoded.text == page(FRENCH)[:-1] + "\ufffd"
    assert (decoded.charset, decoded.source) == ("utf-16le", "bom")


@pytest.mark.parametrize(
    "head", ["<meta charset=utf-16>", '<?xml version="1.0" encoding="UTF-16"?>']
)
def test_utf_16_declared_in_ascii_is_not_believed(head: str) -> None:
    decoded = decode_text((head + page(FRENCH)).encode(), header="text/html; charset=utf-16")
    assert decoded.text == head + page(FRENCH)
    assert (decoded.charset, decoded.source) == ("utf-8", "meta")


def test_control_characters_in_latin_2_mean_windows_1250() -> None:
    source = page(POLISH + " „Most” – Żółć", "<meta charset=iso-8859-2>")
    decoded = decode_text(source.encode("cp1250"))
    assert (decoded.text, decoded.charset) == (source, "windows-1250")


def test_a_declaration_far_down_is_found_when_nothing_else_fits() -> None:
    source = page(POLISH, "<!-- " + "x" * 5000 + " --><meta charset=iso-8859-2>")
    decoded = decode_text(source.encode("iso8859-2"))
    assert (decoded.text, decoded.source) == (source, "meta")


def test_a_header_that_does_not_fit_gives_way_to_the_page() -> None:
    source = page(RUSSIAN, "<meta charset=koi8-r>")
    decoded = decode_text(source.encode("koi8-r"), header="text/html; charset=utf-8")
    assert (decoded.text, decoded.charset, decoded.source) == (source, "koi8-r", "meta")


@pytest.mark.parametrize(
    ("source", "charset"),
    [
        (b"<meta charset=utf-8>", "utf-8"),
        (b"<META CHARSET = ' Big5 '>", "big5"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=x-sjis">', "shift_jis"),
        (b'<meta content="text/html;charset=iso-8859-9" http-equiv=content-type/>', "windows-1254"),
        (b'\n<?xml version="1.0" encoding="EUC-KR"?><html>', "euc-kr"),
        (b"<!-- <meta charset=big5> --><meta charset=koi8-u>", "koi8-u"),
        (b"<!-- <meta charset=big5>", None),
        (b"<meta charset=odd><p>charset=big5", None),
        (b"<meta name=charset content=big5>", None),
    ],
)
def test_what_a_page_declares(source: bytes, charset: str | None) -> None:
    assert charset_of_source(source) == charset


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html;charset="windows-1251"; x=y', "windows-1251"),
        ("text/html; CHARSET = ' latin1'", "windows-1252"),
        ("text/html; charset=none", None),
        ("text/html; charset=", None),
        ("text/html", None),
        ("", None),
    ],
)
def test_what_a_header_declares(header: str, charset: str | None) -> None:
    assert charset_of_header(header) == charset


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("UTF8", "utf-8"),
        ("ISO_8859-1:1987", "windows-1252"),
        ("ascii", "windows-1252"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("ks_c_5601-1987", "euc-kr"),
        ("x-sjis", "shift_jis"),
        ("tis-620", "windows-874"),
        ("iso-8859-11", "windows-874"),
        ("Big5-HKSCS", "big5"),
        ("cp-1251", "windows-1251"),
        ("utf-7", None),
        ("rot13", None),
        ("", None),
    ],
)
def test_labels_are_read_as_browsers_read_them(label: str, charset: str | None) -> None:
    assert find_charset(label) == charset


def test_the_table_of_charsets_is_sound() -> None:
    rows = charset_data()["charset"]
    labels = [label for row in rows for label in row["labels"].split()]
    assert len(labels) == len(set(labels))
    for row in rows:
        assert find_charset(row["name"]) == row["name"]
        assert all(codecs.lookup(codec) for codec in row["codecs"])
    names = {row["name"] for row in rows}
    for language in charset_data()["language"]:
        assert set(language["charsets"]) <= names


def test_no_charset_declares_what_ascii_could_be() -> None:
    decoded = decode_text(b"<p>plain</p>")
    assert (decoded.charset, decoded.source) == ("utf-8", "detected")
    decoded = decode_text(b"<meta charset=latin1><p>plain</p>")
    assert (decoded.charset, decoded.source) == ("windows-1252", "meta")


def test_str_is_mended() -> None:
    assert mend_text("a\udc80b").text == "a\ufffdb"
    assert mend_text("a\udc80b").replaced == pytest.approx(1 / 3)
    assert (mend_text("über").text, mend_text("über").source) == ("über", "str")
