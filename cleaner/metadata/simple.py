"""Fields that a page states, or does not: description, addresses, image."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
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


def find_image(evidence: Evidence) -> Found[str] | None:
    """Return the address of the page's picture."""
    return first_found(evidence, _IMAGE)


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
        if block.kind is Kind.IMAGE or is_labelled(block, _BETWEEN, evidence):
            continue
        parted = any(is_labelled(b, _BYLINE, evidence) for b in following[number + 1 : number + 2])
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


def _front_address(evidence: Evidence) -> str | None:
    return _first_address(evidence, evidence.values("front-matter", *_FRONT_ADDRESSES))


def _canonical(source: str, name: str, evidence: Evidence) -> str | None:
    """A stated address; one of the site's first page is believed on the first page alone."""
    address = _first_address(evidence, (f.value for f in evidence.facts.get((source, name), ())))
    captured = evidence.page.capture.url
    if address and is_home(address) and captured and not is_home(captured):
        return None
    return address


def _captured(evidence: Evidence) -> str | None:
    return _first_address(evidence, filter(None, [evidence.page.capture.url]))


def _first_address(evidence: Evidence, addresses: Iterable[str]) -> str | None:
    for address in addresses:
        full = evidence.absolute(address) if address.strip() else None
        if full:
            return urldefrag(full).url
    return None


def _meta_image(name: str, evidence: Evidence) -> str | None:
    return _first_address(evidence, evidence.values("meta", name))


def _link_image(evidence: Evidence) -> str | None:
    return _first_address(evidence, evidence.values("link", "image_src"))


def _json_ld_image(evidence: Evidence) -> str | None:
    found = (_image_address(v) for o in evidence.main for v in as_list(o.get("image")))
    return _first_address(evidence, filter(None, found))


def _image_address(value: Any) -> str:
    """The address of a JSON-LD image: a string, or an object with ``url``."""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _front_image(evidence: Evidence) -> str | None:
    return _first_address(evidence, evidence.values("front-matter", "image", "cover", "thumbnail"))


_FRONT_ADDRESSES = ("url", "url source", "source", "canonical", "link", "canonical url")

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
_IMAGE: tuple[Candidate[str], ...] = (
    ("front-matter:image", _front_image),
    *(
        (f"meta:{n}", partial(_meta_image, n))
        for n in ("og:image", "og:image:secure_url", "og:image:url")
    ),
    ("json-ld:image", _json_ld_image),
    *(
        (f"meta:{n}", partial(_meta_image, n))
        for n in ("twitter:image", "twitter:image:src", "thumbnail")
    ),
    ("link:image_src", _link_image),
)
