"""Small invented cases for the tests of the review."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.golden import accept, check_case, read_case, write_new

SENTENCES = (
    "The lighthouse at Varrow Point went dark on Tuesday evening, for the first time in ninety "
    "years, and no ship noticed until the following morning.",
    "Its keeper had walked down to the village to buy lamp oil, as he had done every week since "
    "he was a boy, and stayed to hear the end of a long story.",
    "The harbour master said that nobody would be blamed, since the sea had been calm and the "
    "moon had been bright enough to read a newspaper by.",
    "A new lamp that needs no oil will be fitted in the spring, and the keeper has been asked to "
    "teach the engineers how the weather behaves on that coast.",
)
PROMO = "Ten harbours you must see before the tide goes out"
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Lighthouse went dark</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/coast">Coast</a></li></ul></nav>
<main><article><h1>Lighthouse went dark</h1>
{"".join(f"<p>{sentence}</p>" for sentence in SENTENCES)}</article>
<aside class="related"><h2>Related</h2><ul><li><a href="/ten">{PROMO}</a></li></ul></aside></main>
<footer><p>© Varrow Gazette. All rights reserved.</p></footer></body></html>
"""

MARKDOWN = "\n\n".join(
    [
        "[Home](/) | [Coast](/coast)",
        "# Lighthouse went dark",
        *SENTENCES,
        f"[{PROMO}](/ten)",
        "© Gazette",
    ]
)


def make_case(folder: Path, name: str, page: str = PAGE, file: str = "page.html") -> Path:
    """Write a case whose expectations are what its page gives."""
    place = folder / name
    place.mkdir(parents=True)
    (place / file).write_text(page, encoding="utf-8")
    (place / "case.json").write_text(json.dumps({"shows": f"the case {name}"}), encoding="utf-8")
    write_new(check_case(read_case(place)))
    accept(read_case(place))
    return place


def make_changed(folder: Path, name: str) -> Path:
    """Write a case whose expected text lacks a paragraph that its page gives."""
    place = make_case(folder, name)
    text = place / "expected.md"
    paragraphs = text.read_text(encoding="utf-8").split("\n\n")
    text.write_text("\n\n".join(paragraphs[:2] + paragraphs[3:]), encoding="utf-8")
    return place


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what the files in and below a folder hold."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def block_of(folder: Path, words: str) -> int:
    """Return the index of the block that begins with the words."""
    blocks = read_case(folder).clean().page.blocks
    return next(block.index for block in blocks if block.text.startswith(words))
