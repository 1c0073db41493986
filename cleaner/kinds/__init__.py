"""What kind of boilerplate the dropped blocks of a page are."""

from __future__ import annotations

from cleaner.kinds.named import find_named
from cleaner.kinds.rules import find_kinds
from cleaner.kinds.said import is_dated

__all__ = ["find_kinds", "find_named", "is_dated"]
