"""Pages for the tests of metadata: invented HTML and Markdown, read and labelled by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cleaner.blocks import read_blocks
from cleaner.metadata import read_metadata
from cleaner.types import Capture, Label, LabelName, MediaType, Metadata, Options, Page

URL = "https://www.harbour-post.example/world/ferry-returns"


def page_of(
    text: str,
    *,
    url: str | None = URL,
    media_type: MediaType = MediaType.HTML,
    captured_at: datetime | None = None,
) -> Page:
    return read_blocks(Capture(text, media_type, url, captured_at=captured_at))


def labels_of(page: Page, named: Mapping[str, LabelName]) -> tuple[Label, ...]:
    """Label the blocks whose text begins with one of the keys; all others are ``other``."""
    found = []
    for block in page.blocks:
        names = (label for start, label in named.items() if block.text.startswith(start))
        found.append(Label(next(names, LabelName.OTHER), 0.5))
    return tuple(found)


def metadata_of(
    head: str = "",
    body: str = "",
    *,
    url: str | None = URL,
    lang: str = "en",
    mode: str = "full",
    captured_at: datetime | None = None,
) -> Metadata:
    """Read the metadata of an HTML page without labels."""
    page = page_of(
        f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>',
        url=url,
        captured_at=captured_at,
    )
    return read_metadata(page, (), Options(metadata=mode))


def json_ld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


HEADLINE = "<h1>Ferry returns to the harbour</h1>"
BODY = "<p>" + "The ferry came back to the harbour before noon, and nobody was hurt. " * 5 + "</p>"
