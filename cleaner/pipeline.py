"""The whole way of a page, on one screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cleaner.blocks import read_blocks
from cleaner.capture import read_capture
from cleaner.collector import collector_at_rest
from cleaner.document import Document
from cleaner.doubt import estimate_confidence, find_warnings
from cleaner.types import Capture, Options

if TYPE_CHECKING:
    from cleaner.template import SiteTemplate


def clean(
    body: Any,
    *,
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    captured_at: datetime | None = None,
    media_type: str = "auto",
    charset: str | None = None,
    metadata: str | None = None,
    focus: str | None = None,
    site: SiteTemplate | Callable[[str | None], SiteTemplate | None] | None = None,
    options: Options | None = None,
) -> Document:
    """Clean one captured page.

    ``body`` is ``bytes``, ``str``, an lxml element or tree, or a ``BeautifulSoup`` object: HTML,
    XHTML, MHTML, or a Markdown or plain-text capture. ``media_type`` and ``charset`` are found
    out unless given. ``metadata`` (``full`` or ``structured``) and ``focus`` (``balanced``,
    ``precision`` or ``recall``) are those of ``options``, for short; so is ``site``, the template
    of the page's site, or what finds it by the page's address (``cleaner.sites``). The result is
    a pure function of the arguments; the network is never asked.

    Raises ``CaptureError`` where the input is no page (empty, binary, too large, ...) and
    ``ParseError`` where it cannot be parsed. A page without main text is no error: the document
    says so in ``warnings``.
    """
    with collector_at_rest():
        capture = read_capture(
            body,
            url=url,
            headers=headers,
            captured_at=captured_at,
            media_type=media_type,
            charset=charset,
        )
        given: dict[str, Any] = {"metadata": metadata, "focus": focus}
        given["site"] = site(capture.url) if callable(site) else site
        chosen = {name: value for name, value in given.items() if value is not None}
        return clean_capture(capture, replace(options or Options(), **chosen))


def clean_capture(capture: Capture, options: Options) -> Document:
    """Clean a capture that was read already. Raises ``ParseError``."""
    # Imported with the first page: NumPy and the tables of words take longer than all else.
    from cleaner.labels import label_page
    from cleaner.metadata.embedded import with_embedded_body

    page = with_embedded_body(read_blocks(capture))
    labels, expected = label_page(page, options)
    warnings = find_warnings(page, labels)
    return Document(
        page=page,
        labels=labels,
        options=options,
        confidence=estimate_confidence(expected, warnings),
        warnings=warnings,
    )
