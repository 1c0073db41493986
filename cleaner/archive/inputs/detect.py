"""Which reader an input is for: by its first bytes, and by its name where those leave it open."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath
from typing import BinaryIO, Final

from cleaner.archive.inputs.codecs import peek
from cleaner.archive.inputs.heads import begins_record
from cleaner.archive.inputs.views import FileView
from cleaner.archive.inputs.warc import find_codec
from cleaner.archive.inputs.zips import is_archive, open_zip

WARC, WACZ, FOLDER, ZIP = "warc", "wacz", "folder", "zip"
TAR, JSONL, PARQUET = "tar", "jsonl", "parquet"

_SUFFIXES: Final = (
    (re.compile(r"\.w?arc(\.gz|\.zst)?\Z", re.I), WARC),
    (re.compile(r"\.wacz\Z", re.I), WACZ),
    (re.compile(r"\.zip\Z", re.I), ZIP),
    (re.compile(r"\.(tar(\.(gz|bz2|xz|zst))?|tgz|tbz2?|txz)\Z", re.I), TAR),
    (re.compile(r"\.(jsonl|ndjson|jsonlines)(\.(gz|zst))?\Z", re.I), JSONL),
    (re.compile(r"\.(parquet|pq)\Z", re.I), PARQUET),
)
_JSON_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"")
_JSON_NAME = re.compile(r"\.json(\.(gz|zst))?\Z", re.I)
_TAR_MAGIC = b"ustar"
_TAR_PLACE = 257
_TAR_PACKED = (b"BZh", b"\xfd7zXZ\x00")


def kind_by_name(path: str) -> str | None:
    """Return the reader that a file name asks for, ``None`` for that of pages."""
    name = PurePath(path).name
    return next((kind for pattern, kind in _SUFFIXES if pattern.search(name)), None)


def find_kind(file: BinaryIO, path: str) -> str:
    """Return the reader of a file; ``folder`` for one that is no archive, but a page itself."""
    named = kind_by_name(path)
    view = FileView(file)
    head = view.read(0, 1 << 14)
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return WACZ if named == WACZ or _is_wacz(file) else ZIP
    if head.startswith(_TAR_PACKED):
        return TAR
    codec = find_codec(view, path)
    if codec is not None and codec.begins(head):
        head = peek(codec.open(view, 0))
    if begins_record(head):
        return WARC
    if head.startswith(_TAR_MAGIC, _TAR_PLACE):
        return TAR
    if named is None and _JSON_NAME.search(path) and _JSON_OBJECT.match(head):
        return JSONL
    return named or FOLDER


def _is_wacz(file: BinaryIO) -> bool:
    try:
        with open_zip(file) as archive:
            return any(is_archive(info) for info in archive.infolist())
    except zipfile.BadZipFile:
        return False
