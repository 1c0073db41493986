"""The page's picture: its address, and the text that stands in for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found
from cleaner.metadata.jsonld import JsonObject, as_list, resolve, text_of
from cleaner.metadata.simple import first_address
from cleaner.metadata.text import squash
from cleaner.types import Kind, SpanKind


def find_image(evidence: Evidence) -> Found[str] | None:
    """Return the address of the page's picture."""
    return first_found(evidence, _IMAGE)


def find_image_text(
    evidence: Evidence, image: str | None, *, visible: bool = True
) -> Found[str] | None:
    """Return the text that stands in for the picture where it is not seen."""
    if image is None:
        return None
    for name in ("og:image:alt", "twitter:image:alt"):
        text = evidence.first("meta", name)
        if text:
            return Found(text, f"meta:{name}")
    for item in _image_objects(evidence):
        text = text_of(item.get("caption")) or text_of(item.get("description"))
        if text and evidence.absolute(_image_address(item)) == image:
            return Found(text, "json-ld:image.caption")
    shown = _shown_text(_file_of(image), evidence) if visible else None
    return Found(shown, "visible:image") if shown else None


def _shown_text(file: str, evidence: Evidence) -> str | None:
    """The alternative text of the page's own picture from a file of that name."""
    if not file:
        return None
    for block in evidence.page.blocks:
        for span in block.spans:
            if span.kind is SpanKind.IMAGE and file in span.target:
                text = squash(span.title or (block.text if block.kind is Kind.IMAGE else ""))
                if text:
                    return text
    return None


def _file_of(address: str) -> str:
    """The name of the file in an address, which its copies of other sizes share."""
    try:
        return urlsplit(address).path.rpartition("/")[2]
    except ValueError:
        return ""


def _image_objects(evidence: Evidence) -> Iterator[JsonObject]:
    """The JSON-LD objects of pictures that the page's own objects name."""
    for item in evidence.main:
        for value in as_list(item.get("image")) + as_list(item.get("primaryImageOfPage")):
            found = resolve(value, evidence.objects)
            if isinstance(found, dict):
                yield found


def _meta_image(name: str, evidence: Evidence) -> str | None:
    return first_address(evidence, evidence.values("meta", name))


def _link_image(evidence: Evidence) -> str | None:
    return first_address(evidence, evidence.values("link", "image_src"))


def _json_ld_image(evidence: Evidence) -> str | None:
    found = (_image_address(v) for o in evidence.main for v in as_list(o.get("image")))
    return first_address(evidence, filter(None, found))


def _image_address(value: Any) -> str:
    """The address of a JSON-LD image: a string, or an object with ``url``."""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _front_image(evidence: Evidence) -> str | None:
    return first_address(evidence, evidence.values("front-matter", "image", "cover", "thumbnail"))


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
