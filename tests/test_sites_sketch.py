"""Sketches merge to the same thing in any order and any grouping, and stay small."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_pages import HOST, address, read_page, sketch_of, stories, story

from cleaner.errors import SiteError
from cleaner.sites import PageSketch, SiteSketch, merge, sketch_page
from cleaner.sites.sketch import EXCERPT, NO_LIMIT, PAGES, PRINTS, SHOWN

SMALL = st.integers(0, 5)


@st.composite
def page_sketches(draw: st.DrawFn) -> PageSketch:
    """Draw a sketch of a few fingerprints, with keys that often meet."""
    prints = sorted(draw(st.sets(st.integers(0, 9), max_size=4)))
    shown = draw(st.booleans())
    return PageSketch(
        key=draw(st.integers(0, 200)),
        digest=draw(SMALL),
        canonical=draw(SMALL),
        limit=NO_LIMIT,
        prints=tuple(prints),
        places=tuple(draw(SMALL) for _ in prints),
        texts=tuple(f"text {p} {draw(SMALL)}" for p in prints) if shown else (),
        paths=tuple(f"path {p}" for p in prints) if shown else (),
    )


MANY = st.lists(page_sketches(), max_size=120)


def of(pages: Sequence[PageSketch]) -> SiteSketch:
    """Return the sketch of pages that came one by one."""
    return reduce(lambda sketch, page: sketch.with_pages([page]), pages, SiteSketch(HOST))


@given(MANY, MANY)
def test_merging_is_commutative(first: list[PageSketch], second: list[PageSketch]) -> None:
    assert merge(of(first), of(second)) == merge(of(second), of(first))


@given(MANY, MANY, MANY)
def test_merging_is_associative(
    first: list[PageSketch], second: list[PageSketch], third: list[PageSketch]
) -> None:
    a, b, c = of(first), of(second), of(third)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(MANY)
def test_merging_twice_changes_nothing(pages: list[PageSketch]) -> None:
    sketch = of(pages)
    assert merge(sketch, sketch) == sketch
    assert sketch.with_pages(pages) == sketch


@given(st.data(), MANY)
def test_no_partition_matters(data: st.DataObject, pages: list[PageSketch]) -> None:
    whole = SiteSketch(HOST).with_pages(pages)
    shuffled = data.draw(st.permutations(pages))
    cut = data.draw(st.integers(0, len(pages)))
    assert merge(of(shuffled[:cut]), of(shuffled[cut:])) == whole


@given(MANY)
def test_sketches_are_capped(pages: list[PageSketch]) -> None:
    sketch = of(pages)
    keys = [page.key for page in sketch.pages]
    assert keys == sorted(set(keys))[:PAGES]
    assert len({page.key for page in pages}) < PAGES or len(keys) == PAGES
    assert not any(page.texts for page in sketch.pages[SHOWN:])


@given(MANY, page_sketches())
def test_a_page_that_is_not_wanted_would_change_nothing(
    pages: list[PageSketch], page: PageSketch
) -> None:
    sketch = of(pages)
    if not sketch.wants(page.key):
        assert sketch.with_pages([page]) == sketch
    if not sketch.shows(page.key):
        kept = {each.key: each for each in sketch.with_pages([page]).pages}
        assert page.key not in kept or not kept[page.key].texts


def test_real_pages_in_any_order_give_one_sketch() -> None:
    pages = stories(90)
    forwards, backwards = sketch_of(pages), sketch_of(pages[::-1])
    assert forwards == backwards == merge(sketch_of(pages[40:]), sketch_of(pages[:50]))
    assert len(forwards.pages) == PAGES
    assert all(page.texts for page in forwards.pages[:SHOWN])


def test_sketches_of_two_sites_do_not_merge() -> None:
    with pytest.raises(SiteError, match=r"sketches of two sites: 'a\.example' and 'b\.example'"):
        merge(SiteSketch("a.example"), SiteSketch("b.example"))


def test_captures_of_one_address_are_one_page() -> None:
    one, two = (read_page(story(n), address(1)) for n in (1, 2))
    sketch = sketch_of([one, two])
    assert sketch == sketch_of([two, one])
    assert len(sketch.pages) == 1


def test_a_page_keeps_its_lowest_fingerprints_and_says_so() -> None:
    source = "".join(f"<p>Paragraph {'x' * n} of many.</p>" for n in range(PRINTS + 300))
    page = sketch_page(read_page(source, address(1)))
    assert len(page.prints) == PRINTS == len(page.places) == len(page.texts) == len(page.paths)
    assert page.limit == page.prints[-1]
    longer = sketch_page(read_page(source + "<p>One more of these.</p>", address(2)))
    assert set(longer.prints) - set(page.prints) <= {
        each for each in longer.prints if each <= page.limit
    }
    assert sketch_page(read_page(story(1), address(1))).limit == NO_LIMIT


def test_what_people_read_is_short_and_on_one_line() -> None:
    words = "A long line\nof words " * 40
    source = f"<main><div><section><p>{words}</p></section></div></main>"
    page = sketch_page(read_page(source, address(1)))
    assert len(page.texts[0]) == EXCERPT
    assert page.texts[0].startswith("A long line of words A long")
    assert page.paths[0] == "div/section/p"


def test_the_digest_is_that_of_what_is_read() -> None:
    one = sketch_page(read_page("<p>Ebb tide.</p><p>Flood tide.</p>", address(1)))
    two = sketch_page(read_page("<div><p>FLOOD tide.</p><p>Ebb tide.</p></div>", address(2)))
    three = sketch_page(read_page("<p>Ebb tide.</p><p>Slack water.</p>", address(1)))
    assert one.digest == two.digest != three.digest
