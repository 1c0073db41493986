"""The language of a page: as it declares it, or as its text shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from cleaner.metadata.calendar import writing_direction
from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found
from cleaner.metadata.jsonld import text_of
from cleaner.types import Kind, LabelName

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?"
    r"(?:[-_.@].*)?",
    re.IGNORECASE,
)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "xx", "xxx"})

MIN_LETTERS = 40
"""Letters of the main text below which no language is told."""

SAMPLE = 250
"""Characters of the main text that are looked at: more change the answer on no page in 500."""

CONFIDENT = 0.9
"""Probability from which the detection is believed."""

_DIRECTIONS = frozenset({"ltr", "rtl"})

_LONG = 60
"""Characters of a block that is running text, where no label says so."""


def find_language(evidence: Evidence, detected: tuple[str, float] | None) -> Found[str] | None:
    """Return the language as a BCP 47 tag: the declared one, or that of the text if it is sure.

    ``detected`` is what ``detect_language`` finds; a detected one has its score in the source.
    """
    declared = first_found(evidence, _DECLARED)
    if declared or detected is None or detected[1] < CONFIDENT:
        return declared
    return Found(detected[0], f"detected:{detected[1]:.2f}")


def find_direction(evidence: Evidence, language: str | None) -> Found[str] | None:
    """Return ``ltr`` or ``rtl``: as the page says, or as its language is written."""
    stated = (evidence.first("html", "dir") or "").casefold()
    if stated in _DIRECTIONS:
        return Found(stated, "html:dir")
    written = writing_direction(language) if language else None
    return Found(written, "language") if written else None


def normalize_tag(tag: str) -> str | None:
    """Return a language tag as BCP 47 writes it, or ``None`` for what is none.

    >>> normalize_tag("PT_br")
    'pt-BR'
    """
    match = _TAG.fullmatch(tag.strip())
    if not match or match["language"].lower() in _NO_LANGUAGE:
        return None
    parts = [match["language"].lower()]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts)


def detect_language(text: str) -> tuple[str, float] | None:
    """Return the language of a text and its probability, if there is enough of it to tell."""
    if sum(c.isalpha() for c in text) < MIN_LETTERS:
        return None
    language, probability = _identifier().classify(text)
    return language, float(probability)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def main_text(evidence: Evidence) -> str:
    """Return the beginning of the main text, or of all running text where none is labelled."""
    blocks = evidence.blocks_labelled(LabelName.CONTENT)
    if not blocks:
        blocks = [
            b for b in evidence.page.blocks if len(b.text) >= _LONG and b.kind is Kind.PARAGRAPH
        ]
    texts: list[str] = []
    size = 0
    for block in blocks:
        if block.kind is Kind.CODE:
            continue
        texts.append(block.text)
        size += len(block.text)
        if size >= SAMPLE:
            break
    return "\n".join(texts)[:SAMPLE]


def _stated(source: str, name: str, evidence: Evidence) -> str | None:
    return next(_tags(evidence.values(source, name)), None)


def _json_ld(evidence: Evidence) -> str | None:
    return next(_tags(text_of(o.get("inLanguage")) for o in evidence.main), None)


def _front_matter(evidence: Evidence) -> str | None:
    return next(_tags(evidence.values("front-matter", "lang", "language", "locale")), None)


def _tags(values: Iterator[str]) -> Iterator[str]:
    yield from filter(None, map(normalize_tag, values))


_DECLARED: tuple[Candidate[str], ...] = (
    ("front-matter:language", _front_matter),
    ("html:lang", partial(_stated, "html", "lang")),
    ("meta:content-language", partial(_stated, "meta", "content-language")),
    ("meta:og:locale", partial(_stated, "meta", "og:locale")),
    ("json-ld:inLanguage", _json_ld),
    ("meta:dc.language", partial(_stated, "meta", "dc.language")),
    ("meta:language", partial(_stated, "meta", "language")),
)
"""Where a page declares its language, the most certain first."""
