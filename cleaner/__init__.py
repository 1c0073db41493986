"""Clean article text and metadata from noisy captured web pages.

>>> from cleaner import clean
>>> doc = clean("<h1>Tides</h1><p>The sea comes in twice a day, and goes out again.</p>")
>>> doc.metadata.title
'Tides'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cleaner.late import late_name

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.errors import (
        CaptureError,
        CharsetError,
        CleanerError,
        DecodeError,
        EmptyCaptureError,
        MediaTypeError,
        OptionError,
        ParseError,
        TooLargeError,
        WorkerError,
    )
    from cleaner.many import clean_many
    from cleaner.pipeline import clean
    from cleaner.types import (
        Block,
        Capture,
        Comment,
        Kind,
        Label,
        LabelledBlock,
        LabelName,
        MediaType,
        Metadata,
        Options,
        Page,
        Span,
        SpanKind,
    )

__version__ = "0.1.0"

__all__ = [
    "Block",
    "Capture",
    "CaptureError",
    "CharsetError",
    "CleanerError",
    "Comment",
    "DecodeError",
    "Document",
    "EmptyCaptureError",
    "Kind",
    "Label",
    "LabelName",
    "LabelledBlock",
    "MediaType",
    "MediaTypeError",
    "Metadata",
    "OptionError",
    "Options",
    "Page",
    "ParseError",
    "Span",
    "SpanKind",
    "TooLargeError",
    "WorkerError",
    "clean",
    "clean_many",
]

_MODULES = ("pipeline", "types", "errors", "document", "many")
"""Where the names are. Each is imported when one of its names is asked for: a program that takes
only a part of the package, such as a plugin of another one, need not wait for the rest."""


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"cleaner.{name}")
    return late_name(__name__, _MODULES, __all__, name)
