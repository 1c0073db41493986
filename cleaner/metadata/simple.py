"""Fields that a page states, or does not: site's name, description, addresses, image."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urldefrag

from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found, is_home
from cleaner.metadata.jsonld import as_list, text_of, types_of
from cleaner.metadata.tables import table
from cleaner.metadata.text import words
from cleaner.types import Block, Kind, LabelName

_MIN_STANDFIRST = 6
_MAX_STANDFIRST = 60
"""Words of a standfirst."""

_FULL_STOPS = tuple(table("signs")["standfirst"]["stops"])
"""What a standfirst, which is set like a title, does not end with."""


def find_site_name(evidence: Evidence) -> Found[str] | None:
    """Return the name of the site, as the page states it."""
    return first_found(evidence, _SITE_NAME)


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


def _web_site(evidence: Evidence) -> str | None:
    sites = (o for o in evidence.objects if "WebSite" in types_of(o))
    return next(filter(None, (text_of(o.get("name")) for o in sites)), None)


def _publisher(evidence: Evidence) -> str | None:
    names = (text_of(o.get("publisher")) for o in evidence.main)
    return next(filter(None, names), None)


def _standfirst(evidence: Evidence) -> str | None:
    """The sentence without a full stop that stands between the title and the body."""
    if not evidence.is_text or evidence.anchor is None:
        return None
    for block in evidence.page.blocks[evidence.anchor + 1 :]:
        if block.kind is Kind.IMAGE or _is_labelled(block, LabelName.BYLINE, evidence):
            continue
        count = len(words(block.text))
        whole = (
            block.kind is Kind.PARAGRAPH
            and not block.text.endswith(_FULL_STOPS)
            and _MIN_STANDFIRST <= count <= _MAX_STANDFIRST
            and "\n" not in block.text
        )
        return block.text if whole else None
    return None


def _is_labelled(block: Block, name: LabelName, evidence: Evidence) -> bool:
    return bool(evidence.labels) and evidence.labels[block.index].name is name


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

_SITE_NAME: tuple[Candidate[str], ...] = (
    ("front-matter:site", lambda e: e.first("front-matter", "site", "site name", "publisher")),
    ("meta:og:site_name", partial(_fact, "meta", "og:site_name")),
    ("json-ld:WebSite.name", _web_site),
    ("json-ld:publisher", _publisher),
    ("meta:application-name", partial(_fact, "meta", "application-name")),
    ("meta:dc.publisher", partial(_fact, "meta", "dc.publisher")),
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
