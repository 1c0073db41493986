"""What a page says of itself: title, authors, dates, and all else of ``Metadata``.

Imported when it is asked for: a page's text needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.late import late_name

if TYPE_CHECKING:
    from cleaner.metadata.read import read_metadata

__all__ = ["read_metadata"]


def __getattr__(name: str) -> Any:
    return late_name(__name__, ("read",), __all__, name)
