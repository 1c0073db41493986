"""Figures and per-page scores as JSON-ready values.

::

    version     1; rises when a field changes its meaning
    capture     what the pages were converted to, or "html"
    sets[]      name, kind, pages
      systems[]      F1, its interval, precision and recall (0..1), milliseconds, failures
      page_types[]   name, pages, systems[] as above
      metadata[]     system, field, counts by outcome, share of right values, milliseconds
      capture_failures   name of a converter's exception to pages left out
      results[]      one object a page: id, url, page_type, texts and metadata by system,
                     missed, extra, capture_error
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cleaner.evaluate.results import MetadataResult, PageResult, SetResult, TextResult
from cleaner.evaluate.summary import Group, MetadataSummary, SetSummary, TextSummary

VERSION = 1


def to_json(
    capture: str, results: Sequence[SetResult], summaries: Sequence[SetSummary]
) -> dict[str, Any]:
    """Return all figures and per-page scores of a run; the module says what is in it."""
    return {
        "version": VERSION,
        "capture": capture,
        "sets": [_set(result, summary) for result, summary in zip(results, summaries, strict=True)],
    }


def _set(result: SetResult, summary: SetSummary) -> dict[str, Any]:
    return {
        "name": summary.name,
        "kind": summary.kind,
        "pages": summary.whole.pages,
        "systems": [_text_summary(row) for row in summary.whole.systems],
        "page_types": [_group(group) for group in summary.page_types],
        "metadata": [_metadata_summary(row) for row in summary.metadata],
        "capture_failures": dict(summary.capture_failures),
        "results": [_page(page) for page in result.pages],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "pages": group.pages,
        "systems": [_text_summary(row) for row in group.systems],
    }


def _text_summary(row: TextSummary) -> dict[str, Any]:
    return {
        "system": row.system,
        **asdict(row.figures),
        "milliseconds": asdict(row.timing),
        "failures": dict(row.failures),
    }


def _metadata_summary(row: MetadataSummary) -> dict[str, Any]:
    return {
        "system": row.system,
        "field": row.field,
        "counts": dict(row.counts),
        "share": row.share,
        "invented": row.invented,
        "milliseconds": asdict(row.timing),
        "failures": dict(row.failures),
    }


def _page(page: PageResult) -> dict[str, Any]:
    return {
        "id": page.record.id,
        "url": page.record.url,
        "page_type": page.record.page_type,
        "texts": {text.system: _text(text) for text in page.texts},
        "metadata": {result.system: _metadata(result) for result in page.metadata},
        "missed": list(page.missed),
        "extra": list(page.extra),
        "capture_error": page.capture_error,
    }


def _text(text: TextResult) -> dict[str, Any]:
    return {
        "f1": text.score.f1,
        "precision": text.score.precision,
        "recall": text.score.recall,
        **asdict(text.score),
        "milliseconds": 1000 * text.seconds,
        "error": text.error,
    }


def _metadata(result: MetadataResult) -> dict[str, Any]:
    return {
        "found": {field: list(values) for field, values in result.found.items()},
        "outcomes": dict(result.outcomes),
        "milliseconds": 1000 * result.seconds,
        "error": result.error,
    }
