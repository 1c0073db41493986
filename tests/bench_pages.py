"""Pages for the tests of the bench, invented."""

from __future__ import annotations

from pathlib import Path

from cleaner.bench.pages import BenchPage

MENU = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(8))


def article(number: int, paragraphs: int = 4) -> bytes:
    text = "".join(
        f"<p>The ferry of pier {number} left at dawn with {n} crates of pears, and the harbour "
        "master noted the tide, the wind and the names of all who came aboard.</p>"
        for n in range(paragraphs)
    )
    return (
        f"<html lang=en><head><title>Ferry {number}</title></head><body><ul class=nav>{MENU}</ul>"
        f"<article><h1>Ferry {number}</h1>{text}</article></body></html>"
    ).encode()


def bench_pages(count: int = 3) -> tuple[BenchPage, ...]:
    return tuple(BenchPage(f"{n}.html", article(n, 2 + 3 * n)) for n in range(count))


def write_pages(folder: Path, count: int = 3) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for page in bench_pages(count):
        (folder / page.name).write_bytes(page.body)
