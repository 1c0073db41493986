"""Warnings and confidence, on small pages with labels set by hand and on whole captures."""

from __future__ import annotations

from typing import Any

import pytest
from builders import code, heading, link, paragraph
from builders import page as make_page
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Block, Label, LabelName, Page, clean
from cleaner.doubt import DOUBTS, THIN, estimate_confidence, find_warnings
from cleaner.types import Element

STORY = (
    "The ferryman painted his boat green in the spring, and the people on both banks of the river "
    "had to learn again which boat was his, because for nine years it had been as red as a barn. "
    "He said that the red had been on sale that year, and that the green was what he had wanted."
)


def content(probability: float = 0.9) -> Label:
    return Label(LabelName.CONTENT, probability)


def dropped(name: str = "navigation", probability: float = 0.1) -> Label:
    return Label(LabelName(name), probability)


def warnings_of(*rows: tuple[Block, Label], **fields: Any) -> tuple[str, ...]:
    page, labels = page_of(*rows, **fields)
    return find_warnings(page, labels)


def page_of(*rows: tuple[Block, Label], **fields: Any) -> tuple[Page, list[Label]]:
    return make_page(*(block for block, _ in rows), **fields), [label for _, label in rows]


def test_an_article_gives_no_warning() -> None:
    assert warnings_of((paragraph(STORY), content()), (paragraph("Home"), dropped())) == ()


def test_warnings_of_the_reader_come_last() -> None:
    found = warnings_of((paragraph("Home"), dropped()), warnings=("nesting-cut", "nul-bytes"))
    assert found == ("no-main-text", "nesting-cut", "nul-bytes")


@pytest.mark.parametrize("rows", [[], [(paragraph("Home"), dropped())]])
def test_no_main_text(rows: list[tuple[Block, Label]]) -> None:
    assert warnings_of(*rows) == ("no-main-text",)


@pytest.mark.parametrize("names", ["root", "app", "app dark", "theme __next"])
def test_the_mount_of_a_script_tells_a_shell(names: str) -> None:
    elements = (Element("body", -1), Element("div", 0, names))
    assert warnings_of(elements=elements) == ("script-shell",)
    assert warnings_of((paragraph(STORY), content()), elements=elements) == ()


def test_other_names_tell_no_shell() -> None:
    assert warnings_of(elements=(Element("div", -1, "application root-bar"),)) == ("no-main-text",)


def test_a_plea_for_scripts_tells_a_shell_only_where_there_is_hardly_text() -> None:
    plea = (paragraph("Please enable JavaScript to read this page."), dropped("notice"))
    assert warnings_of(plea) == ("script-shell",)
    assert warnings_of((paragraph(STORY), content()), plea) == ()
    assert len(STORY) >= THIN


def test_hidden_pleas_do_not_count() -> None:
    plea = (paragraph("Please enable JavaScript.", hidden="display-none"), dropped("notice"))
    assert warnings_of(plea) == ("no-main-text",)


@pytest.mark.parametrize(
    "source",
    [
        '{"@type": "NewsArticle", "isAccessibleForFree": false}',
        '{"@type": "NewsArticle", "isAccessibleForFree" : "False"}',
        '{"hasPart": {"isAccessibleForFree":\n false, "cssSelector": ".paid"}}',
    ],
)
def test_structured_data_tells_of_a_paywall(source: str) -> None:
    row = (paragraph(STORY), content())
    assert warnings_of(row, json_ld=(source,)) == ("paywall",)
    free = source.replace("false", "true").replace("False", "True")
    assert warnings_of(row, json_ld=(free,)) == ()


def test_a_notice_tells_of_a_paywall() -> None:
    notice = (paragraph("Subscribe to continue reading."), dropped("notice"))
    assert warnings_of((paragraph(STORY), content()), notice) == ("paywall",)


def test_the_article_may_speak_of_paywalls() -> None:
    text = f"{STORY} The paper wrote 'for subscribers' above its report about the boat."
    assert warnings_of((paragraph(text), content())) == ()


