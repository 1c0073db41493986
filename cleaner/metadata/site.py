"""The name of the site, as the page states it or shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found, host_keys
from cleaner.metadata.jsonld import text_of, types_of
from cleaner.metadata.text import key, squash, words
from cleaner.metadata.titlecut import COLON, SEPARATOR
from cleaner.metadata.titleline import page_title
from cleaner.types import Block, Kind, Span, SpanKind

_MAX_NAME = 60
"""Characters of a site's name."""

_MAX_COPYRIGHT = 300
"""Characters of a line that holds a notice of copyright."""

_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[\s©]*(?P<name>[^.,;|·©]++)(?!\.\w)", re.IGNORECASE)
_YEARS = re.compile(r"^[\s\d,\u2013-]+|[\s\d,\u2013-]+$|\bby\b|\ball rights\b.*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_MASTHEAD = 12
"""Blocks at the beginning of a page among which its masthead stands."""


def find_site_name(
    evidence: Evidence, title: str | None, *, visible: bool = True
) -> Found[str] | None:
    """Return the site's name; one that is only shown needs a second witness."""
    found = first_found(evidence, _STATED)
    if found or not visible:
        return found
    return first_found(
        evidence,
        (
            ("title:segment", partial(_title_segment, title)),
            ("visible:copyright", _copyright),
            ("visible:masthead", _masthead),
        ),
    )


def find_publisher(evidence: Evidence) -> Found[str] | None:
    """Return who publishes the site, as the page states it: a name, no address."""
    found = first_found(evidence, _PUBLISHERS)
    return None if found and "://" in found.value else found


def _fact(source: str, name: str, evidence: Evidence) -> str | None:
    return evidence.first(source, name)


def _named(name: str, evidence: Evidence) -> str | None:
    """The site's name in a meta tag, unless it is the page's own title by mistake."""
    value = evidence.first("meta", name)
    return value if value and key(value) in evidence.site_keys else None


def _front_matter(evidence: Evidence) -> str | None:
    return evidence.first("front-matter", "site", "site name", "publisher")


def _web_site(evidence: Evidence) -> str | None:
    sites = (o for o in evidence.objects if "WebSite" in types_of(o))
    return next(filter(None, (text_of(o.get("name")) for o in sites)), None)


def _publisher(evidence: Evidence) -> str | None:
    names = (text_of(o.get("publisher")) for o in evidence.main)
    return next(filter(None, names), None)


def _title_segment(title: str | None, evidence: Evidence) -> str | None:
    """What ``<title>`` holds beside the title, if the page or its address has it too."""
    text = _BRACKETS.sub("", page_title(evidence, title))
    wanted = words(title or "")
    if not wanted:
        return None
    bounds = [m.span() for m in SEPARATOR.finditer(text)]
    if bounds and words(text)[: len(wanted)] == wanted:
        return _witnessed(text[bounds[-1][1] :], evidence)
    colon = COLON.search(text)
    bounds += [colon.span()] if colon else []
    if bounds and words(text)[-len(wanted) :] == wanted:
        return _witnessed(text[: min(bounds)[0]], evidence)
    return None


def _copyright(evidence: Evidence) -> str | None:
    """Who holds the rights, if the page or its address has that name too."""
    for block in reversed(evidence.page.blocks):
        if len(block.text) <= _MAX_COPYRIGHT and _may_be_copyright(block.text.casefold()):
            for match in _COPYRIGHT.finditer(block.text):
                name = _witnessed(_YEARS.sub("", match["name"]), evidence)
                if name:
                    return name
    return None


def _may_be_copyright(text: str) -> bool:
    """Whether a text in lower case may hold the sign, which is quicker to see than a notice."""
    return "©" in text or "(c)" in text or "copyr" in text


def _masthead(evidence: Evidence) -> str | None:
    """A short block before the title that has the name in the address."""
    names = host_keys(evidence.page.base_url or evidence.page.capture.url or "")
    end = min(_MASTHEAD, evidence.anchor if evidence.anchor is not None else _MASTHEAD)
    for block in evidence.page.blocks[:end]:
        for text in (block.text, *_alternatives(block.spans)):
            if len(text) <= _MAX_NAME and key(text).removeprefix("the") in names:
                return squash(text)
    return None


def _witnessed(name: str, evidence: Evidence) -> str | None:
    """The name, if the page's address has it, or a block or a picture of the page."""
    name = squash(name)
    if not 1 < len(name) <= _MAX_NAME or not words(name):
        return None
    known = key(name)
    hosts = host_keys(evidence.page.base_url or evidence.page.capture.url or "")
    if known.isascii() and any(known.removeprefix("the") in h for h in hosts if len(known) > 3):
        return name
    wanted = name.casefold()
    for block in evidence.page.blocks:
        for text in _shown_texts(block):
            whole = block.kind is Kind.IMAGE or len(text) == len(name)
            if whole and text.casefold().startswith(wanted):
                return name
    return None


def _shown_texts(block: Block) -> Iterator[str]:
    """A block's text, if it is short, and those of its pictures and links."""
    if len(block.text) <= _MAX_NAME * 2:
        yield block.text
    yield from _alternatives(block.spans)
    for span in block.spans:
        if span.kind is SpanKind.LINK:
            yield block.text[span.start : span.end]


def _alternatives(spans: tuple[Span, ...]) -> list[str]:
    return [s.title for s in spans if s.title and s.kind is SpanKind.IMAGE]


_STATED: tuple[Candidate[str], ...] = (
    ("front-matter:site", _front_matter),
    ("meta:og:site_name", partial(_named, "og:site_name")),
    ("json-ld:WebSite.name", _web_site),
    ("json-ld:publisher", _publisher),
    ("meta:application-name", partial(_named, "application-name")),
    ("meta:dc.publisher", partial(_fact, "meta", "dc.publisher")),
)
_PUBLISHERS: tuple[Candidate[str], ...] = (
    ("front-matter:publisher", lambda e: e.first("front-matter", "publisher")),
    ("json-ld:publisher", _publisher),
    ("itemprop:publisher", partial(_fact, "itemprop", "publisher")),
    ("meta:dc.publisher", partial(_fact, "meta", "dc.publisher")),
    ("meta:dcterms.publisher", partial(_fact, "meta", "dcterms.publisher")),
    ("meta:citation_publisher", partial(_fact, "meta", "citation_publisher")),
    ("meta:publisher", partial(_fact, "meta", "publisher")),
)
"""Who publishes a page, the most certain first."""
