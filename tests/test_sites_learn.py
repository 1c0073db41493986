"""From sketches to templates: what counts as repeated, and what a template says of a page."""

from __future__ import annotations

import pickle

from site_pages import HOST, NOTE, address, block_of, read_page, sketch_of, stories, story
from site_pages import template_of as learned

from cleaner import Options
from cleaner.sites import SiteSketch, learn_template
from cleaner.sites.learn import LEAST_PAGES, LEAST_SEEN, MOST_BLOCKS
from cleaner.sites.sketch import PRINTS
from cleaner.template import Sighting


def test_what_stands_on_all_pages_is_in_the_template() -> None:
    template = learned(stories(12))
    found = {block.text: block for block in template.blocks.values()}
    assert template.pages == 12
    note = next(block for text, block in found.items() if text.startswith("Readers pay"))
    assert (note.seen, note.of, note.there, note.path) == (12, 12, 12, "body/main/p")
    assert found["What the keeper says"].path == "body/main/h2"
    assert found["Front page"].seen == 12
    assert not any("number" in text for text in found)


def test_a_template_needs_some_pages() -> None:
    assert learn_template(SiteSketch(HOST)) is None
    assert learn_template(sketch_of(stories(LEAST_PAGES - 1))) is None
    assert learn_template(sketch_of(stories(LEAST_PAGES))) is not None


def test_pages_of_no_site_have_no_template() -> None:
    assert learn_template(sketch_of(stories(5), "")) is None


def test_a_block_on_two_pages_is_not_repeated() -> None:
    pages = stories(8)
    pages += [read_page(story(n, note="A gull sat down."), address(n)) for n in (20, 21)]
    texts = [block.text for block in learned(pages).blocks.values()]
    assert "A gull sat down." not in texts
    pages.append(read_page(story(22, note="A gull sat down."), address(22)))
    block = next(b for b in learned(pages).blocks.values() if b.text == "A gull sat down.")
    assert (block.seen, block.of) == (LEAST_SEEN, 11)


def test_copies_of_a_page_count_once() -> None:
    same = [read_page(story(1), address(n)) for n in (1, 101, 102)]
    link = f"<link rel=canonical href='{address(2)}'>"
    views = [
        read_page(story(2, note=f"{NOTE} View {n}.") + link, f"{address(2)}?view={n}")
        for n in ("print", "phone", "plain")
    ]
    template = learned([*stories(6), *same, *views])
    assert template.pages == 6
    assert len(template.members) == 6 + 2 + 3
    assert not any("number 1 " in b.text or "number 2 " in b.text for b in template.blocks.values())


def test_the_template_does_not_depend_on_the_order_of_pages() -> None:
    pages = stories(70)
    first, second = learned(pages), learned(pages[::-1])
    assert first == second
    assert first.blocks == second.blocks
    assert first.id == second.id != learned(stories(69)).id
    assert hash(first) == hash(second)
    assert first != first.id


def test_a_template_survives_pickling_and_makes_options_hashable() -> None:
    template = learned(stories(5))
    copy = pickle.loads(pickle.dumps(template))
    assert copy == template
    assert {Options(site=template): 1}[Options(site=copy)] == 1
    assert Options(site=template) != Options()


def test_a_page_says_nothing_of_itself() -> None:
    pages = stories(12)
    template = learned(pages)
    own = template.sightings(pages[3])
    assert own[block_of(pages[3], "Readers pay")] == Sighting(11, 11, 11)
    assert own[block_of(pages[3], "The keeper wrote")] == Sighting(0, 0, 11)
    other = read_page(story(40), address(40))
    assert template.sightings(other)[block_of(other, "Readers pay")] == Sighting(12, 12, 12)


def test_a_block_at_another_place_is_told_apart() -> None:
    page = read_page(f"<aside><p>{NOTE}</p></aside>", address(50))
    assert learned(stories(9)).sightings(page)[0] == Sighting(9, 0, 9)


def test_a_block_without_text_has_no_sighting() -> None:
    page = read_page("<p>Salt water.</p><img src=a.png alt=''><img src=b.png>", address(50))
    sightings = learned(stories(9)).sightings(page)
    empty = [block.index for block in page.blocks if not block.text.strip()]
    assert all(sightings[index] is None for index in empty)
    assert sightings[0] == Sighting(0, 0, 9)


def test_pages_that_keep_a_part_of_their_blocks_count_for_that_part() -> None:
    menu = "".join(f"<p>Menu line {'m' * n} is long.</p>" for n in range(PRINTS + 400))
    pages = [read_page(menu + story(n), address(n)) for n in range(4)]
    template = learned([*pages, *stories(12)[4:]])
    for block in template.blocks.values():
        assert block.seen <= block.of
        assert block.of in (8, 9, 10, 11, 12)
    lines = [block for block in template.blocks.values() if block.text.startswith("Menu line")]
    assert lines
    assert {block.seen for block in lines} <= {3, 4}


def test_templates_are_capped() -> None:
    menu = "".join(f"<p>Menu line {'m' * n} is long.</p>" for n in range(PRINTS))
    parts = [menu.replace("Menu", word) for word in ("Menu", "List", "Port", "Crew")]
    pages = [read_page(p + story(n), address(n)) for n, p in enumerate(parts * 4)]
    template = learned(pages)
    assert len(template.blocks) == MOST_BLOCKS
    assert min(block.seen for block in template.blocks.values()) >= LEAST_SEEN
