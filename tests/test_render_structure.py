"""Blocks put together as lists, tables and quotes, though some of them are missing."""

from __future__ import annotations

import pytest
from builders import (
    caption,
    code,
    definition,
    heading,
    item,
    paragraph,
    quote,
    row,
    term,
)

from cleaner.render.structure import (
    MAX_LISTS,
    MAX_QUOTES,
    Definitions,
    ItemList,
    Leaf,
    Node,
    Quote,
    Table,
    code_language,
    outline,
    row_cells,
)
from cleaner.types import Block, Cell, Kind


def shape(nodes: list[Node]) -> list[object]:
    """Return the tree as nested lists of texts, each container led by its name."""
    return [shape_of(node) for node in nodes]


def shape_of(node: Node) -> object:
    if isinstance(node, Leaf):
        return node.block.text
    if isinstance(node, Quote):
        return ["quote", *shape(node.children)]
    if isinstance(node, ItemList):
        name = "ordered" if node.ordered else "list"
        return [name, *(shape(each.children) for each in node.items)]
    if isinstance(node, Definitions):
        return ["definitions", *(shape(each.children) for each in node.entries)]
    return ["table", *(each.text for each in node.rows)]


def tree(*blocks: Block) -> list[object]:
    return shape(outline(blocks))


def test_items_of_a_list_nest_by_their_level() -> None:
    blocks = [item("a"), item("b", level=2), item("c", level=3), item("d", level=2), item("e")]
    assert tree(*blocks) == [["list", ["a", ["list", ["b", ["list", ["c"]]], ["d"]]], ["e"]]]


def test_items_without_their_parents_are_the_outermost() -> None:
    assert tree(item("a", level=3), item("b", level=1)) == [["list", ["a"], ["b"]]]
    assert tree(item("a", level=1), item("c", level=3), item("b", level=2)) == [
        ["list", ["a", ["list", ["c"], ["b"]]]]
    ]
    assert tree(item("a", level=3), item("b", level=1), item("c", level=2)) == [
        ["list", ["a"], ["b", ["list", ["c"]]]]
    ]


def test_lists_of_two_groups_and_of_two_kinds_stay_apart() -> None:
    assert tree(item("a", group=1), item("b", group=2)) == [["list", ["a"]], ["list", ["b"]]]
    assert tree(item("a", group=1), item("b", level=2, group=2)) == [
        ["list", ["a"]],
        ["list", ["b"]],
    ]
    assert tree(item("a"), item("b", ordinal=1), item("c", ordinal=2)) == [
        ["list", ["a"]],
        ["ordered", ["b"], ["c"]],
    ]
    assert tree(item("a"), paragraph("p"), item("b")) == [["list", ["a"]], "p", ["list", ["b"]]]


def test_nested_lists_of_two_kinds_stay_in_their_item() -> None:
    blocks = [item("a"), item("b", level=2), item("c", level=2, ordinal=1), item("d")]
    assert tree(*blocks) == [["list", ["a", ["list", ["b"]], ["ordered", ["c"]]], ["d"]]]


def test_a_further_paragraph_belongs_to_its_item() -> None:
    more = item("more", continues=True)
    assert tree(item("a"), more, item("b")) == [["list", ["a", "more"], ["b"]]]
    assert tree(item("a"), item("b", level=2), more) == [["list", ["a", ["list", ["b"]], "more"]]]


def test_a_further_paragraph_whose_item_is_missing_is_an_item() -> None:
    assert tree(item("more", continues=True), item("b")) == [["list", ["more"], ["b"]]]
    assert tree(item("a"), item("more", level=2, continues=True)) == [
        ["list", ["a", ["list", ["more"]]]]
    ]
    assert tree(item("a", group=1), item("more", group=2, continues=True)) == [
        ["list", ["a"]],
        ["list", ["more"]],
    ]


def test_code_and_quotes_within_an_item_share_its_group() -> None:
    assert tree(item("a"), code("x = 1", group=0), item("b")) == [["list", ["a", "x = 1"], ["b"]]]
    assert tree(item("a"), item("q", continues=True, quote_depth=2), item("b")) == [
        ["list", ["a", ["quote", ["quote", "q"]]], ["b"]]
    ]
    assert tree(item("a"), code("x"), item("b")) == [["list", ["a"]], "x", ["list", ["b"]]]


