"""A file a page, in a folder that is named after the shard.

Beside the hosts' folders an index has the rows without their text, each with the ``path`` of its
file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cleaner.archive.sinks.jsonl import JsonlSink
from cleaner.archive.sinks.names import INDEX, Names

_SUFFIXES = {"markdown": ".md", "text": ".txt"}
_HEAD = ("id", "url", "title", "authors", "site_name", "published_at", "language", "captured_at")


class FilesSink:
    """Writes Markdown with front matter, or plain text, and an index of all."""

    def __init__(self, path: Path, kind: str) -> None:
        path.mkdir()
        self.rows = 0
        self._kind = kind
        self._folder = path
        self._names = Names(_SUFFIXES[kind])
        self._index = JsonlSink(path / INDEX)
        self._folders: set[Path] = {path}

    def write(self, row: dict[str, Any]) -> None:
        """Take a row."""
        name = self._names.name(row)
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._folders.add(path.parent)
        content = front_matter(row) + row["markdown"] if self._kind == "markdown" else row["text"]
        with path.open("wb") as file:
            file.write(content.encode() if content.endswith("\n") else content.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        kept = {key: value for key, value in row.items() if key not in ("text", "markdown")}
        self._index.write({"path": str(name), **kept})
        self.rows += 1

    def close(self) -> None:
        """Write what is left, to the disk itself."""
        from cleaner.archive.sinks import sync_folder

        self._index.close()
        for folder in sorted(self._folders):
            sync_folder(folder)

    def abandon(self) -> None:
        """Let go of the index."""
        self._index.abandon()


def front_matter(row: dict[str, Any]) -> str:
    """Return what heads a Markdown file: YAML, whose values are written as JSON."""
    known = ((name, row[name]) for name in _HEAD if row[name])
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in known]
    return f"---\n{''.join(lines)}---\n\n"
