"""Readers of archives: WARC, ARC, WACZ, folders, zip, tar, JSONL and Parquet."""

from __future__ import annotations

from cleaner.archive.inputs.again import read_again, read_raw
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.reader import read_shard

__all__ = ["InputOptions", "read_again", "read_raw", "read_shard"]
