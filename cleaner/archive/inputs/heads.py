"""Heads of WARC and ARC records: where one begins, what it says, how long its block should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from cleaner.archive.inputs.views import View

MAX_HEAD = 1 << 20  # bytes; real heads are below 100 KB
_FIRST_READ = 1 << 14  # bytes
_MAX_LENGTH = 1 << 50  # bytes; a larger block is no length but damage

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"([^\s:][^:]*?)\s*:\s*(.*)")
_KNOWN_VERSIONS = (b"WARC/1.0", b"WARC/1.1", b"WARC/0.17", b"WARC/0.18")
_ARC_LINE = (
    rb"[a-zA-Z][a-zA-Z0-9+.-]{0,31}:[^\r\n]{0,8000}? [0-9.:a-fA-F]{1,45} \d{8,17} "
    rb"[^\r\n]{0,400}?\d{1,15}\r?\n"
)
_STAMP = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\Z")
_PARTIAL = re.compile(r"\d{4}(-\d\d)?\Z")


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What the head of a record says."""

    kind: str
    """``response``, ``resource``, ``request``, ...; empty where nothing says."""
    length: int | None
    """Length of the block as declared; ``None`` where none is, or none that can be."""
    size: int
    """Length of the head itself, with the blank line that ends it."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Header fields, names in lower case."""
    warnings: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """Return a field, empty where there is none."""
        return self.fields.get(name, "")


class Format(Protocol):
    """How records of a file begin and end."""

    separator: bytes
    """What follows a block."""
    boundary: re.Pattern[bytes]
    """Matched where a record begins, wherever that is looked for."""
    reach: int
    """Most bytes that the boundary is matched on."""

    def begins(self, head: bytes) -> bool:
        """Tell whether a record begins with these bytes."""

    def parse(self, view: View, position: int) -> RecordHead | None:
        """Return the head at a position, ``None`` where it is broken."""


class WarcFormat:
    """Records of WARC, of any version."""

    separator = b"\r\n\r\n"
    boundary = re.compile(rb"WARC/\d{1,2}\.\d{1,3}[ \t]*\r?\n(?=[A-Za-z][A-Za-z0-9-]{0,60}[ \t]*:)")
    reach = 128
    _START = re.compile(rb"WARC/\d{1,2}\.\d{1,3}[ \t]*\r?\n")

    def begins(self, head: bytes) -> bool:
        """Tell whether a record begins with these bytes."""
        return self._START.match(head) is not None

    def parse(self, view: View, position: int) -> RecordHead | None:
        """Return the head at a position, ``None`` where it is broken or has no end."""
        data = view.read(position, _FIRST_READ)
        end = _BLANK_LINE.search(data)
        if end is None and len(data) == _FIRST_READ and not self.boundary.search(data, 1):
            data = view.read(position, MAX_HEAD)
            end = _BLANK_LINE.search(data)
        if end is None:
            return None
        lines = data[: end.start()]
        if self.boundary.search(lines, 1):
            return None  # the head's end is lost, and the next record begins in it
        version = lines.partition(b"\n")[0].strip()
        fields = parse_fields(lines)
        return RecordHead(
            kind=_kind(fields),
            length=parse_length(fields.get("content-length", "")),
            size=end.end(),
            fields=fields,
            warnings=() if version in _KNOWN_VERSIONS else ("unknown-version",),
        )


class ArcFormat:
    """Records of ARC, version 1 and 2: one line, then the block."""

    separator = b"\n"
    boundary = re.compile(rb"(?<=\n)" + _ARC_LINE)
    reach = 9000
    _START = re.compile(_ARC_LINE)
    # Address, IP, time, media type; in version 2 status, checksum, location, offset, name; length.
    _FIELDS = re.compile(r"(\S.*?) [0-9.:a-fA-F]{1,45} (\d{8,17}) (?:([^\s;]*).*? )?(\d+)\r?\Z")

    def begins(self, head: bytes) -> bool:
        """Tell whether a record begins with these bytes."""
        return self._START.match(head) is not None

    def parse(self, view: View, position: int) -> RecordHead | None:
        """Return the head at a position, ``None`` where it is broken."""
        line = view.read(position, self.reach).partition(b"\n")[0]
        match = self._FIELDS.match(decode_header(line))
        if match is None:
            return None
        url, stamp, media_type, length = match.groups()
        is_version = url.startswith("filedesc:")
        fields = {"warc-target-uri": url, "warc-date": stamp, "content-type": media_type or ""}
        return RecordHead(
            kind="warcinfo" if is_version else "response",
            length=parse_length(length),
            size=len(line) + 1,
            fields=fields,
        )


def _kind(fields: Mapping[str, str]) -> str:
    kind = fields.get("warc-type", "").strip().lower()
    return kind if re.fullmatch(r"[a-z][a-z0-9-]{0,30}", kind) else ""


def parse_fields(data: bytes) -> dict[str, str]:
    """Return the fields of a header block whose first line is none; the first of a name counts.

    Names are in lower case; folded lines are joined, lines without a colon are left out.
    """
    fields: dict[str, str] = {}
    name = ""
    for line in decode_header(data).replace("\r\n", "\n").split("\n")[1:]:
        if line[:1] in {" ", "\t"} and name:
            fields[name] += " " + line.strip()
            continue
        match = _FIELD.match(line)
        name = ""
        if match and match[1].lower() not in fields:
            name = match[1].lower()
            fields[name] = match[2].strip()
    return fields


def decode_header(data: bytes) -> str:
    """Return header bytes as text: UTF-8, or latin-1 where they are none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse_length(text: str) -> int | None:
    """Return a length that can be, else ``None``."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    length = int(text)
    return length if length < _MAX_LENGTH else None


def parse_time(text: str) -> datetime | None:
    """Return a time in ISO form, or of 4 to 14 digits, in UTC where it names no zone."""
    text = text.strip()
    stamp = _STAMP.match(text)
    try:
        if stamp:
            year, month, day, *clock = (int(part) for part in stamp.groups(default="0"))
            hour, minute, second = clock
            return datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=UTC)
        if _PARTIAL.match(text):
            text += "-01" if len(text) == 7 else "-01-01"
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


WARC = WarcFormat()
ARC = ArcFormat()
FORMATS: tuple[Format, ...] = (WARC, ARC)


def begins_record(head: bytes) -> bool:
    """Tell whether a record of any format begins with these bytes."""
    return any(known.begins(head) for known in FORMATS)
