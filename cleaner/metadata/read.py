"""What a page says of itself: title, authors, dates and the rest, field by field.

Each field has an ordered table of candidates, small functions with a name; the first that
finds something wins, and ``Metadata.sources`` keeps its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from cleaner.metadata.authors import find_authors
from cleaner.metadata.dates import date_hints, find_modified, find_published
from cleaner.metadata.evidence import Evidence, Found, anchored, gather
from cleaner.metadata.image import find_image, find_image_text
from cleaner.metadata.language import (
    detect_language,
    find_direction,
    find_language,
    main_text,
)
from cleaner.metadata.pagetype import find_page_type
from cleaner.metadata.simple import (
    find_description,
    find_free,
    find_license,
    find_subtitle,
    find_url,
)
from cleaner.metadata.site import find_publisher, find_site_name
from cleaner.metadata.title import find_title
from cleaner.metadata.topics import find_tags
from cleaner.metadata.trail import find_breadcrumb, find_section
from cleaner.metadata.visible import count_words
from cleaner.types import Label, Metadata, Options, Page

T = TypeVar("T")


def read_metadata(page: Page, labels: Sequence[Label], options: Options) -> Metadata:
    """Return what the page says of itself; what it does not say is ``None`` or empty.

    ``labels`` are those of the page's blocks, in their order, or none at all.
    With ``options.metadata == "structured"`` only what is marked up counts: no byline or
    dateline is read, no language detected. Raises ``ValueError`` if there are labels, but not one
    for each block.
    """
    if labels and len(labels) != len(page.blocks):
        raise ValueError(f"{len(labels)} labels for {len(page.blocks)} blocks")
    visible = options.metadata == "full"
    keep = _Keeper()
    evidence = gather(page, labels)
    detected = detect_language(main_text(evidence)) if visible else None
    language = keep("language", find_language(evidence, detected))
    title = keep("title", find_title(evidence, language, visible=visible))
    evidence = anchored(evidence, title)
    hints = date_hints(evidence.page, language)
    metadata = Metadata(
        title=title,
        authors=keep("authors", find_authors(evidence, language, visible=visible)) or (),
        date=keep("date", find_published(evidence, hints, visible=visible)),
        modified=keep("modified", find_modified(evidence, hints, visible=visible)),
        site_name=keep("site_name", find_site_name(evidence, title, visible=visible)),
        description=keep("description", find_description(evidence)),
        language=language,
        url=keep("url", find_url(evidence)),
        image=keep("image", find_image(evidence)),
        tags=keep("tags", find_tags(evidence, visible=visible)) or (),
        section=keep("section", find_section(evidence, title, visible=visible)),
        detected_language=detected[0] if detected else None,
        language_score=detected[1] if detected else None,
    )
    return _described(metadata, evidence, keep, visible=visible)


class _Keeper:
    """Keeps where the value of each field came from."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}

    def __call__(self, field: str, found: Found[T] | None) -> T | None:
        """Return the value that was found, if one was."""
        if found is None:
            return None
        self.sources[field] = found.source
        return found.value


def _described(metadata: Metadata, evidence: Evidence, keep: _Keeper, *, visible: bool) -> Metadata:
    """The metadata with what the page is, where it stands, and on what terms it may be read."""
    title, image = metadata.title, metadata.image
    bylined = bool(metadata.authors and metadata.date)
    return replace(
        metadata,
        subtitle=keep("subtitle", find_subtitle(evidence, title, visible=visible)),
        publisher=keep("publisher", find_publisher(evidence)),
        breadcrumb=keep("breadcrumb", find_breadcrumb(evidence, title, visible=visible)) or (),
        page_type=keep("page_type", find_page_type(evidence, bylined=bylined)),
        image_text=keep("image_text", find_image_text(evidence, image, visible=visible)),
        license=keep("license", find_license(evidence)),
        free=keep("free", find_free(evidence)),
        direction=keep("direction", find_direction(evidence, metadata.language)),
        word_count=count_words(evidence),
        sources=keep.sources,
    )
