"""Records to rows: what a worker makes of a page, and what the quarantine keeps of one."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleaner.archive.records import Fault, Record, Source
from cleaner.archive.schema import SCHEMA_VERSION
from cleaner.archive.worker import RefusedError
from cleaner.types import Options

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.template import SiteTemplate

Row = dict[str, Any]

REASONS = {
    "CharsetError": "charset",
    "MediaTypeError": "media-type",
    "DecodeError": "decode",
    "TooLargeError": "too-large",
    "CaptureError": "capture",
    "ParseError": "parse",
}
"""Errors of the package to the words under which the quarantine counts them."""

_DIGITS = 4
_SAMPLE = 2_000  # characters that tell the language
_ESCAPED = re.compile(r"\\x([89a-f][0-9a-f])")
_SURROGATES = re.compile("[\ud800-\udfff]")  # halves of characters, which UTF-8 cannot hold


@dataclass(frozen=True, slots=True)
class Stamp:
    """What says of a row how it was made."""

    cleaner_version: str
    config_hash: str


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a worker needs to know."""

    options: Options
    asked: tuple[str, ...]
    """Optional columns."""
    stamp: Stamp
    sites: str = ""
    """Path of the file of templates; empty for none."""


def make_cleaner(cleaning: Cleaning) -> Callable[[Record], Row]:
    """Return what cleans a record; all that it needs is loaded when this returns."""
    from cleaner.errors import CaptureError, EmptyCaptureError, ParseError
    from cleaner.pipeline import clean

    find_template = template_finder(cleaning.sites)

    def clean_record(record: Record) -> Row:
        try:
            document = clean(
                record.body, **record.told, site=find_template, options=cleaning.options
            )
        except EmptyCaptureError:
            return page_row(record, None, cleaning)
        except (CaptureError, ParseError) as error:
            raise RefusedError(REASONS[type(error).__name__], str(error)) from error
        return page_row(record, document, cleaning)

    warm = "A page whose words load the tables, the model and the detector of languages. " * 4
    clean_record(Record(Source("-"), f"<html><body><p>{warm}</p></body></html>"))
    return clean_record


def template_finder(path: str) -> Callable[[str | None], SiteTemplate | None] | None:
    """Return what finds the template of an address's site in a file; ``None`` without a file.

    Each process opens the file for itself: one that is forked must not share its parent's.
    """
    if not path:
        return None
    import pyarrow.parquet  # noqa: F401  (loaded here, it is shared by all that are forked)

    from cleaner.sites.store import SiteBook

    @cache
    def book(process: int) -> SiteBook:
        return SiteBook(Path(path))

    return lambda url: book(os.getpid()).find_for(url) if url else None


def page_row(record: Record, document: Document | None, cleaning: Cleaning) -> Row:
    """Return the row of a page; without a document, that of an empty capture."""
    text = document.text if document else ""
    cut = record.truncated or record.decode_status != "ok"
    url = record.url or (document.page.capture.url if document else None)
    row: Row = {
        "id": source_id(record.source),
        "url": url,
        "host": host_of(url),
        "status": "empty" if not text else "partial" if cut else "ok",
        "text": text,
    }
    if "markdown" in cleaning.asked:
        row["markdown"] = document.markdown if document else ""
    row |= _metadata(document) | _languages(record, document, text) | _capture(record, document)
    row |= {
        "confidence": round(document.confidence, _DIGITS) if document else 0.0,
        "warnings": list(document.warnings) if document else ["empty-capture"],
        "record_warnings": list(record.warnings),
    }
    if "comments" in cleaning.asked:
        row["comments"] = [
            {"text": c.text, "author": c.author, "date": c.date}
            for c in (document.comments if document else ())
        ]
    if "blocks" in cleaning.asked:
        row["blocks"] = _blocks(document) if document else []
    row |= {
        "extra": dict(record.extra) or None,
        "source": _source(record.source),
        "template_id": (document.template_id if document else None) or "",
        **_stamp(cleaning.stamp),
    }
    return utf8_safe(row)


def refused_row(record: Record, reason: str, detail: str, stamp: Stamp, *, raw: bool) -> Row:
    """Return the quarantine's row of a record that could not be cleaned."""
    body = record.body
    stored = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return utf8_safe(
        {
            "id": source_id(record.source),
            "url": record.url,
            "host": host_of(record.url),
            "stage": "clean",
            "reason": reason,
            "detail": detail,
            "captured_at": utc_text(record.captured_at),
            "bytes_in": len(body),
            "raw": _base64(stored) if raw else None,
            "extra": dict(record.extra) or None,
            "source": _source(record.source),
            **_stamp(stamp),
        }
    )