def test_a_long_article_is_not_cut_whatever_its_page_says() -> None:
    notice = (paragraph("Subscribe to continue reading."), dropped("notice"))
    rows = [(paragraph(f"{STORY} {number}"), content()) for number in range(20)]
    assert warnings_of(*rows, notice) == ()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("We value your privacy. Accept all cookies?", "consent-wall"),
        ("404 Not Found", "error-page"),
        ("Страница не найдена", "error-page"),
        ("PÁGINA NO ENCONTRADA", "error-page"),
        ("Access denied", "error-page"),
    ],
)
def test_walls_and_errors_are_told_only_of_pages_with_hardly_any_text(
    text: str, warning: str
) -> None:
    assert warnings_of((heading(1, text), dropped("title"))) == (warning,)
    assert warnings_of((heading(1, text), content())) == (warning,)
    assert warnings_of((heading(1, text), dropped("title")), (paragraph(STORY), content())) == ()


def teasers(count: int, text: str = "A boat.") -> list[tuple[Block, Label]]:
    heads = [heading(2, link(f"/{n}", f"Boat number {n}")) for n in range(count)]
    return [row for head in heads for row in ((head, content()), (paragraph(text), content()))]


def test_a_list_of_teasers_is_told() -> None:
    assert warnings_of(*teasers(5)) == ("list-page",)
    assert warnings_of(*teasers(4)) == ()


def test_an_article_with_linked_headings_is_no_list() -> None:
    assert warnings_of(*teasers(8, STORY), *[(paragraph(STORY), content())] * 4) == ()


def test_headings_with_a_short_mark_or_none_are_no_list() -> None:
    marked = [(heading(2, f"Part {n} ", link("#part", "#")), content()) for n in range(9)]
    assert warnings_of(*marked, (paragraph("Boat."), content())) == ()
    documented = [*teasers(6), *[(code("row(boat)"), content())] * 9]
    assert warnings_of(*documented, *[(paragraph(STORY), content())] * 12) == ()


def test_dropped_teasers_are_no_list() -> None:
    rows = [(block, dropped("promo")) for block, _ in teasers(9)]
    assert warnings_of((paragraph(STORY), content()), *rows) == ()


def test_confidence_is_the_expected_f1() -> None:
    assert estimate_confidence(0.9, ()) == 0.9
    assert estimate_confidence(0.0, ()) == 0.0
    assert estimate_confidence(0.9, ["charset-doubtful"]) == 0.9


@pytest.mark.parametrize(
    ("warnings", "factor"),
    [
        (("script-shell",), 0.2),
        (("no-main-text",), 0.2),
        (("consent-wall",), 0.2),
        (("error-page",), 0.2),
        (("paywall",), 0.6),
        (("list-page",), 0.7),
        (("paywall", "script-shell"), 0.2),
        (("nul-bytes",), 1.0),
    ],
)
def test_warnings_lower_the_confidence(warnings: tuple[str, ...], factor: float) -> None:
    assert estimate_confidence(0.9, warnings) == pytest.approx(0.9 * factor)


def test_of_several_warnings_the_worst_counts_once() -> None:
    assert estimate_confidence(1.0, tuple(DOUBTS)) == min(DOUBTS.values())


@given(st.floats(0, 1), st.lists(st.sampled_from([*DOUBTS, "nul-bytes"])))
def test_confidence_is_a_share(expected: float, warnings: list[str]) -> None:
    assert 0 <= estimate_confidence(expected, warnings) <= expected


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ('<div id="root"></div><noscript>Turn on JavaScript.</noscript>', "script-shell"),
        ("<h1>403 Forbidden</h1><hr><center>nginx</center>", "error-page"),
        ("<h1>Before you continue</h1><p>Accept all?</p>", "consent-wall"),
        ("<hr>", "no-main-text"),
    ],
)
def test_whole_captures(body: str, warning: str) -> None:
    document = clean(f"<html><body>{body}</body></html>")
    assert document.warnings == (warning,)
    assert document.confidence <= 0.2
