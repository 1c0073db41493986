"""The faults that systems are compared by: each an archive of seven pages, damaged in one place.

The fault is in record 3, or in the last where the file is cut. A case of pages comes as a folder
of files, too, for systems that read no archives.
"""

from __future__ import annotations

import gzip
import io
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import brotli
from archive_files import gz, http, page, record, zst

COUNT, HIT = 7, 3
WORDS = 2_400
"""Of a page: some 20 KB, so that no reader's buffer holds the whole file."""
ALL = frozenset(range(COUNT))


@dataclass(frozen=True, slots=True)
class Case:
    """A fault and what may be asked of a reader."""

    title: str
    data: Callable[[], bytes]
    """Of the archive."""
    hurt: frozenset[int] = frozenset({HIT})
    """Records that the damage touches: all others are whole."""
    name: str = "fault.warc.gz"
    pages: Callable[[], list[bytes]] | None = None
    """Of a case of pages, the pages: readers of archives alone have nothing to show here."""
    genuine: bool = False
    """Whether the page is as its site sent it: to keep it whole is then all that may be asked."""


def text(number: int) -> bytes:
    """Return the page of a number."""
    return page(number, WORDS)


def lines(number: int) -> list[str]:
    """Return the lines of text that a page has."""
    return [part.split("</p>")[0] for part in text(number).decode().split("<p>")[1:]]


def _records(**fields: object) -> list[bytes]:
    """Return seven records; the fields are those of the record with the fault."""
    blocks = [http(text(number)) for number in range(COUNT)]
    parts = [record(number, block) for number, block in enumerate(blocks)]
    if fields:
        parts[HIT] = record(HIT, **{"block": blocks[HIT], **fields})  # type: ignore[arg-type]
    return parts


def _packed(**fields: object) -> bytes:
    return b"".join(gz(_records(**fields)))


def _changed(change: Callable[[bytes], bytes], at: int = HIT) -> bytes:
    """Return the archive with the packed bytes of one record changed."""
    parts = gz(_records())
    parts[at] = change(parts[at])
    return b"".join(parts)


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def _length(change: Callable[[int], object]) -> Callable[[], bytes]:
    size = len(http(text(HIT)))
    return lambda: _packed(length=change(size))


def _encoded(body: Callable[[bytes], bytes], *headers: str) -> Callable[[], bytes]:
    """Return the archive whose record was sent so encoded."""
    fields = ("Content-Type: text/html; charset=utf-8", *headers)
    return lambda: _packed(block=http(body(text(HIT)), *fields))


