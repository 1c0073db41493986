"""What a page is: an article, a forum's thread, a product, a list, documentation, ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found, is_home
from cleaner.metadata.jsonld import text_of, types_of
from cleaner.metadata.tables import table
from cleaner.metadata.titlecut import is_article


def find_page_type(evidence: Evidence, *, bylined: bool = False) -> Found[str] | None:
    """Return the type of a page, if its markup, its software or its address tells it.

    One of ``article``, ``documentation``, ``event``, ``forum``, ``listing``, ``product``,
    ``profile``, ``recipe``, ``service``. A page with an author and a date (``bylined``) that
    nothing says more of is an article.
    """
    found = first_found(evidence, _TYPES)
    if found is None and bylined and not is_home(evidence.page.capture.url):
        return Found("article", "page:byline")
    return found


def _rows(name: str) -> Mapping[str, list[str]]:
    rows: Mapping[str, list[str]] = table("pagetypes")[name]
    return rows


def _front_matter(evidence: Evidence) -> str | None:
    stated = (evidence.first("front-matter", "type", "page_type") or "").casefold()
    return stated if stated in _rows("types") else None


def _json_ld(evidence: Evidence) -> str | None:
    kinds = {t for item in evidence.main for t in types_of(item)}
    for name, endings in _rows("types").items():
        if any(kind.endswith(tuple(endings)) for kind in kinds):
            return name
    return None


def _og_type(evidence: Evidence) -> str | None:
    stated = (evidence.first("meta", "og:type") or "").casefold()
    return next((name for name, values in _rows("og").items() if stated in values), None)


def _generator(evidence: Evidence) -> str | None:
    stated = " ".join(evidence.values("meta", "generator")).casefold()
    for name, parts in _rows("generator").items():
        if any(part in stated for part in parts):
            return name
    return None


def _address(name: str, evidence: Evidence) -> str | None:
    address = (evidence.page.capture.url or "").casefold().partition("//")[2]
    return name if _address_pattern(name).search(address) else None


@lru_cache(maxsize=8)
def _address_pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_rows("address")[name]))


def _published(evidence: Evidence) -> str | None:
    """An article is dated: systems say of many other pages that they are articles."""
    dated = is_article(evidence) and (
        any(text_of(item.get("datePublished")) for item in evidence.main)
        or evidence.first("meta", "article:published_time", "datepublished") is not None
    )
    return "article" if dated and not is_home(evidence.page.capture.url) else None


_TYPES: tuple[Candidate[str], ...] = (
    ("front-matter:type", _front_matter),
    ("json-ld:@type", _json_ld),
    ("meta:og:type", _og_type),
    ("meta:generator", _generator),
    ("url", lambda e: _address("documentation", e)),
    ("url", lambda e: _address("forum", e)),
    ("url", lambda e: _address("product", e)),
    ("url", lambda e: _address("listing", e)),
    ("meta:published", _published),
)
