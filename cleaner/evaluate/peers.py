"""Our system and the others behind one interface: a page in, a text or metadata out.

Every system gets the bytes as captured and decodes them in its own way. The settings are
those that do best over all sets without tuning to one of them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cleaner.errors import CleanerError
from cleaner.evaluate.meta import FIELDS

if TYPE_CHECKING:
    from cleaner.template import SiteTemplate

OURS = "cleaner"


class MissingLibraryError(CleanerError):
    """A library that the evaluation needs is not installed."""


@dataclass(frozen=True, slots=True)
class PageInput:
    """A page as a system gets it: bytes as captured, or the text of a text capture."""

    body: bytes | str
    url: str | None = None
    language: str = ""
    media_type: str = "auto"
    """Of a text capture; our system finds out that a page as captured is HTML."""
    model: str = "base"
    """The weights that our system uses."""
    focus: str = "balanced"
    """What our system cares for."""
    site: SiteTemplate | None = None
    """What repeats on the page's site, for our system."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a system gave for a page."""

    text: str = ""
    metadata: Mapping[str, tuple[str, ...]] | None = None
    """Field to values, ``()`` for none; ``None`` from a system that gives text alone."""


@dataclass(frozen=True, slots=True)
class System:
    """A named way from a page to an extraction."""

    name: str
    extract: Callable[[PageInput], Extraction]
    modules: tuple[str, ...] = ()
    """What it imports from outside of this package."""
    gives_text: bool = True
    fields: tuple[str, ...] = ()
    """The metadata fields that it gives."""


def library(name: str) -> Any:
    """Import a module of an optional library; raises ``MissingLibraryError``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what else a library could be installed with
            return import_module(name)
    except ImportError as error:
        raise MissingLibraryError(
            f"the library {name.partition('.')[0]!r} is not installed: "
            "install the extra 'evaluate' (pip install 'cleaner[evaluate]')"
        ) from error


def decode(body: bytes) -> str:
    """Decode a page with resiliparse's own detection: a declared character set, or a guess."""
    encoding = library("resiliparse.parse.encoding")
    text: str = encoding.bytes_to_str(body, encoding.detect_encoding(body))
    return text


def html_text(root: Any) -> str:
    """Return the text of an lxml tree, with line breaks around its block elements."""
    from lxml import etree

    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        breaks = element.tag in _BLOCK_TAGS
        if event == "start":
            pieces.extend(("\n" if breaks else "", element.text or ""))
        else:
            pieces.extend(("\n" if breaks else "", element.tail or ""))
    return "".join(pieces).strip()


def extract_ours(page: PageInput, metadata: str = "full") -> Extraction:
    """Clean a page with our system, and give its text and its metadata."""
    from cleaner import Options, clean

    options = Options(metadata, focus=page.focus, model=page.model, site=page.site)
    document = clean(page.body, url=page.url, media_type=page.media_type, options=options)
    found = document.metadata
    return Extraction(
        document.text,
        {
            "title": (found.title,) if found.title else (),
            "authors": found.authors,
            "date": (found.date,) if found.date else (),
        },
    )


def _ours_by_page(page: PageInput) -> Extraction:
    return extract_ours(replace(page, site=None))


def _trafilatura(page: PageInput) -> Extraction:
    """Give text and metadata, as our system does."""
    document = library("trafilatura").bare_extraction(
        page.body, url=page.url, with_metadata=True, include_comments=False, include_tables=True
    )
    if document is None:
        return Extraction(metadata=dict.fromkeys(FIELDS, ()))
    found = (document.title, document.author, document.date)
    metadata = {f: (v,) if v else () for f, v in zip(FIELDS, found, strict=True)}
    return Extraction(document.text or "", metadata)


def _trafilatura_text(page: PageInput) -> Extraction:
    """Give the text alone: the metadata takes trafilatura more time than the text."""
    extract = library("trafilatura").extract
    return Extraction(extract(page.body, include_comments=False, include_tables=True) or "")


def _resiliparse(page: PageInput) -> Extraction:
    extract = library("resiliparse.extract.html2text").extract_plain_text
    return Extraction(extract(_text_of(page), main_content=True, alt_texts=False))


