"""One file that shows a cleaned page: the capture, its blocks coloured, and the clean text."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import fields
from html import escape
from pathlib import Path
from string import Template

from cleaner.document import Document
from cleaner.golden.assets import asset
from cleaner.golden.label_styles import page_styles
from cleaner.golden.page_frame import frame_document
from cleaner.golden.view_parts import TEXT_TYPES, block_list, clean_text, legend, source_lines
from cleaner.types import Metadata


def render_report(document: Document, name: str) -> str:
    """Return a self-contained HTML file that shows how a page was cleaned.

    ``name`` is what the reader knows the page by, such as its file's name. Nothing in the file
    asks the network for anything. Raises ``ParseError`` where the page cannot be parsed.
    """
    script = asset("view.js")
    kept = sum(block.name == "content" for block in document.labels)
    return Template(asset("report.html")).substitute(
        policy=page_policy(script),
        name=escape(name),
        title=escape(document.metadata.title or name),
        style=asset("base.css") + asset("view.css") + page_styles(),
        summary=_summary(document, name, kept),
        metadata=metadata_list(document.metadata),
        legend=legend([label.name for label in document.labels]),
        captured=captured_pane(document),
        clean=clean_text(document),
        blocks=block_list(document.blocks, {}),
        script=script,
    )


def write_report(document: Document, path: Path, name: str) -> None:
    """Write what ``render_report`` returns to a file. Raises ``OSError``."""
    path.write_text(render_report(document, name), encoding="utf-8")


def page_policy(script: str) -> str:
    """Return the policy of a file that runs one script of ours and loads nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def captured_pane(document: Document) -> str:
    """Return the captured page in a sandboxed frame, or the lines of a text capture."""
    if document.page.capture.media_type in TEXT_TYPES:
        return source_lines(document, {})
    framed = escape(frame_document(document.page.capture, document.labels))
    # Scripts stay off in the frame; with its origin ours, the view can hear the pointer in it.
    return (
        '<iframe id="page" title="Captured page" sandbox="allow-same-origin" '
        f'srcdoc="{framed}"></iframe>'
    )


def metadata_list(metadata: Metadata) -> str:
    """Return the metadata that are there as a description list."""
    rows = []
    for field in fields(metadata):
        value = getattr(metadata, field.name)
        if field.name == "sources" or not value:
            continue
        text = "; ".join(value) if isinstance(value, tuple) else str(value)
        source = metadata.sources.get(field.name, "")
        from_where = f' <span class="source-of">{escape(source)}</span>' if source else ""
        name = field.name.replace("_", " ")
        rows.append(f"<div><dt>{name}</dt><dd>{escape(text)}{from_where}</dd></div>")
    return f'<dl class="metadata">{"".join(rows)}</dl>' if rows else "<p>None found.</p>"


def _summary(document: Document, name: str, kept: int) -> str:
    facts = [
        f"<code>{escape(name)}</code>",
        f"<b>{kept}</b> of {len(document.labels)} blocks kept",
        f"confidence <b>{document.confidence:.2f}</b>",
    ]
    facts += [f'<span class="warning">{escape(warning)}</span>' for warning in document.warnings]
    return " <span aria-hidden=true>·</span> ".join(facts)
