"""What a caller may choose about the reading of archives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cleaner.errors import OptionError

COLUMN_ROLES = ("page", "url", "captured_at", "charset", "languages")
_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class InputOptions:
    """Choices about the reading of archives; the defaults suit most."""

    include: tuple[str, ...] = ()
    """Globs of the paths to read inside folders, zips and tars; none means every page."""
    exclude: tuple[str, ...] = ()
    """Globs of the paths to leave out; they win over ``include``."""
    columns: Mapping[str, str] = field(default_factory=lambda: _NO_COLUMNS)
    """Column names of JSONL and Parquet by role: ``page``, ``url``, ``captured_at``, ``charset``,
    ``languages``. What is not named is recognised."""
    shard_bytes: int = 64 << 20
    """Bytes of input that make a shard; 0 never splits a file."""
    shard_files: int = 1000
    """Most files of a folder in one shard."""
    max_bytes: int = 64 << 20
    """Largest page in bytes, as stored and after its encodings are undone."""
    error_pages: bool = False
    """Whether pages with a status outside 200 to 299 are read, too."""
    conversions: bool = True
    """Whether text of ``conversion`` records, as in Common Crawl's WET files, is read."""

    base: str | None = None
    """Address of folders, zips and tars: pages in them are named by their paths below it."""

    def __post_init__(self) -> None:
        for name, least in (("shard_bytes", 0), ("shard_files", 1), ("max_bytes", 1)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise OptionError(f"{name} is a whole number from {least} on, not {value!r}")
        for name in ("include", "exclude"):
            if isinstance(getattr(self, name), str):
                raise OptionError(f"{name} is a tuple of globs, not one str")
        unknown = set(self.columns) - set(COLUMN_ROLES)
        if unknown:
            raise OptionError(
                f"unknown column role {min(unknown)!r}; one of: {', '.join(COLUMN_ROLES)}"
            )
