"""Gathering sketches: the same in any order, in parts, and with little memory."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from site_pages import address, sketch_of, stories, story

import cleaner.sites.gather as gathering
from cleaner.capture import read_capture
from cleaner.sites import SiteSketch, learn_template, site_of
from cleaner.sites.gather import Gatherer, sketch_capture
from cleaner.sites.sketch import PAGES
from cleaner.sites.store import write_sketches
from cleaner.types import Capture

pytest.importorskip("pyarrow")


def capture(number: int, host: str = "lighthouse.example") -> Capture:
    return read_capture(story(number), url=address(number, host))


def gather(captures: list[Capture], folder: Path, **options: int) -> list[SiteSketch]:
    folder.mkdir()
    gatherer = Gatherer(folder, **options)
    for each in captures:
        gatherer.add(each)
    return list(gatherer.sketches())


def mixed() -> list[Capture]:
    """Return pages of one large site and of many small ones."""
    large = [capture(n) for n in range(150)]
    return large + [capture(n, f"site-{n % 40:02}.example") for n in range(160)]


def test_neither_order_nor_memory_matters(tmp_path: Path) -> None:
    captures = mixed()
    whole = gather(captures, tmp_path / "whole")
    random.Random(7).shuffle(captures)
    assert gather(captures, tmp_path / "parts", held=500) == whole
    assert len(list((tmp_path / "parts").iterdir())) > 3
    assert [sketch.site for sketch in whole] == sorted(sketch.site for sketch in whole)
    assert whole[0] == sketch_of(stories(150))


def test_many_files_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FILES", 3)
    captures = mixed()
    sketches = gather(captures, tmp_path / "parts", held=100)
    assert len(list((tmp_path / "parts").iterdir())) <= 3
    assert sketches == gather(captures, tmp_path / "whole")


def test_what_is_held_is_bounded(tmp_path: Path) -> None:
    gatherer = Gatherer(tmp_path, held=2_000)
    for number in range(600):
        gatherer.add(capture(number, f"site-{number}.example"))
        held = sum(len(p.prints) + 8 for s in gatherer.sites.values() for p in s.pages)
        assert held == gatherer.size <= 2_000
    assert sum(1 for _ in gatherer.sketches()) == 600


def test_most_pages_of_a_large_site_are_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = 0
    read = gathering.read_blocks

    def counted(capture: Capture) -> object:
        nonlocal parsed
        parsed += 1
        return read(capture)

    monkeypatch.setattr(gathering, "read_blocks", counted)
    gatherer = Gatherer(tmp_path, held=3_000)
    wanted = sum(gatherer.add(capture(number)) for number in range(2_000))
    assert parsed == wanted < 400
    (sketch,) = gatherer.sketches()
    assert len(sketch.pages) == PAGES


def test_a_page_seen_again_is_the_same_page(tmp_path: Path) -> None:
    once = gather([capture(n) for n in range(9)], tmp_path / "once")
    assert gather([capture(n % 9) for n in range(40)], tmp_path / "often", held=100) == once


def test_pages_without_a_site_are_left_out_or_given_one(tmp_path: Path) -> None:
    gatherer = Gatherer(tmp_path)
    assert not gatherer.add(read_capture(story(1)))
    assert [gatherer.add(read_capture(story(n)), "given.example") for n in range(4)] == [True] * 4
    assert gatherer.add(capture(1), "given.example")
    given, named = gatherer.sketches()
    assert (given.site, len(given.pages)) == ("given.example", 4)
    assert (named.site, len(named.pages)) == ("lighthouse.example", 1)
    template = learn_template(given)
    assert template is not None
    assert template.pages == 4


def test_nothing_gathered_is_no_sketch(tmp_path: Path) -> None:
    assert list(Gatherer(tmp_path).sketches()) == []


def test_any_number_of_files_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FILES", 3)
    captures = mixed()
    parts = [tmp_path / f"part-{number:02}" for number in range(10)]
    for number, path in enumerate(parts):
        (tmp_path / f"{number}").mkdir()
        gatherer = Gatherer(tmp_path / f"{number}")
        for each in captures[number::10]:
            gatherer.add(each)
        write_sketches(path, gatherer.sketches())
    folder = tmp_path / "merging"
    folder.mkdir()
    merged = list(Gatherer(folder).merge(parts))
    assert merged == gather(captures, tmp_path / "whole")
    assert list(folder.iterdir()) == []
    assert all(path.exists() for path in parts)
    assert list(Gatherer(folder).merge([])) == []


def test_sketches_are_taken_as_pages_are(tmp_path: Path) -> None:
    gatherer = Gatherer(tmp_path)
    for each in mixed():
        site, sketch = site_of(each.url), sketch_capture(each)
        assert sketch is not None
        if gatherer.wants(site, sketch.key):
            gatherer.take(site, sketch)
    assert not gatherer.wants("lighthouse.example", (1 << 64) - 1)
    assert not gatherer.wants("", 0)
    assert list(gatherer.sketches()) == gather(mixed(), tmp_path / "whole")
