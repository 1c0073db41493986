"""Finding the blocks of a page again in its source."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cleaner.blocks.html import read_html
from cleaner.blocks.html_trace import Trace, trace_html
from cleaner.capture import read_capture
from cleaner.types import Kind

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*/page.*html"))
PIECES = st.sampled_from(
    "<p> </p> <div> </div> <br> <table><tr><td> </td></tr></table> <li> <ul> </ul> <b> </b> "
    "<img src=a.png alt=boat> <input type=submit value=Send> <svg> </svg> <h2> </h2> "
    "<a href=#top>¶</a> <span hidden> </span> <script> </script> <pre> </pre> one two\u00a0three"
    " &amp;four \u200b".split(" ")
)


def traced(source: str) -> Trace:
    return trace_html(read_capture(f"<html><body>{source}</body></html>", media_type="html"))


def texts_of(trace: Trace) -> dict[int, str]:
    """Return the source's text for each block that has any there."""
    found: dict[int, list[str]] = defaultdict(list)
    for position in sorted(trace.owners):
        event = trace.events[position]
        if isinstance(event, str):
            found[trace.owners[position]].append(event)
    return {block: "".join(texts) for block, texts in found.items()}


def letters(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char not in "\u200b\u2060\ufeff")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_every_block_of_a_page_is_found_with_its_text(path: Path) -> None:
    capture = read_capture(path.read_bytes())
    trace = trace_html(capture)
    assert trace.blocks == read_html(capture).blocks
    assert set(trace.owners.values()) == {block.index for block in trace.blocks}
    for index, text in texts_of(trace).items():
        assert letters(text.replace("\xad", "")) == letters(trace.blocks[index].text)


@given(st.lists(PIECES, max_size=25))
def test_broken_pages_are_traced_like_whole_ones(pieces: list[str]) -> None:
    capture = read_capture(f"<html><body>{' '.join(pieces)}</body></html>", media_type="html")
    trace = trace_html(capture)
    assert trace.blocks == read_html(capture).blocks
    assert set(trace.owners.values()) == {block.index for block in trace.blocks}


def test_bare_text_and_paragraphs_between_line_breaks_are_found() -> None:
    trace = traced("<div>The kiln is lit.<br><br>It burns <i>all</i> night.</div>")
    assert [block.text for block in trace.blocks] == ["The kiln is lit.", "It burns all night."]
    assert texts_of(trace) == {0: "The kiln is lit.", 1: "It burns all night."}


def test_a_permalink_is_told_from_its_heading() -> None:
    trace = traced("<h2>Glazes <a href='#glazes'>¶</a></h2>")
    assert {
        trace.blocks[index].hidden: text.strip() for index, text in texts_of(trace).items()
    } == {
        "": "Glazes",
        "permalink": "¶",
    }


def test_images_and_buttons_are_found() -> None:
    trace = traced(
        "<img src=a.png alt='A jug'><img src=b.png alt='A cup'><input type=submit value=Buy>"
    )
    owned = {trace.owners[position]: trace.events[position] for position in sorted(trace.owners)}
    assert [block.kind for block in trace.blocks] == [Kind.IMAGE, Kind.IMAGE, Kind.CONTROL]
    attributes = [event[1] for event in owned.values() if isinstance(event, tuple)]
    assert [a.get("alt") or a["value"] for a in attributes] == ["A jug", "A cup", "Buy"]


def test_a_tree_that_the_caller_parsed_is_traced() -> None:
    tree = html.document_fromstring(
        "<table><tr><th>Clay</th><td>Red</td></tr></table><p>Fired.</p>"
    )
    trace = trace_html(read_capture(tree))
    assert texts_of(trace) == {0: "ClayRed", 1: "Fired."}
