"""Files of records, made by hand so that every fault can be put where it is wanted."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import zstandard

from cleaner.archive.inputs import InputOptions, read_shard
from cleaner.archive.plan import plan
from cleaner.archive.records import Fault, Item, Record, Shard, Skip

WORDS = "harbour tide lantern gull rope ferry dawn storm anchor chart mast quay".split()
WHOLE = InputOptions(shard_bytes=0)


def marker(number: int) -> bytes:
    """Return a word that stands on one page alone."""
    return f"Marker{number:05d}x".encode()


def page(number: int, words: int = 60) -> bytes:
    """Return an HTML page whose every line bears its marker."""
    rng = random.Random(number)
    mark = marker(number).decode()
    lines = [f"<p>{mark} {' '.join(rng.choices(WORDS, k=12))}.</p>" for _ in range(words // 12)]
    return (
        f"<html><head><title>{mark}</title></head>\n<body>{''.join(lines)}</body></html>".encode()
    )


def http(body: bytes, *headers: str, status: str = "200 OK", newline: str = "\r\n") -> bytes:
    """Return an HTTP response."""
    lines = headers or ("Content-Type: text/html; charset=utf-8",)
    return newline.join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def record_id(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"


def digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record(
    number: int,
    block: bytes | None = None,
    *,
    kind: str | None = "response",
    url: str | bytes | None = "",
    length: str | int | None = "",
    digests: bool = True,
    version: str = "WARC/1.0",
    newline: str = "\r\n",
    content_type: str = "application/http; msgtype=response",
    extra: Sequence[str] = (),
    separator: bytes = b"\r\n\r\n",
) -> bytes:
    """Return a WARC record; each field can be wrong, or missing (``None``)."""
    block = http(page(number)) if block is None else block
    fields: list[bytes] = [version.encode()]
    if kind is not None:
        fields.append(f"WARC-Type: {kind}".encode())
    fields.append(f"WARC-Record-ID: {record_id(number)}".encode())
    fields.append(b"WARC-Date: 2024-03-05T06:07:08Z")
    if url is not None:
        named = url or f"https://site{number}.example/page"
        fields.append(
            b"WARC-Target-URI: " + (named if isinstance(named, bytes) else named.encode())
        )
    fields.append(f"Content-Type: {content_type}".encode())
    if digests:
        fields.append(f"WARC-Block-Digest: {digest(block)}".encode())
    fields.extend(field.encode("latin-1") for field in extra)
    if length is not None:
        fields.append(f"Content-Length: {len(block) if length == '' else length}".encode())
    end = newline.encode()
    return end.join([*fields, b"", b""]) + block + separator


def arc_record(number: int, block: bytes | None = None, *, version: int = 1) -> bytes:
    """Return an ARC record."""
    block = http(page(number)) if block is None else block
    more = "" if version == 1 else "200 - - 0 file.arc "
    line = (
        f"http://site{number}.example/page 192.0.2.{number % 250} 20080203040506 text/html {more}"
    )
    return f"{line}{len(block)}\n".encode() + block + b"\n"


def arc_start(version: int = 1) -> bytes:
    """Return the record that an ARC file begins with."""
    text = (
        f"{version} 0 Example\nURL IP-address Archive-date Content-type Archive-length\n".encode()
    )
    more = "" if version == 1 else "200 - - 0 file.arc "
    head = f"filedesc://file.arc 0.0.0.0 20080203040506 text/plain {more}{len(text)}\n"
    return head.encode() + text + b"\n"


def gz(parts: Iterable[bytes]) -> list[bytes]:
    """Return each part as a gzip member."""
    return [gzip.compress(part, mtime=0) for part in parts]


def zst(parts: Iterable[bytes]) -> list[bytes]:
    """Return each part as a zstd frame with a checksum."""
    return [zstandard.ZstdCompressor(write_checksum=True).compress(part) for part in parts]


def plain(parts: Iterable[bytes]) -> list[bytes]:
    return list(parts)


PACKERS = {".warc": plain, ".warc.gz": gz, ".warc.zst": zst}


def wacz(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a WACZ with files of records, and the parts that every WACZ has."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(f"archive/{name}"), data, method)
        archive.writestr(zipfile.ZipInfo("pages/pages.jsonl"), b'{"format": "json-pages-1.0"}\n')
        archive.writestr(zipfile.ZipInfo("datapackage.json"), b"{}")
    return output.getvalue()


def write(folder: Path, name: str, data: bytes | Iterable[bytes]) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else b"".join(data))
    return path


def read(path: Path, options: InputOptions = WHOLE) -> list[Item]:
    """Return all items of an input."""
    return [item for shard in plan([path], options) for item in read_shard(shard, options)]


def read_as(path: Path, kind: str, options: InputOptions = WHOLE) -> list[Item]:
    """Return all items of a file by a reader of a kind, whatever it looks like."""
    return list(read_shard(Shard(0, kind, (str(path),)), options))


def records(items: Iterable[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def faults(items: Iterable[Item]) -> list[Fault]:
    return [item for item in items if isinstance(item, Fault)]


def skips(items: Iterable[Item]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Skip)]


def number_of(item: Record) -> int:
    """Return the number of the page that a record holds, after a check that it holds no other."""
    body = item.body if isinstance(item.body, bytes) else item.body.encode()
    marks = {body[at : at + 12] for at in range(len(body)) if body.startswith(b"Marker", at)}
    assert len(marks) == 1, marks
    return int(marks.pop()[6:11])


def numbers(items: Iterable[Item]) -> list[int]:
    return [number_of(item) for item in records(items)]


def assert_covers(items: Iterable[Item], size: int) -> None:
    """Check that the items cover a file of records from its first byte to its last, once each."""
    position = 0
    inner = 0
    for item in items:
        source = item.source
        assert source.offset is not None
        if source.inflated_offset is not None:
            if source.offset != position:  # the stream that held several has ended
                assert source.offset > position
                position, inner = source.offset, 0
            assert source.inflated_offset == inner
            assert source.inflated_length is not None
            inner += source.inflated_length
            if source.length is not None:
                position, inner = source.offset + source.length, 0
            continue
        assert source.length is not None
        assert source.offset == position
        position += source.length
    assert position == size or inner  # a stream of several records does not say its length
