"""Fields that a page states, or does not: description, addresses, licence, access."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from urllib.parse import urldefrag

from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found, is_home
from cleaner.metadata.jsonld import as_list, text_of
from cleaner.metadata.tables import table
from cleaner.metadata.text import squash, words
from cleaner.metadata.visible import is_labelled
from cleaner.types import Block, Kind, LabelName, SpanKind

_MIN_STANDFIRST = 6
_MAX_STANDFIRST = 60
"""Words of a standfirst."""

_REACH = 6
"""Blocks after the title in which a standfirst stands."""

_BYLINE = frozenset({LabelName.BYLINE})
_BETWEEN = frozenset({LabelName.BYLINE, LabelName.SHARE, LabelName.NAVIGATION})
_STRAY = frozenset({LabelName.OTHER})
"""Labels of the lines that may part a standfirst from the title."""

_FULL_STOPS = tuple(table("signs")["standfirst"]["stops"])
"""What a standfirst, which is set like a title, does not end with."""


def find_description(evidence: Evidence) -> Found[str] | None:
    """Return the page's summary of itself; of a text capture it is the standfirst."""
    return first_found(evidence, _DESCRIPTION)


def find_url(evidence: Evidence) -> Found[str] | None:
    """Return the canonical address, or the one that the page was captured from."""
    return first_found(evidence, _URL)


def find_license(evidence: Evidence) -> Found[str] | None:
    """Return the licence of the page's text: an address, or its name."""
    return first_found(evidence, _LICENSE)


def find_free(evidence: Evidence) -> Found[bool] | None:
    """Return whether all may read the page, or ``None`` where it does not say."""
    for item in evidence.main:
        stated = item.get("isAccessibleForFree")
        free = (
            _TRUTHS.get(str(stated).casefold().rpartition("/")[2]) if stated is not None else None
        )
        if free is not None:
            return Found(free, "json-ld:isAccessibleForFree")
    for source, name in (("itemprop", "isaccessibleforfree"), ("meta", "isaccessibleforfree")):
        free = _TRUTHS.get((evidence.first(source, name) or "").casefold())
        if free is not None:
            return Found(free, f"{source}:isAccessibleForFree")
    tier = (evidence.first("meta", "article:content_tier") or "").casefold()
    return Found(tier == "free", "meta:article:content_tier") if tier in _TIERS else None


def find_subtitle(
    evidence: Evidence, title: str | None, *, visible: bool = True
) -> Found[str] | None:
    """Return the second title that stands below or above the first, if it is marked as one."""
    for name, find in _SUBTITLE + (_SUBTITLE_SEEN if visible else ()):
        found = find(evidence)
        if found and words(found) != words(title or "") and len(found) <= _MAX_SUBTITLE:
            return Found(found, name)
    return None


def _fact(source: str, name: str, evidence: Evidence) -> str | None:
    return evidence.first(source, name)


def _main_text(name: str, evidence: Evidence) -> str | None:
    return next(filter(None, (text_of(o.get(name)) for o in evidence.main)), None)


def _standfirst(evidence: Evidence) -> str | None:
    """The paragraph between the title and the body of a text capture that sums it up.

    It is set like a title, without a full stop; or it is strong as a whole; or a
    byline or dateline parts it from the body.
    """
    if not evidence.is_text or evidence.anchor is None:
        return None
    following = evidence.page.blocks[evidence.anchor + 1 :][:_REACH]
    for number, block in enumerate(following):
        parted = any(is_labelled(b, _BYLINE, evidence) for b in following[number + 1 : number + 2])
        beside = number == 0 and parted and not is_labelled(block, _BYLINE, evidence)
        between = is_labelled(block, _BETWEEN, evidence) and not beside
        if block.kind is Kind.IMAGE or between:
            continue
        set_apart = parted or _is_strong(block) or not block.text.endswith(_FULL_STOPS)
        whole = _MIN_STANDFIRST <= len(words(block.text)) <= _MAX_STANDFIRST
        if block.kind is Kind.PARAGRAPH and whole and set_apart:
            return squash(block.text)
        if not is_labelled(block, _STRAY, evidence):
            return None
    return None


def _is_strong(block: Block) -> bool:
    return any(
        s.kind is SpanKind.STRONG and s.start == 0 and s.end >= len(block.text.rstrip())
        for s in block.spans
    )


def _license(value: str | None, evidence: Evidence) -> str | None:
    """An address of a licence, resolved, or its name in words."""
    text = squash(value or "")
    is_name = " " in text or "/" not in text
    return text or None if is_name else evidence.absolute(text)


