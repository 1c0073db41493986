"""The article in every output format, with the same words in each.

``structure`` puts lists, tables and quotes together again, ``inline`` the links and emphasis of
a block; the formats print what these two give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.late import late_name

if TYPE_CHECKING:
    from cleaner.render.html import render_html
    from cleaner.render.json import SCHEMA_VERSION, document_dict, document_json
    from cleaner.render.markdown import render_markdown
    from cleaner.render.tei import render_tei
    from cleaner.render.text import render_text

__all__ = [
    "SCHEMA_VERSION",
    "document_dict",
    "document_json",
    "render_html",
    "render_markdown",
    "render_tei",
    "render_text",
]

_MODULES = ("text", "markdown", "html", "json", "tei")
"""Where the names are. A format is loaded when it is asked for: the text, which most callers want,
need not wait for the rest."""


def __getattr__(name: str) -> Any:
    return late_name(__name__, _MODULES, __all__, name)
