"""The document as JSON; ``docs/schema.md`` describes it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.types import Capture, Comment, LabelledBlock, Metadata

SCHEMA_VERSION = "1"
"""Grows when a field changes its meaning or goes; new fields leave it as it is."""

_DIGITS = 4
"""Of probabilities and shares: more would be noise."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which UTF-8 cannot hold."""


def document_dict(document: Document) -> dict[str, Any]:
    """Return a document as JSON-ready values, every field of the schema in a fixed order."""
    return {
        "schema_version": SCHEMA_VERSION,
        **_metadata(document.metadata),
        "text": document.text,
        "markdown": document.markdown,
        "comments": [_comment(comment) for comment in document.comments],
        "confidence": round(document.confidence, _DIGITS),
        "warnings": list(document.warnings),
        "capture": _capture(document.page.capture),
        "blocks": [_block(labelled) for labelled in document.blocks],
    }


def document_json(document: Document, *, blocks: bool = True) -> str:
    """Return a document as JSON text, indented, with a line end; without ``blocks`` if asked."""
    values = document_dict(document)
    if not blocks:
        del values["blocks"]
    return _SURROGATES.sub("\ufffd", json.dumps(values, ensure_ascii=False, indent=2)) + "\n"


def _metadata(metadata: Metadata) -> dict[str, Any]:
    return {
        "url": metadata.url,
        "title": metadata.title,
        "authors": list(metadata.authors),
        "date": metadata.date,
        "modified": metadata.modified,
        "site_name": metadata.site_name,
        "description": metadata.description,
        "language": metadata.language,
        "image": metadata.image,
        "tags": list(metadata.tags),
        "section": metadata.section,
        "subtitle": metadata.subtitle,
        "publisher": metadata.publisher,
        "breadcrumb": list(metadata.breadcrumb),
        "page_type": metadata.page_type,
        "image_text": metadata.image_text,
        "license": metadata.license,
        "free": metadata.free,
        "detected_language": metadata.detected_language,
        "language_score": _rounded(metadata.language_score),
        "direction": metadata.direction,
        "word_count": metadata.word_count,
        "sources": dict(sorted(metadata.sources.items())),
    }


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, _DIGITS)


def _comment(comment: Comment) -> dict[str, Any]:
    return {"text": comment.text, "author": comment.author, "date": comment.date}


def _capture(capture: Capture) -> dict[str, Any]:
    at = capture.captured_at
    return {
        "url": capture.url,
        "media_type": capture.media_type.value,
        "charset": capture.charset,
        "charset_source": capture.charset_source,
        "replaced": round(capture.replaced, _DIGITS),
        "captured_at": at.isoformat() if at else None,
        "size": capture.size,
    }


def _block(labelled: LabelledBlock) -> dict[str, Any]:
    block, label = labelled.block, labelled.label
    return {
        "index": block.index,
        "kind": block.kind.value,
        "label": label.name.value,
        "kept": labelled.kept,
        "probability": round(label.probability, _DIGITS),
        "reason": label.reason,
        "text": block.text,
        "path": labelled.path,
        "lines": list(block.lines) if block.lines else None,
        "hidden": block.hidden,
        "origin": block.origin,
        "level": block.level,
        "ordinal": block.ordinal,
        "continues": block.continues,
        "quote_depth": block.quote_depth,
        "language": block.language,
        "group": block.group,
    }
