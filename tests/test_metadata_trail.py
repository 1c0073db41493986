from __future__ import annotations

import pytest
from metadata_pages import BODY, HEADLINE, json_ld, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.types import MediaType, Options


def trail(*names: str) -> str:
    steps = [{"@type": "ListItem", "position": i, "name": n} for i, n in enumerate(names, 1)]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": steps})


def test_the_steps_to_the_page_are_its_breadcrumb() -> None:
    found = metadata_of(trail("Home", "World", "Ferry returns to the harbour"), HEADLINE + BODY)
    assert found.breadcrumb == ("Home", "World")
    assert found.section == "World"
    assert found.sources["breadcrumb"] == "json-ld:BreadcrumbList"


def test_steps_stand_in_the_order_of_their_positions() -> None:
    steps = [{"position": p, "item": {"name": n}} for p, n in ((2, "World"), ("1", "Home"))]
    head = json_ld({"@type": "BreadcrumbList", "itemListElement": steps})
    assert metadata_of(head, HEADLINE + BODY).breadcrumb == ("Home", "World")


@pytest.mark.parametrize(
    "line",
    [
        '<div class="breadcrumbs"><a href="/">Home</a> <a href="/w">World</a></div>',
        "<p>24 Aug, 2025 13:54 / Home / World</p>",
        "<p>Home › World</p>",
    ],
)
def test_a_trail_that_readers_see(line: str) -> None:
    found = metadata_of("", line + HEADLINE + BODY)
    assert found.breadcrumb == ("Home", "World")
    structured = metadata_of("", line + HEADLINE + BODY, mode="structured")
    assert structured.breadcrumb == ()


def test_no_trail_no_breadcrumb() -> None:
    assert metadata_of("", "<p>World / People</p>" + HEADLINE + BODY).breadcrumb == ()


def test_the_step_that_the_window_title_names_is_the_section() -> None:
    text = (
        "Ferry returns to the harbour | World | Harbour Post\n\nHome / World / Rivers\n\n"
        "# Ferry returns to the harbour\n\n" + "The ferry came back before noon. " * 9
    )
    page = page_of(text, media_type=MediaType.MARKDOWN)
    found = read_metadata(page, (), Options())
    assert (found.section, found.breadcrumb) == ("World", ("Home", "World", "Rivers"))
