"""Readers of archives: WARC, ARC, WACZ, folders, zip, tar, JSONL and Parquet."""

from __future__ import annotations

from cleaner.archive.inputs.options import InputOptions

__all__ = ["InputOptions"]