def _readability(page: PageInput) -> Extraction:
    from lxml import html

    summary = library("readability").Document(page.body).summary(html_partial=True)
    return Extraction(html_text(html.fragment_fromstring(summary, create_parent="div")))


def _justext(page: PageInput) -> Extraction:
    paragraphs = library("justext").justext(page.body, _stoplist(_language(page)))
    return Extraction("\n\n".join(p.text for p in paragraphs if not p.is_boilerplate))


def _all_text(page: PageInput) -> Extraction:
    """Give the whole page, as the baseline that any system has to beat."""
    from lxml import etree, html

    # As UTF-8, for lxml takes no str that declares an encoding.
    source = _text_of(page).encode("utf-8", errors="replace")
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = html.document_fromstring(source, parser=parser)
    etree.strip_elements(root, *_UNSEEN_TAGS, with_tail=False)
    return Extraction(html_text(root))


def _htmldate(page: PageInput) -> Extraction:
    # The truth is the day of publication; the default finds the last change.
    date = library("htmldate").find_date(page.body, url=page.url, original_date=True)
    return Extraction(metadata={"date": (date,) if date else ()})


def _newspaper(page: PageInput) -> Extraction:
    newspaper = library("newspaper")
    config = newspaper.Config()
    config.fetch_images = False  # it would ask the network for their sizes
    article = newspaper.Article(page.url or "https://page.example/", config=config)
    article.download(input_html=_text_of(page))
    article.parse()
    day = article.publish_date.date().isoformat() if article.publish_date else ""
    found = {"title": (article.title,), "authors": tuple(article.authors), "date": (day,)}
    return Extraction(metadata={f: tuple(v for v in found[f] if v) for f in FIELDS})


OUR_SYSTEM = System(OURS, extract_ours, fields=FIELDS)
BY_PAGE = System("without templates", _ours_by_page, fields=FIELDS)
"""Our system by each page alone, beside itself with the templates of sites."""

TEXT_PEERS: Mapping[str, System] = {
    system.name: system
    for system in (
        System("trafilatura", _trafilatura, ("trafilatura",)),
        System("trafilatura-text", _trafilatura_text, ("trafilatura",)),
        System("resiliparse", _resiliparse, ("resiliparse",)),
        System("readability-lxml", _readability, ("readability",)),
        System("justext", _justext, ("justext",)),
        System("all-text", _all_text, ("resiliparse",)),
    )
}

METADATA_PEERS: Mapping[str, System] = {
    system.name: system
    for system in (
        System("trafilatura", _trafilatura, ("trafilatura",), False, FIELDS),
        System("newspaper4k", _newspaper, ("newspaper", "resiliparse"), False, FIELDS),
        System("htmldate", _htmldate, ("htmldate",), False, ("date",)),
    )
}

PEER_NAMES = tuple(dict.fromkeys((*TEXT_PEERS, *METADATA_PEERS)))

_BLOCK_TAGS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "dd",
        "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol",
        "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td", "textarea",
        "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip

_UNSEEN_TAGS = ("head", "script", "style", "noscript", "template")

_HTML_LANGUAGE = re.compile(
    rb"<html\b[^>]{0,2000}?\blang\s*=\s*[\"']?\s*([a-z]{2})\b", re.IGNORECASE
)

_STOPLISTS: Mapping[str, str] = {
    "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "lb": "Luxembourgish", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "mr": "Marathi", "ms": "Malay", "nb": "Norwegian_Bokmal",
    "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian_Nynorsk", "no": "Norwegian_Bokmal",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
}  # fmt: skip
"""ISO 639-1 code to the name of jusText's list of frequent words."""


def _text_of(page: PageInput) -> str:
    return page.body if isinstance(page.body, str) else decode(page.body)


def _language(page: PageInput) -> str:
    """Return the language of a page, as its truth or its source gives it; English otherwise."""
    if page.language:
        return page.language[:2].lower()
    match = _HTML_LANGUAGE.search(page.body) if isinstance(page.body, bytes) else None
    return match[1].decode("ascii").lower() if match else "en"


@lru_cache(maxsize=8)
def _stoplist(language: str) -> frozenset[str]:
    """Read jusText's list for a language; the English one where it has none."""
    stoplist: frozenset[str] = library("justext").get_stoplist(_STOPLISTS.get(language, "English"))
    return stoplist
