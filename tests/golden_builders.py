"""Pages and cases for the tests of golden cases; every text is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cleaner.golden import Case, read_case
from cleaner.golden.add import Saved, add_page

URL = "https://harbour-gazette.example/2024/05/ferry"
FIRST = (
    "The ferry to the outer islands will run twice as often from the first week of June, because "
    "the harbour council has bought a second boat from a yard in the north."
)
SECOND = (
    "The boat is older than it looks. Its engine was taken apart and put together again over the "
    "winter by three pupils of the seamen's school, who were given no other lessons."
)
THIRD = (
    "Fares stay as they are until autumn. A crossing takes forty minutes when the sea is calm, "
    "and nobody in the village has ever seen it take more than two hours."
)
NEWSLETTER = "Sign up for our newsletter and get the best stories of the week in your inbox."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>A second ferry - Harbour Gazette</title>
<meta property="og:title" content="A second ferry for the islands">
<meta property="og:site_name" content="Harbour Gazette">
<meta name="author" content="Inga Solberg">
<meta property="article:published_time" content="2024-05-28T09:30:00+02:00">
</head><body><nav class="menu"><ul><li><a href="/">Home page</a></li>
<li><a href="/sport">Sport news</a></li></ul></nav>
<main><article><h1>A second ferry for the islands</h1>
<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article></main>
<div class="newsletter-box"><p>{NEWSLETTER}</p></div>
<footer><p>Copyright 2024 Harbour Gazette. All rights reserved.</p></footer></body></html>
"""


def add(folder: Path, name: str = "ferry", page: str = PAGE, **options: Any) -> Case:
    """Make a case whose expectation is what comes out of the page now."""
    return add_page(Saved(page.encode("utf-8"), URL), folder, name, **options)


def bare(folder: Path, facts: Any = None, page: str = PAGE, **files: str) -> Case:
    """Make a case by hand: ``expected_md="..."`` becomes the file ``expected.md``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.html").write_text(page, encoding="utf-8")
    (folder / "case.json").write_text(json.dumps(facts or {}), encoding="utf-8")
    for name, content in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_text(content, encoding="utf-8")
    return read_case(folder)


def edit(case: Case, name: str, old: str, new: str) -> None:
    """Replace a text in a file of a case; it must be there."""
    path = case.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def change_json(case: Case, name: str, **values: Any) -> Case:
    """Change entries of a JSON file of a case, and read the case again."""
    path = case.folder / name
    held = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**held, **values}), encoding="utf-8")
    return read_case(case.folder)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file in and below a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