def _json_ld_license(evidence: Evidence) -> str | None:
    for item in evidence.main:
        for value in as_list(item.get("license")):
            if isinstance(value, dict):
                value = value.get("url") or value.get("@id") or value.get("name")
            if isinstance(value, str) and value.strip():
                return _license(value, evidence)
    return None


def _stated_license(source: str, names: tuple[str, ...], evidence: Evidence) -> str | None:
    return _license(evidence.first(source, *names), evidence)


def _marked_subtitle(evidence: Evidence) -> str | None:
    """The block beside the title whose element is named after a subtitle."""
    if evidence.anchor is None:
        return None
    begin = max(0, evidence.anchor - 1)
    for block in evidence.page.blocks[begin : evidence.anchor + _SUBTITLE_REACH]:
        if block.index != evidence.anchor and block.text and not block.hidden:
            own = evidence.page.elements[block.element].names if block.element >= 0 else ""
            if _SUBTITLE_NAME.search(own):
                return squash(block.text)
    return None


def _front_address(evidence: Evidence) -> str | None:
    return first_address(evidence, evidence.values("front-matter", *_FRONT_ADDRESSES))


def _canonical(source: str, name: str, evidence: Evidence) -> str | None:
    """A stated address; one of the site's first page is believed on the first page alone."""
    address = first_address(evidence, (f.value for f in evidence.facts.get((source, name), ())))
    captured = evidence.page.capture.url
    if address and is_home(address) and captured and not is_home(captured):
        return None
    return address


def _captured(evidence: Evidence) -> str | None:
    return first_address(evidence, filter(None, [evidence.page.capture.url]))


def first_address(evidence: Evidence, addresses: Iterable[str]) -> str | None:
    """Return the first web address of several, resolved, without its fragment."""
    for address in addresses:
        full = evidence.absolute(address) if address.strip() else None
        if full:
            return urldefrag(full).url
    return None


_FRONT_ADDRESSES = ("url", "url source", "source", "canonical", "link", "canonical url")

_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_TIERS = frozenset({"free", "metered", "locked", "premium"})
_MAX_SUBTITLE = 300
"""Characters; longer text is a summary."""

_SUBTITLE_REACH = 4
"""Blocks after the title in which its subtitle stands."""

_SUBTITLE_NAME = re.compile(
    r"sub-?_?(?:title|head)|untertitel|sottotitolo|subt[ií]tulo|(?<![a-z])de[c]?k(?![a-z])|"
    r"secondary-?_?title|alternative-?_?headline",
    re.IGNORECASE,
)
"""In the names of an element that holds a subtitle."""

_SUBTITLE: tuple[Candidate[str], ...] = (
    ("front-matter:subtitle", lambda e: e.first("front-matter", "subtitle")),
    ("json-ld:alternativeHeadline", partial(_main_text, "alternativeHeadline")),
    ("itemprop:alternativeHeadline", partial(_fact, "itemprop", "alternativeheadline")),
    ("meta:subtitle", partial(_fact, "meta", "subtitle")),
    ("meta:dcterms.alternative", partial(_fact, "meta", "dcterms.alternative")),
)
_SUBTITLE_SEEN: tuple[Candidate[str], ...] = (("visible:subtitle", _marked_subtitle),)
_LICENSE: tuple[Candidate[str], ...] = (
    ("front-matter:license", partial(_stated_license, "front-matter", ("license", "licence"))),
    ("json-ld:license", _json_ld_license),
    ("link:license", partial(_stated_license, "link", ("license",))),
    ("rel:license", partial(_stated_license, "rel", ("license:href", "license"))),
    ("itemprop:license", partial(_stated_license, "itemprop", ("license",))),
    (
        "meta:license",
        partial(_stated_license, "meta", ("license", "dcterms.license", "dc.rights.license")),
    ),
)
_DESCRIPTION: tuple[Candidate[str], ...] = (
    ("front-matter:description", lambda e: e.first("front-matter", "description", "summary")),
    ("json-ld:description", partial(_main_text, "description")),
    ("meta:og:description", partial(_fact, "meta", "og:description")),
    ("meta:description", partial(_fact, "meta", "description")),
    ("meta:twitter:description", partial(_fact, "meta", "twitter:description")),
    ("meta:dc.description", partial(_fact, "meta", "dc.description")),
    ("itemprop:description", partial(_fact, "itemprop", "description")),
    ("visible:standfirst", _standfirst),
)
_URL: tuple[Candidate[str], ...] = (
    ("front-matter:url", _front_address),
    ("link:canonical", partial(_canonical, "link", "canonical")),
    ("meta:og:url", partial(_canonical, "meta", "og:url")),
    ("capture:url", _captured),
)
