"""HTTP responses in archives: encodings undone, whatever the headers say of them."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from archive_files import (
    digest,
    faults,
    gz,
    http,
    numbers,
    page,
    read,
    record,
    records,
    skips,
    write,
)

from cleaner.archive.inputs import InputOptions
from cleaner.archive.inputs.http import read_http_head

HTML = "Content-Type: text/html; charset=utf-8"
PAGE = page(1, words=2400)


def chunked(body: bytes, size: int = 700, end: bytes = b"0\r\n\r\n") -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + end


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


def zst(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


def bad_crc(body: bytes) -> bytes:
    packed = gzip.compress(body)
    return packed[:-8] + b"\1\2\3\4" + packed[-4:]


CHUNKED, GZIP = "Transfer-Encoding: chunked", "Content-Encoding: gzip"
OK, MISMATCH = "ok", "content-encoding-mismatch"
# Name: body as sent, headers, decode status, whether the whole page comes out.
CASES: dict[str, tuple[bytes, list[str], str, bool]] = {
    "plain": (PAGE, [], OK, True),
    "chunked": (chunked(PAGE), [CHUNKED], OK, True),
    "Chunked": (chunked(PAGE), ["transfer-ENCODING: Chunked"], OK, True),
    "chunked with extensions": (
        b"%X;name=value\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(PAGE), PAGE),
        [CHUNKED],
        OK,
        True,
    ),
    "chunked, LF": (chunked(PAGE).replace(b"\r\n", b"\n"), [CHUNKED], OK, True),
    "gzip": (gzip.compress(PAGE), [GZIP], OK, True),
    "x-gzip": (gzip.compress(PAGE), ["Content-Encoding: x-gzip"], OK, True),
    "deflate": (zlib.compress(PAGE), ["Content-Encoding: deflate"], OK, True),
    "raw deflate": (raw_deflate(PAGE), ["Content-Encoding: deflate"], OK, True),
    "brotli": (brotli.compress(PAGE), ["Content-Encoding: br"], OK, True),
    "zstd": (zst(PAGE), ["Content-Encoding: zstd"], OK, True),
    "gzip, gzip": (
        gzip.compress(gzip.compress(PAGE)),
        ["Content-Encoding: gzip, gzip"],
        OK,
        True,
    ),
    "chunked gzip": (chunked(gzip.compress(PAGE)), [CHUNKED, GZIP], OK, True),
    "chunked br": (chunked(brotli.compress(PAGE)), [CHUNKED, "Content-Encoding: br"], OK, True),
    "chunked zstd": (chunked(zst(PAGE)), [CHUNKED, "Content-Encoding: zstd"], OK, True),
    "chunked deflate": (
        chunked(zlib.compress(PAGE)),
        [CHUNKED, "Content-Encoding: deflate"],
        OK,
        True,
    ),
    "transfer gzip": (
        chunked(gzip.compress(PAGE)),
        ["Transfer-Encoding: gzip, chunked"],
        OK,
        True,
    ),
    "declared gzip, plain": (PAGE, [GZIP], MISMATCH, True),
    "declared br, plain": (PAGE, ["Content-Encoding: br"], MISMATCH, True),
    "declared chunked, plain": (PAGE, [CHUNKED], "transfer-encoding-mismatch", True),
    "chunked, not declared": (chunked(PAGE), [], "transfer-encoding-undeclared", True),
    "gzip, not declared": (gzip.compress(PAGE), [], OK, True),
    "unknown encoding": (PAGE, ["Content-Encoding: UTF-8"], MISMATCH, True),
    "gzip and junk": (gzip.compress(PAGE) + b"<!-- cached -->", [GZIP], OK, True),
    "gzip, bad checksum": (bad_crc(PAGE), [GZIP], "content-encoding-broken", True),
    "gzip, cut": (gzip.compress(PAGE)[:-400], [GZIP], "content-encoding-truncated", False),
    "chunked, cut": (chunked(PAGE)[:-900], [CHUNKED], "transfer-encoding-truncated", False),
    "chunked, no end": (chunked(PAGE, end=b""), [CHUNKED], "transfer-encoding-truncated", True),
    "chunked, broken": (
        chunked(PAGE[:1400], end=b"") + b"zz\r\n" + PAGE[1400:],
        [CHUNKED],
        "transfer-encoding-broken",
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_encodings_are_undone(tmp_path: Path, name: str, case: str) -> None:
    body, headers, status, is_whole = CASES[case]
    parts = [record(1, http(body, HTML, *headers)), record(2), record(3)]
    items = read(write(tmp_path, name, gz(parts) if name.endswith("gz") else parts))
    assert numbers(items) == [1, 2, 3]  # and no other page's words
    first = records(items)[0]
    assert first.decode_status == status
    assert first.body == PAGE if is_whole else PAGE.startswith(bytes(first.body))
    assert len(first.body) > 1000
    assert not {"content-encoding", "transfer-encoding"} & set(first.headers)
    assert first.source.payload_digest is not None


BROKEN = {
    "binary of unknown encoding": (b"\0\1\2\3" * 99, "Content-Encoding: compress"),
    "brotli of noise": (b"\xff\0\xfe\1" * 99, "Content-Encoding: br"),
    "six layers": (PAGE, "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip"),
    "gzip cut in its head": (gzip.compress(PAGE)[:12], GZIP),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_no_decoder_reads_is_a_fault(tmp_path: Path, case: str) -> None:
    body, header = BROKEN[case]
    parts = [record(1, http(body, HTML, header)), record(2)]
    items = read(write(tmp_path, "a.warc.gz", gz(parts)))
    assert [fault.reason for fault in faults(items)] == ["content-encoding"]
    assert numbers(items) == [2]


def bomb(size: int) -> bytes:
    stream = zlib.compressobj(9, wbits=31)
    zeros = b"a" * (1 << 20)
    return b"".join(stream.compress(zeros) for _ in range(size >> 20)) + stream.flush()


def zst_bomb(size: int) -> bytes:
    stream = zstandard.ZstdCompressor(19).compressobj()
    zeros = b"a" * (1 << 20)
    return b"".join(stream.compress(zeros) for _ in range(size >> 20)) + stream.flush()


def br_bomb(size: int) -> bytes:
    stream = brotli.Compressor(quality=5)
    zeros = b"a" * (1 << 20)
    return b"".join(stream.process(zeros) for _ in range(size >> 20)) + stream.finish()


SMALL = InputOptions(shard_bytes=0, max_bytes=4 << 20)


def peak_of(path: Path, options: InputOptions = SMALL) -> tuple[list, int]:
    tracemalloc.start()
    try:
        items = read(path, options)
        return items, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("packed", "header"),
    [
        (bomb(300 << 20), GZIP),
        (gzip.compress(bomb(300 << 20)), "Content-Encoding: gzip, gzip"),
        (br_bomb(300 << 20), "Content-Encoding: br"),
        (zst_bomb(300 << 20), "Content-Encoding: zstd"),
    ],
    ids=["gzip", "gzip twice", "br", "zstd"],
)
def test_a_body_that_is_a_bomb(tmp_path: Path, packed: bytes, header: str) -> None:
    parts = [record(0), record(1, http(packed, HTML, header)), record(2)]
    items, peak = peak_of(write(tmp_path, "bomb.warc.gz", gz(parts)))
    assert numbers(items) == [0, 2]
    assert [fault.reason for fault in faults(items)] == ["too-large"]
    assert peak < 40 << 20


@pytest.mark.parametrize("name", ["bomb.warc.gz", "bomb.warc.zst"])
@pytest.mark.parametrize("declared", [300 << 20, 10**9, 60])
def test_a_member_that_is_a_bomb(tmp_path: Path, name: str, declared: int) -> None:
    head = record(1, b"", length=declared, digests=False, separator=b"")
    zeros = b"a" * (1 << 20)
    stream = (
        zlib.compressobj(9, wbits=31)
        if name.endswith("gz")
        else zstandard.ZstdCompressor(3).compressobj()
    )
    packed = stream.compress(head) + b"".join(stream.compress(zeros) for _ in range(300))
    packed += stream.compress(b"\r\n\r\n") + stream.flush()
    pack = gz if name.endswith("gz") else lambda parts: [zst(part) for part in parts]
    good = pack([record(0), record(2)])
    items, peak = peak_of(write(tmp_path, name, [good[0], packed, good[1]]))
    assert numbers(items) == [0, 2]
    assert len(faults(items)) == 1
    assert faults(items)[0].source.offset == len(good[0])
    assert peak < 40 << 20


def test_heads_of_responses() -> None:
    head = read_http_head(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 203\r\nA: b\r\n c\r\na: d\r\n\r\nbody"
    )
    assert head is not None
    assert (head.status, dict(head.headers)) == (203, {"a": "b c"})
    assert read_http_head(b"<html>") is None
    cut = read_http_head(b"HTTP/1.0 200 OK\nContent-Type: text/html")
    assert cut is not None
    assert cut.size == 39
    latin = read_http_head("HTTP/1.1 200 OK\r\nX: caf\u00e9\r\n\r\n".encode("latin-1"))
    assert latin is not None
    assert latin.headers["x"] == "caf\u00e9"


def response(
    number: int, *headers: str, status: str = "200 OK", body: bytes | None = None
) -> bytes:
    return record(number, http(page(number) if body is None else body, *headers, status=status))


def test_what_is_a_page(tmp_path: Path) -> None:
    parts = [
        response(0, "Content-Type: text/html"),
        response(1, "content-type:   TEXT/HTML;charset=x"),
        response(2, "X: y"),
        response(3, "Content-Type: application/octet-stream"),
        response(4, "Content-Type: application/xml"),
        response(5, "Content-Type: text/plain"),
        response(6, "Content-Type: text/html", status="206 Partial Content"),
        response(7, "Content-Type: image/png"),
        response(8, "Content-Type: application/xml", body=b"<rss><item/></rss>"),
        response(9, "Content-Type: application/octet-stream", body=b"\x89PNG\0\0\0<html>"),
        response(10, "Content-Type: text/html", status="404 Not Found"),
        response(11, "Content-Type: text/html", status="301 Moved"),
        response(12, "Content-Type: text/html", body=b""),
        record(13, kind="request", content_type="application/http; msgtype=request"),
        record(14, b"", kind="revisit", extra=["WARC-Refers-To-Target-URI: https://a.example/"]),
        record(15, kind="continuation"),
        record(16, kind="sighting"),
        record(17, page(17), kind="resource", content_type="text/html; charset=utf-8"),
        record(18, page(18), kind="resource", content_type="image/svg+xml"),
        record(19, page(19), kind="resource", content_type="text/plain", url="metadata://log"),
        record(20, page(20), kind="conversion", content_type="text/plain"),
        record(21, page(21), kind="response", content_type="text/dns", url="dns:a.example"),
        record(22, page(22)),
    ]
    items = read(write(tmp_path, "kinds.warc.gz", gz(parts)))
    assert numbers(items) == [0, 1, 2, 3, 4, 5, 6, 17, 20, 22]
    assert [item.warnings for item in records(items)][-1] == ("no-http-headers",)
    assert [item.warnings for item in records(items)][6] == ("partial-content",)
    assert records(items)[7].headers == {"content-type": "text/html; charset=utf-8"}
    assert skips(items) == [
        *["media-type"] * 3,
        *["http-status"] * 2,
        *["empty", "request", "revisit", "continuation", "unknown-type"],
        *["media-type", "scheme", "scheme"],
    ]
    wider = InputOptions(shard_bytes=0, error_pages=True, conversions=False)
    items = read(tmp_path / "kinds.warc.gz", wider)
    assert numbers(items) == [0, 1, 2, 3, 4, 5, 6, 10, 11, 17, 22]


@pytest.mark.parametrize("url", ["localhost:8080/page", "wiki: Main Page", "a page"])
def test_what_came_by_http_is_a_page_whatever_its_address(url: str, tmp_path: Path) -> None:
    items = read(write(tmp_path, "odd.warc", record(1, url=url)))
    assert [item.url for item in records(items)] == [url]
    without = record(1, page(1), kind="resource", content_type="text/plain", url=url)
    items = read(write(tmp_path, "odd.warc", without))
    assert skips(items) == ([] if url == "a page" else ["scheme"])


def test_what_common_crawl_says_of_a_page_comes_to_it(tmp_path: Path) -> None:
    about = "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000001>"
    other = about.replace("1>", "9>")
    said = (
        b"fetchTimeMs: 9\r\ncharset-detected: windows-1251\r\n"
        b'languages-cld2: {"reliable":true,"languages":[{"code":"ru","code-iso-639-3":"rus"},'
        b'{"code":"en","code-iso-639-3":"eng"}]}\r\n'
    )

    def metadata(number: int, line: str, block: bytes = said) -> bytes:
        kind = "application/warc-fields"
        return record(number, block, kind="metadata", content_type=kind, extra=[line])

    html = http(page(1), "Content-Type: text/html")
    for line, block, expected in (
        (about, said, ("windows-1251", "rus,eng")),
        (other, said, (None, "")),
        (about, b"charset-detected: klingon\r\nlanguages-cld2: [\r\n", (None, "")),
    ):
        parts = [record(1, html), metadata(2, line, block), record(3)]
        items = read(write(tmp_path, "cc.warc.gz", gz(parts)))
        assert (records(items)[0].charset, records(items)[0].languages) == expected
        assert (records(items)[1].charset, records(items)[1].languages) == (None, "")
        assert skips(items) == ["metadata"]
    # The server's own word counts more.
    parts = [record(1), metadata(2, about)]
    items = read(write(tmp_path, "cc.warc.gz", gz(parts)))
    assert records(items)[0].charset is None
    assert records(items)[0].languages == "rus,eng"


def test_a_record_keeps_what_its_head_says(tmp_path: Path) -> None:
    payload = page(4)
    lines = [
        "WARC-Truncated: length",
        "WARC-Identified-Content-Language: deu,eng",
        f"WARC-Payload-Digest: {digest(payload)}",
    ]
    items = read(write(tmp_path, "a.warc", record(4, http(payload), extra=lines)))
    item = records(items)[0]
    assert item.truncated == "length"
    assert item.languages == "deu,eng"
    assert item.captured_at is not None
    assert item.captured_at.isoformat() == "2024-03-05T06:07:08+00:00"
    assert item.source.record_id == "<urn:uuid:00000000-0000-4000-8000-000000000004>"
    assert item.warnings == ()
