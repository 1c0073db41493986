"""Content encodings: gzip, deflate, Brotli and zstd bodies, undone with a cap on their size.

Every stream is inflated piece by piece into an output that refuses to grow over the cap,
so a compression bomb costs no more memory than an honest page of the largest size.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

from cleaner.errors import DecodeError, TooLargeError

MISMATCH = "content-encoding-mismatch"
TRUNCATED = "content-encoding-truncated"
BROKEN = "content-encoding-broken"

_GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_MAGIC = {"gzip": _GZIP_MAGIC, "zstd": _ZSTD_MAGIC}
_NAMES = {
    "gzip": "gzip",
    "x-gzip": "gzip",
    "deflate": "deflate",
    "br": "br",
    "zstd": "zstd",
}
_NO_ENCODING = {"identity", "none", "binary", ""}
_MAX_LAYERS = 5  # servers double-compress by mistake; more layers than this is an attack

_PIECE = 1 << 18  # bytes inflated in one step
_ZSTD_FEED = 32  # bytes; zstd can't bound a step's output, but 32 bytes hold at most 1 MiB
_ZSTD_WINDOW = 1 << 23  # bytes; what RFC 8878 asks of a decoder on the web
_PLAIN_SAMPLE = 1024  # bytes
# Bytes that text never holds, in any 8-bit character set; NUL is left to the UTF-16 test.
_BINARY_BYTES = bytes([*range(1, 9), 11, *range(14, 27), *range(28, 32), 127])


class _Broken(Exception):
    """A stream holds data that its decoder refuses."""


class _Output:
    """Collects inflated pieces and refuses to grow over the cap."""

    def __init__(self, max_bytes: int) -> None:
        self.data = bytearray()
        self.max_bytes = max_bytes

    def write(self, piece: bytes) -> None:
        if len(self.data) + len(piece) > self.max_bytes:
            raise TooLargeError(
                f"the body inflates to more than {self.max_bytes} bytes; "
                "raise max_bytes if that is meant"
            )
        self.data += piece


def undo_encodings(
    body: bytes, declared: str, max_bytes: int, *, keep_partial: bool = False
) -> tuple[bytes, tuple[str, ...]]:
    """Return the body without its content encodings, and warnings.

    ``declared`` is the value of the Content-Encoding header, or empty. An encoding that
    shows by its magic bytes is undone whether it is declared or not. ``keep_partial`` keeps what
    a broken stream gave before it broke, with a warning.

    Raises ``DecodeError`` for a stream that is broken or of an unknown encoding, and
    ``TooLargeError`` when the body inflates to more than ``max_bytes``.
    """
    names = [n for n in (part.strip().lower() for part in declared.split(",")) if n]
    names = [n for n in names if n not in _NO_ENCODING]
    if len(names) > _MAX_LAYERS:
        raise DecodeError(f"more than {_MAX_LAYERS} content encodings: {declared[:80]}")
    warnings: list[str] = []
    for name in reversed(names):
        body = _undo_declared(body, name, max_bytes, warnings, keep_partial)
    layers = 0
    while (shown := _shown_encoding(body)) is not None:
        layers += 1
        if layers > _MAX_LAYERS:
            raise DecodeError(f"the body is compressed more than {_MAX_LAYERS} times over")
        body = _undo(body, shown, max_bytes, warnings, keep_partial)
    return body, tuple(dict.fromkeys(warnings))


def _shown_encoding(body: bytes) -> str | None:
    return next((name for name, magic in _MAGIC.items() if body.startswith(magic)), None)


def _undo_declared(
    body: bytes, name: str, max_bytes: int, warnings: list[str], keep_partial: bool
) -> bytes:
    """Undo one declared encoding; a body that was decoded on its way here passes as it is."""
    encoding = _NAMES.get(name)
    if encoding is None:
        if not _has_no_control_bytes(body):
            raise DecodeError(f"unknown content encoding {name[:40]!r}")
        warnings.append(MISMATCH)
        return body
    magic = _MAGIC.get(encoding)
    if magic is not None and not body.startswith(magic):
        warnings.append(MISMATCH)
        return body
    if magic is not None:
        return _undo(body, encoding, max_bytes, warnings, keep_partial)
    # Deflate and Brotli have no magic bytes: what reads as text is taken for text.
    if _has_no_control_bytes(body) and _is_utf8(body[:_PLAIN_SAMPLE]):
        warnings.append(MISMATCH)
        return body
    try:
        return _undo(body, encoding, max_bytes, warnings, keep_partial)
    except DecodeError:
        if not _has_no_control_bytes(body):
            raise
        warnings.append(MISMATCH)
        return body


def _has_no_control_bytes(body: bytes) -> bool:
    sample = body[:_PLAIN_SAMPLE]
    is_utf16 = sample.startswith((b"\xff\xfe", b"\xfe\xff"))
    return is_utf16 or len(sample) == len(sample.translate(None, _BINARY_BYTES))


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _undo(
    body: bytes, encoding: str, max_bytes: int, warnings: list[str], keep_partial: bool
) -> bytes:
    output = _Output(max_bytes)
    try:
        complete = _DECODERS[encoding](body, output)
    except _Broken as error:
        if not (keep_partial and output.data):
            raise DecodeError(f"the {encoding} body is broken: {error}") from error
        warnings.append(BROKEN)
        return bytes(output.data)
    if not complete:
        if not output.data:
            raise DecodeError(f"the {encoding} body is cut off before its first word")
        warnings.append(TRUNCATED)
    return bytes(output.data)


def _deflate(body: bytes, output: _Output) -> bool:
    """Inflate what servers call deflate: a zlib stream by the standard, or a raw one."""
    raw, wrapped = -zlib.MAX_WBITS, zlib.MAX_WBITS
    has_header = len(body) > 1 and body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0
    first, second = (wrapped, raw) if has_header else (raw, wrapped)
    try:
        return _inflate(body, output, first)
    except _Broken:
        partial = bytes(output.data)
        output.data.clear()
        try:
            return _inflate(body, output, second)
        except _Broken:
            output.data[:] = partial
            raise


def _inflate(body: bytes, output: _Output, wbits: int) -> bool:
    """Inflate a zlib, raw or gzip stream; return whether it is complete."""
    rest = body
    while True:
        stream = zlib.decompressobj(wbits)
        while not stream.eof:
            before = stream.copy()
            try:
                piece = stream.decompress(rest, _PIECE)
            except zlib.error as error:
                output.write(inflate_to_error(before, rest))
                raise _Broken(str(error)) from error
            if not piece and not stream.eof:
                return False
            output.write(piece)
            rest = stream.unconsumed_tail
        rest = stream.unused_data
        if not rest.startswith(_GZIP_MAGIC) or wbits <= zlib.MAX_WBITS:
            return True  # padding and junk after the last member are no part of the page


def inflate_to_error(stream: Any, data: bytes) -> bytes:
    """Return what a broken stretch gives before it breaks, fed to a zlib object byte by byte."""
    output = bytearray()
    for byte in data:
        try:
            output += stream.decompress(bytes((byte,)), _PIECE)
        except zlib.error:
            break
    return bytes(output)


def _gunzip(body: bytes, output: _Output) -> bool:
    return _inflate(body, output, zlib.MAX_WBITS | 16)


def _unbrotli(body: bytes, output: _Output) -> bool:
    brotli = _library("brotli", "Brotli")
    stream = brotli.Decompressor()
    if not hasattr(stream, "can_accept_more_data"):
        raise DecodeError("this brotli library can't cap its output: install brotli 1.2 or later")
    data = body
    while not stream.is_finished():
        try:
            piece = stream.process(data, output_buffer_limit=_PIECE)
        except brotli.error as error:
            raise _Broken(str(error)) from error
        data = b""
        if not piece and not stream.is_finished() and stream.can_accept_more_data():
            return False
        output.write(piece)
    return True


def _unzstd(body: bytes, output: _Output) -> bool:
    zstandard = _library("zstandard", "zstd")
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    stream = decompressor.decompressobj()
    position = 0
    while position < len(body):
        data = body[position : position + _ZSTD_FEED]
        position += len(data)
        try:
            output.write(stream.decompress(data))
        except zstandard.ZstdError as error:
            raise _Broken(str(error)) from error
        if stream.eof:
            position -= len(stream.unused_data)
            if not body.startswith(_ZSTD_MAGIC, position):
                return True
            stream = decompressor.decompressobj()
    return False


def _library(module: str, encoding: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise DecodeError(
            f"the body is compressed with {encoding}; to read it, install "
            f"the extra: pip install 'cleaner[compression]' (or {module} alone)"
        ) from error


_DECODERS: dict[str, Callable[[bytes, _Output], bool]] = {
    "deflate": _deflate,
    "gzip": _gunzip,
    "br": _unbrotli,
    "zstd": _unzstd,
}