def _chunked(data: bytes) -> bytes:
    parts = [data[at : at + 1000] for at in range(0, len(data), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _bomb(data: bytes) -> bytes:
    """Return a page followed by 400 MB of blanks, packed into some 400 KB."""
    output = io.BytesIO()
    with gzip.GzipFile(fileobj=output, mode="wb", mtime=0) as file:
        file.write(data)
        for _ in range(400):
            file.write(b" " * (1 << 20))
    return output.getvalue()


def _around(before: str, after: str = "") -> Callable[[], list[bytes]]:
    """Return pages of which one has more before and after its text."""

    def make() -> list[bytes]:
        found = [text(number) for number in range(COUNT)]
        whole = found[HIT].decode()
        found[HIT] = (
            whole.replace("<p>", f"{before}<p>", 1).replace("</body>", f"{after}</body>").encode()
        )
        return found

    return make


def _with_page(change: Callable[[bytes], bytes]) -> Callable[[], list[bytes]]:
    return lambda: [
        change(text(number)) if number == HIT else text(number) for number in range(COUNT)
    ]


def _page_case(
    title: str, pages: Callable[[], list[bytes]], *, hurt: frozenset[int] = frozenset({HIT})
) -> Case:
    def data() -> bytes:
        return b"".join(gz(record(n, http(body)) for n, body in enumerate(pages())))

    return Case(title, data, hurt, pages=pages, genuine=True)


def _misnested(size: int) -> str:
    return "<div>" + "".join(f"<b {n}><i {n}>" for n in range(size)) + "x</b></div>"


_GARBAGE = random.Random(5).randbytes(300)
_WHOLE = frozenset[int]()
_LAST = frozenset({COUNT - 1})

CASES: Sequence[Case] = (
    _page_case("no damage", _with_page(bytes), hurt=_WHOLE),
    Case("file cut in the last page", lambda: _packed()[:-1500], _LAST),
    Case("file cut in the last record's head", lambda: _changed(lambda d: d[:90], -1), _LAST),
    Case("file of zstd cut", lambda: b"".join(zst(_records()))[:-1500], _LAST, "fault.warc.zst"),
    Case("one bit flipped", lambda: _changed(lambda d: _flipped(d, len(d) // 2))),
    Case("checksum wrong", lambda: _changed(lambda d: _flipped(d, len(d) - 6))),
    Case("half of a record missing", lambda: _changed(lambda d: d[: len(d) // 2])),
    Case("garbage between records", lambda: _changed(lambda d: _GARBAGE + d), _WHOLE),
    Case("4 KB of zeros between records", lambda: _changed(lambda d: bytes(4096) + d), _WHOLE),
    Case("empty gzip member", lambda: _changed(lambda d: gzip.compress(b"", mtime=0) + d), _WHOLE),
    Case("all records in one gzip member", lambda: gz([b"".join(_records())])[0], _WHOLE),
    Case("length too small by 500", _length(lambda n: n - 500)),
    Case("length too large by 30,000", _length(lambda n: n + 30_000)),
    Case(
        "the same, not compressed",
        lambda: b"".join(_records(length=len(http(text(HIT))) + 30_000)),
        name="fault.warc",
    ),
    Case("length of 10^19", _length(lambda n: 10**19)),
    Case("length negative", _length(lambda n: -5)),
    Case("length missing", _length(lambda n: None)),
    Case(
        "version line garbled",
        lambda: b"".join(
            gz(
                p.replace(b"WARC/1.0", b"WRAC/1,0", 1) if n == HIT else p
                for n, p in enumerate(_records())
            )
        ),
    ),
    Case(
        "line ends of LF alone",
        lambda: _packed(block=http(text(HIT), newline="\n"), newline="\n"),
        _WHOLE,
    ),
    Case("head with a line of 100 KB", lambda: _packed(extra=["X-Long: " + "a" * 100_000]), _WHOLE),
    Case("record without an address", lambda: _packed(url=None), _WHOLE),
    Case(
        "digest wrong",
        lambda: _packed(digests=False, extra=[f"WARC-Block-Digest: sha1:{'A' * 32}"]),
    ),
    Case(
        "sent chunked and gzipped",
        _encoded(
            lambda d: _chunked(gzip.compress(d)),
            "Transfer-Encoding: chunked",
            "Content-Encoding: gzip",
        ),
        _WHOLE,
    ),
    Case("sent with brotli", _encoded(brotli.compress, "Content-Encoding: br"), _WHOLE),
    Case("sent with zstd", _encoded(lambda d: zst([d])[0], "Content-Encoding: zstd"), _WHOLE),
    Case(
        "sent with bare deflate",
        _encoded(lambda d: zlib.compress(d)[2:-4], "Content-Encoding: deflate"),
        _WHOLE,
    ),
    Case("sent plain, declared gzip", _encoded(bytes, "Content-Encoding: gzip"), _WHOLE),
    Case(
        "sent gzipped, with a wrong checksum",
        _encoded(
            lambda d: _flipped(gzip.compress(d), -6 + len(gzip.compress(d))),
            "Content-Encoding: gzip",
        ),
    ),
    Case(
        "sent gzipped, cut", _encoded(lambda d: gzip.compress(d)[:-1500], "Content-Encoding: gzip")
    ),
    Case(
        "400 KB that inflate to 400 MB",
        _encoded(_bomb, "Content-Encoding: gzip"),
        genuine=True,
    ),
    _page_case("page empty", _with_page(lambda d: b"")),
    _page_case(
        "page of UTF-16 without a label",
        _with_page(lambda d: d.decode().encode("utf-16")),
        hurt=_WHOLE,
    ),
    _page_case(
        "page with NUL and control characters",
        _with_page(lambda d: d.replace(b"<p>", b"\0\1<p>\0")),
        hurt=_WHOLE,
    ),
    _page_case(
        "300 nested elements around the text", _around("<div>" * 300, "</div>" * 300), hurt=_WHOLE
    ),
    _page_case("100,000 nested elements", _around("<div>" * 100_000)),
    _page_case(
        "script of 11 MB before the text",
        _around(f"<script>var x='{'y' * 11_000_000}'</script>"),
        hurt=_WHOLE,
    ),
    _page_case("8,000 formatting elements never closed", _around("", _misnested(4_000))),
    _page_case(
        "element with 100,000 attributes",
        _around(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>many</p>"),
    ),
    _page_case(
        "table of 50,000 rows",
        _around(
            "",
            "<table>"
            + "".join(f"<tr><td>{n}<td>lot {n}<td>sold</tr>" for n in range(50_000))
            + "</table>",
        ),
    ),
)


def write_case(case: Case, folder: Path) -> tuple[Path, Path]:
    """Write the archive and the folder of pages of a case; return both."""
    archive = folder / "archive" / case.name
    archive.parent.mkdir(parents=True)
    archive.write_bytes(case.data())
    pages = folder / "pages"
    pages.mkdir()
    for number, body in enumerate(case.pages() if case.pages else ()):
        (pages / f"page{number}.html").write_bytes(body)
    return archive, pages
