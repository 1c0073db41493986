"""Plain text."""

from __future__ import annotations

import time

from builders import (
    caption,
    code,
    definition,
    heading,
    item,
    link,
    paragraph,
    picture,
    quote,
    row,
    strong,
    term,
)

from cleaner.render import render_text


def test_no_blocks_give_an_empty_text() -> None:
    assert render_text([]) == ""
    assert render_text([paragraph(" ")]) == ""


def test_paragraphs_are_separated_by_a_blank_line_without_markup() -> None:
    blocks = [
        heading(2, "Tides"),
        paragraph("High ", strong("water"), " at ", link("/noon", "noon"), picture("x.png", "Sea")),
        quote("Mind the step."),
        caption("The quay"),
    ]
    assert render_text(blocks) == "Tides\n\nHigh water at noon\n\nMind the step.\n\nThe quay"


def test_line_breaks_are_kept() -> None:
    assert render_text([paragraph("one\ntwo \n three")]) == "one\ntwo\nthree"


def test_items_of_a_list_are_on_consecutive_lines_without_marks() -> None:
    blocks = [
        item("a", ordinal=1),
        item("b", level=2),
        item("c", ordinal=2),
        paragraph("after"),
        item("d", group=2),
    ]
    assert render_text(blocks) == "a\nb\nc\n\nafter\n\nd"


def test_a_further_paragraph_of_an_item_follows_a_blank_line() -> None:
    blocks = [item("a"), item("more", continues=True), item("b")]
    assert render_text(blocks) == "a\n\nmore\nb"


def test_terms_and_definitions_are_paragraphs() -> None:
    assert render_text([term("ebb"), definition("going out")]) == "ebb\n\ngoing out"


def test_rows_are_lines_and_cells_are_separated_by_tabs() -> None:
    blocks = [row(["Port", "", "Depth"], header=True), row(["Skell", "x\ny", "4 m"])]
    assert render_text(blocks) == "Port\t\tDepth\nSkell\tx y\t4 m"


def test_code_keeps_its_white_space() -> None:
    assert render_text([code("\n  if x:\n\n\ty = 1  \n")]) == "  if x:\n\n\ty = 1  "


def test_fifty_thousand_blocks_take_about_a_second() -> None:
    blocks = [item(f"item {n}", level=n % 7) for n in range(25_000)]
    blocks += [row([f"a {n}", "b"]) for n in range(25_000)]
    begun = time.process_time()
    render_text(blocks)
    assert time.process_time() - begun < 6