def fault_row(fault: Fault, stamp: Stamp, *, raw: bool) -> Row:
    """Return the quarantine's row of a record, or a gap, that could not be read."""
    return utf8_safe(
        {
            "id": source_id(fault.source),
            "url": None,
            "host": "",
            "stage": "read",
            "reason": fault.reason,
            "detail": fault.detail,
            "captured_at": None,
            "bytes_in": fault.source.length,
            "raw": _base64(fault.raw) if raw and fault.raw is not None else None,
            "extra": None,
            "source": _source(fault.source),
            **_stamp(stamp),
        }
    )


def source_id(source: Source) -> str:
    """Return 32 hexadecimal digits that name a place of the input."""
    place = (source.offset, source.inflated_offset, source.row, source.record_id)
    key = [source.file, source.member, *place]
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32]


def source_of(values: Mapping[str, Any]) -> Source:
    """Return the source of a row, as ``inputs.read_again`` takes it."""
    known: dict[str, Any] = {field.name: values.get(field.name) for field in fields(Source)}
    for name in ("file", "member"):
        known[name] = _name_given(known[name] or "")
    return Source(**known)


def host_of(url: str | None) -> str:
    """Return the host name of an address, in lower case; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""


def utc_text(time: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, to the second; one without a zone is taken for UTC."""
    if time is None:
        return None
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utf8_safe(row: Row) -> Row:
    """Return a row of JSON-ready values whose strings UTF-8 can hold."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_plain(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    return _base64(value) if isinstance(value, bytes) else _plain(str(value))


def _source(source: Source) -> Row:
    """Return a source as a row has it; bytes of a file's name that are no UTF-8 are escaped."""
    return {**asdict(source), "file": _file_name(source.file), "member": _file_name(source.member)}


def _file_name(name: str) -> str:
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _name_given(name: str) -> str:
    """Return what ``_file_name`` was given: bytes that are no UTF-8 as lone surrogates."""
    return _ESCAPED.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _stamp(stamp: Stamp) -> Row:
    return {
        "schema_version": SCHEMA_VERSION,
        "cleaner_version": stamp.cleaner_version,
        "config_hash": stamp.config_hash,
    }


def _metadata(document: Document | None) -> Row:
    from cleaner.types import Metadata

    metadata = document.metadata if document else Metadata()
    return {
        "title": metadata.title,
        "authors": list(metadata.authors),
        "site_name": metadata.site_name,
        "description": metadata.description,
        "published_at": metadata.date,
        "modified_at": metadata.modified,
        "canonical_url": metadata.url,
        "section": metadata.section,
        "tags": list(metadata.tags),
        "image": metadata.image,
    }


def _languages(record: Record, document: Document | None, text: str) -> Row:
    """Return what is declared, and what the text shows whatever is declared."""
    known = document.metadata.language if document else None
    source = document.metadata.sources.get("language", "") if document else ""
    detected, score = _detected(document, text)
    return {
        "language": known or detected,
        "language_declared": None if source.startswith("detected") else known,
        "language_detected": detected,
        "language_score": None if score is None else round(score, _DIGITS),
        "language_archive": record.languages,
    }


def _detected(document: Document | None, text: str) -> tuple[str | None, float | None]:
    """Return the language of the text and its probability, which full metadata has at hand."""
    from cleaner.metadata.language import detect_language

    if document and document.metadata.detected_language:
        return document.metadata.detected_language, document.metadata.language_score
    return detect_language(text[:_SAMPLE]) or (None, None)


def _capture(record: Record, document: Document | None) -> Row:
    capture = document.page.capture if document else None
    return {
        "captured_at": utc_text(record.captured_at or (capture.captured_at if capture else None)),
        "media_type": capture.media_type.value if capture else "",
        "charset": capture.charset if capture else "",
        "charset_source": capture.charset_source if capture else "",
        "replacement_ratio": round(capture.replaced, _DIGITS) if capture else 0.0,
        "decode_status": record.decode_status,
        "truncated": record.truncated,
        "bytes_in": len(record.body),
    }


def _blocks(document: Document) -> list[Row]:
    pairs = zip(document.page.blocks, document.labels, strict=True)
    return [
        {
            "kind": block.kind.value,
            "label": label.name.value,
            "probability": round(float(label.probability), _DIGITS),
            "text": block.text,
        }
        for block, label in pairs
    ]
