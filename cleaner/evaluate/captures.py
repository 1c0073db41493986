"""HTML -> the text captures that people make of it, with each converter's own defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cleaner.evaluate.peers import decode, library
from cleaner.types import MediaType

HTML = "html"
"""No conversion: the page as captured."""


@dataclass(frozen=True, slots=True)
class Converter:
    """A library that turns decoded HTML into text."""

    convert: Callable[[str], str]
    modules: tuple[str, ...]
    media_type: MediaType


def _html2text(html: str) -> str:
    text: str = library("html2text").html2text(html)
    return text


def _markdownify(html: str) -> str:
    text: str = library("markdownify").markdownify(html)
    return text


def _inscriptis(html: str) -> str:
    text: str = library("inscriptis").get_text(html)
    return text


def _resiliparse(html: str) -> str:
    text: str = library("resiliparse.extract.html2text").extract_plain_text(html)
    return text


CONVERTERS: Mapping[str, Converter] = {
    "html2text": Converter(_html2text, ("html2text", "resiliparse"), MediaType.MARKDOWN),
    "markdownify": Converter(_markdownify, ("markdownify", "resiliparse"), MediaType.MARKDOWN),
    "inscriptis": Converter(_inscriptis, ("inscriptis", "resiliparse"), MediaType.TEXT),
    "resiliparse": Converter(_resiliparse, ("resiliparse",), MediaType.TEXT),
}
"""Every converter needs resiliparse, which decodes the page for all of them."""

CAPTURE_NAMES = (HTML, *CONVERTERS)


def capture_text(name: str, body: bytes) -> str:
    """Convert a page with the converter of that name; raises what the converter raises."""
    return CONVERTERS[name].convert(decode(body))
