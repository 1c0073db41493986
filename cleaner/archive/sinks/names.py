"""Safe file names for pages, after their host and path."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

MAX_PART = 80
"""Bytes of a name; file systems take 255, and a number and a suffix are added."""

MAX_PARTS = 12
"""Folders deep, the host's included."""

_UNSAFE = re.compile(r"[^\w.\-]+")
INDEX = "index.jsonl"
"""The list of a folder's pages; no host or page is named so."""

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?|index\.jsonl")
"""Names that one system keeps for its devices, and ours."""


class Names:
    """Gives out names that no earlier page of the shard was given, whatever their capitals."""

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self._taken: dict[str, int] = {}

    def name(self, row: dict[str, Any]) -> PurePosixPath:
        """Return a relative path for a row: no part of it leads out of its folder."""
        *folders, last = _parts(row)
        safe = [_folder(part, self._suffix) for part in folders]
        stem = _safe(_without_suffix(last)) or "index"
        path = PurePosixPath(*safe, stem)
        key = str(path).casefold()
        number = self._taken.get(key, 0) + 1
        numbered = path
        while number > 1 and str(numbered := _numbered(path, number)).casefold() in self._taken:
            number += 1
        self._taken[key] = number
        self._taken.setdefault(str(numbered).casefold(), 1)
        return numbered.with_name(numbered.name + self._suffix)


def _numbered(path: PurePosixPath, number: int) -> PurePosixPath:
    return path.with_name(f"{path.name}-{number}")


def _parts(row: dict[str, Any]) -> list[str]:
    """Return the host and the steps of a row's path, as its address or its source has them."""
    host, path = row["host"], ""
    if host:
        path = urlsplit(row["url"]).path
        if path.endswith("/"):
            path += "index"
    else:
        source = row["source"]
        host, path = "no-host", source["member"] or PurePosixPath(source["file"]).name
    steps = [unquote(step) for step in path.split("/") if step]
    return [host, *steps[-(MAX_PARTS - 1) :]] if steps else [host, "index"]


def _folder(part: str, suffix: str) -> str:
    """Return a folder's name: never that of a page, which ends in the suffix."""
    safe = _safe(part) or "_"
    return f"{safe}_" if safe.casefold().endswith(suffix) else safe


def _without_suffix(name: str) -> str:
    return re.sub(r"(?i)\.(x?html?|php|aspx?|jsp|md|markdown|txt|mht|mhtml)$", "", name)


def _safe(part: str) -> str:
    """Return a part of a path without what file systems or shells would take for more."""
    part = _UNSAFE.sub("_", unicodedata.normalize("NFC", part)).strip("._-")
    part = part.encode("utf-8", "ignore")[:MAX_PART].decode("utf-8", "ignore").rstrip("._-")
    return f"_{part}" if _RESERVED.fullmatch(part) else part