def test_a_heading_ends_a_list_unless_it_continues_an_item() -> None:
    assert tree(item("a"), heading(3, "h", group=0), item("b")) == [
        ["list", ["a"]],
        "h",
        ["list", ["b"]],
    ]
    assert tree(item("a"), heading(3, "h", group=0, continues=True)) == [["list", ["a", "h"]]]


def test_quotes_nest_by_their_depth() -> None:
    blocks = [
        paragraph("a", quote_depth=2),
        paragraph("b", quote_depth=1),
        item("c", quote_depth=1),
        paragraph("d"),
    ]
    assert tree(*blocks) == [["quote", ["quote", "a"], "b", ["list", ["c"]]], "d"]


def test_a_quote_block_is_a_quote_even_without_depth() -> None:
    assert tree(quote("a", quote_depth=0)) == [["quote", "a"]]


def test_quotes_of_two_figures_stay_apart_but_lists_do_not_part_a_quote() -> None:
    assert tree(quote("a", group=4), quote("b", group=6)) == [["quote", "a"], ["quote", "b"]]
    blocks = [quote("a"), item("b", quote_depth=1, group=3), quote("c")]
    assert tree(*blocks) == [["quote", "a", ["list", ["b"]], "c"]]


def test_terms_and_definitions_make_a_list() -> None:
    blocks = [term("t"), definition("d"), definition("more", continues=True), term("u")]
    assert tree(*blocks) == [["definitions", ["t"], ["d", "more"], ["u"]]]
    assert tree(term("t", group=1), term("u", group=2)) == [
        ["definitions", ["t"]],
        ["definitions", ["u"]],
    ]


def test_a_further_paragraph_of_a_missing_definition_is_one_itself() -> None:
    assert tree(term("t"), definition("more", continues=True)) == [["definitions", ["t"], ["more"]]]


def test_rows_of_one_group_make_a_table() -> None:
    blocks = [row(["a"], group=1), row(["b"], group=1), row(["c"], group=2)]
    assert tree(*blocks) == [["table", "a", "b"], ["table", "c"]]


def test_blocks_without_text_are_left_out() -> None:
    assert tree(paragraph(""), paragraph(" \n"), paragraph("\x00"), code("\n")) == []


def test_characters_that_a_format_cannot_hold_are_blanks() -> None:
    assert tree(paragraph("a\x00b\ud800c\u2028d\x85e\ufffef")) == ["a b c d e f"]
    assert tree(code("a\r\nb\rc\x1b")) == ["a\nb\nc "]
    assert tree(paragraph("tab\tand\nline")) == ["tab\tand\nline"]


@pytest.mark.parametrize("kind", [Kind.LIST_ITEM, Kind.PARAGRAPH])
def test_nesting_is_capped(kind: Kind) -> None:
    blocks = [
        Block(n, kind, f"w{n}", level=n + 1, quote_depth=n if kind is Kind.PARAGRAPH else 0)
        for n in range(10_000)
    ]
    nodes: list[Node] = outline(blocks)
    depth = 0
    while nodes:
        node = nodes[-1]
        depth += 1
        if isinstance(node, Quote):
            nodes = node.children
        elif isinstance(node, ItemList):
            nodes = node.items[-1].children
        else:
            nodes = []
    assert depth == (MAX_QUOTES if kind is Kind.PARAGRAPH else MAX_LISTS) + 1


def test_cells_that_do_not_fit_the_text_are_parted_by_tabs() -> None:
    text = "one\ttwo"
    for cells in ((), (Cell(0, 3),), (Cell(4, 7), Cell(0, 3)), (Cell(0, 5), Cell(4, 9))):
        block = Block(0, Kind.TABLE_ROW, text, cells=cells)
        assert [text[cell.start : cell.end] for cell in row_cells(block)] == ["one", "two"]
    good = row(["one", "two"], header=True)
    assert row_cells(good) == good.cells


def test_a_caption_does_not_join_the_table_of_its_group() -> None:
    assert isinstance(outline([caption("c", group=0), row(["a"])])[1], Table)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("python", "python"), ("c++", "c++"), ("", ""), ('x" y', ""), ("a`", ""), ("x\ny", "")],
)
def test_the_language_of_code_is_a_name_or_nothing(language: str, expected: str) -> None:
    assert code_language(code("x", language)) == expected
