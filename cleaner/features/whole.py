"""What the page as a whole says: of what kind it is, and how its text is made."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from cleaner.features.arrays import KINDS, Columns, PageArrays, named_rows
from cleaner.features.basics import LONG, is_forum
from cleaner.types import Kind, MediaType, Page


class _Signs(NamedTuple):
    types: Mapping[str, Sequence[str]]
    addresses: Mapping[str, re.Pattern[str]]


@cache
def _signs() -> _Signs:
    """Return what tells the kind of a page, from ``data/pages.toml``."""
    source = files("cleaner").joinpath("data/pages.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(source)
    addresses = {name: re.compile("|".join(parts)) for name, parts in tables["addresses"].items()}
    return _Signs(tables["types"], addresses)


def whole_columns(page: PageArrays) -> Columns:
    """Return what is true of the whole page, the same for each block."""
    values = _kind_evidence(page.page) | _make_up(page)
    rows = np.repeat(np.array([*values.values()], dtype=np.float32)[:, None], page.size, axis=1)
    return named_rows([f"page_{name}" for name in values], rows)


def _kind_evidence(page: Page) -> dict[str, float]:
    """Return what address, structured data and head say of the page's kind."""
    url = (page.capture.url or "").lower().partition("//")[2]
    path = url.partition("/")[2].rstrip("/")
    types = " ".join(page.json_ld)
    og_type = next((f.value.lower() for f in page.facts if f.name == "og:type"), "")
    values = {
        f"json_{name}": float(any(word in types for word in words))
        for name, words in _signs().types.items()
    }
    for name, pattern in _signs().addresses.items():
        values[f"url_{name}"] = float(bool(pattern.search(url)))
    values["url_depth"] = float(path.count("/") + bool(path)) if url else np.nan
    values["url_words"] = float(path.rpartition("/")[2].count("-")) if url else np.nan
    values["og_article"] = float("article" in og_type)
    values["og_product"] = float("product" in og_type)
    values["og_website"] = float("website" in og_type)
    values["forum"] = float(is_forum(page))
    values["markup"] = float(bool(page.elements))
    values["markdown"] = float(page.capture.media_type is MediaType.MARKDOWN)
    values["published"] = float(any("published" in f.name.lower() for f in page.facts))
    return values


def _make_up(page: PageArrays) -> dict[str, float]:
    counts = page.characters
    seen = page.seen
    length = np.where(seen, counts.length, 0)
    whole = max(float(length.sum()), 1.0)
    long_text = length * (length >= LONG) * (page.linked * 2 < length)
    n = page.size
    tags = [element[0] for element in page.page.elements]
    return {
        "blocks": float(np.log1p(n)),
        "length": float(np.log1p(whole)),
        "linked": float((page.linked * seen).sum()) / whole,
        "links": float(page.links.sum()) / n,
        "long": float(long_text.sum()) / whole,
        "long_count": float(np.log1p((long_text > 0).sum())),
        "mean": whole / n,
        "hidden": 1 - whole / max(float(counts.length.sum()), 1.0),
        "headings": float((page.kind == KINDS[Kind.HEADING]).sum()) / n,
        "currency": float(np.log1p(counts.currency.sum())),
        "digits": float(counts.digits.sum()) / whole,
        "dense": float(counts.dense.sum()) / whole,
        "code": float((page.kind == KINDS[Kind.CODE]).sum()) / n,
        "rows": float((page.kind == KINDS[Kind.TABLE_ROW]).sum()) / n,
        "controls": float((page.kind == KINDS[Kind.CONTROL]).sum()) / n,
        "articles": float(np.log1p(tags.count("article"))),
        "mains": float("main" in tags),
        "times": float(np.log1p(sum(f.source == "time" for f in page.page.facts))),
    }
