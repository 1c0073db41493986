"""What each block shows by itself."""

from __future__ import annotations

from typing import Any

import pytest
from builders import block, caption, code, heading, item, link, paragraph, picture, row, strong
from builders import page as make_page
from feature_pages import check, logs
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cleaner import Block, Kind, LabelName
from cleaner.features.arrays import read_arrays
from cleaner.features.own import BYLINE_SIZE, PHRASES, own_columns
from cleaner.features.phrases import Hint

Table = dict[str, NDArray[Any]]


def own(*blocks: Block, phrases: dict[int, Hint] | None = None) -> Table:
    return own_columns(read_arrays(make_page(*blocks)), phrases or {})


@pytest.mark.parametrize("kind", list(Kind))
def test_kinds(kind: Kind) -> None:
    columns = own(block(kind, "Bees"), paragraph("Bees"))
    assert [name for name in columns if columns[name][0] and name.startswith("kind_")] == [
        f"kind_{kind}"
    ]
    assert columns["kind_paragraph"][1] == 1


def test_a_paragraph_by_hand() -> None:
    text = 'On 12 May, "Zed" paid ', 5, "€ for £7 hives; "
    columns = own(
        paragraph(
            f"{text[0]}{text[1]}{text[2]}", link("/a", "all of", strong(" it")), picture("/b")
        )
    )
    # On 12 May, "Zed" paid 5€ for £7 hives; all of it
    check(
        columns,
        length=logs(48),
        size=logs(48),
        words=logs(12),
        word_length=27 / 12,
        linked=9 / 48,
        links=logs(1),
        link_length=9,
        images=1,
        strong=3 / 48,
        digits=4 / 48,
        upper=3 / 27,
        ends=0,
        commas=logs(2),
        commas_share=2 / 12,
        currency=logs(2),
        marks=0,
        quotes=2 / 48,
        punctuation=4 / 48,
        first_upper=1,
        first_letter=1,
        last_end=0,
        last_comma=0,
        lines=0,
        byline=0,
        seen_before=0,
        seen_after=0,
        hidden=0,
        hidden_how=0,
        level=0,
    )


def test_a_text_without_blanks_by_hand() -> None:
    check(
        own(paragraph("船が2隻、来た。")),
        length=logs(8),
        size=logs(8 + 2 * 5),
        words=logs(1 + 5 / 2),
        word_length=5 / 3.5,
        digits=1 / 8,
        ends=logs(1),
        commas=logs(1),
        commas_share=1 / 3.5,
        first_upper=0,
        first_letter=1,
        last_end=1,
    )


def test_the_first_and_the_last_character() -> None:
    texts = ["→ more", "1. more", "more:", "more →", "Ä", "", "«Oh!»"]
    check(
        own(*map(paragraph, texts)),
        first_letter=[0, 0, 1, 1, 1, 0, 0],
        first_upper=[0, 0, 0, 0, 1, 0, 0],
        last_comma=[0, 0, 1, 0, 0, 0, 0],
        last_end=[0, 0, 0, 0, 0, 0, 1],
    )


def test_empty_texts_have_shares_of_nothing() -> None:
    columns = own(paragraph(""), block(Kind.IMAGE, picture("/a")))
    for name in ("length", "linked", "digits", "upper", "commas_share", "quotes"):
        check(columns, **{name: [0, 0]})
    check(columns, images=[0, 1], word_length=1, seen_before=[0, 1], seen_after=[1, 0])


def test_levels_lines_and_hiding() -> None:
    check(
        own(
            heading(3, "Bees"),
            item("Bees here", level=2),
            code("a\nb\n\nc"),
            caption("x", hidden="aria-hidden"),
            row(["a", "b"], hidden="display-none"),
        ),
        level=[3, 2, 0, 0, 0],
        lines=[0, 0, 3, 0, 0],
        hidden=[0, 0, 0, 1, 1],
        hidden_how=[0, 0, 0, 2, 7],
    )


def test_texts_that_stand_more_than_once() -> None:
    check(
        own(*map(paragraph, ("a", "b", "a", "A", "a"))),
        seen_before=[0, 0, 1, 0, 2],
        seen_after=[2, 0, 1, 0, 0],
    )


def test_bylines() -> None:
    short = "Published " + "x" * (BYLINE_SIZE - 60)
    texts = ["By Ada Quill", "8/3/24", "Bystanders", "", short, short + "x" * 60]
    check(own(*map(paragraph, texts)), byline=[1, 1, 0, 0, 1, 0])


@pytest.mark.parametrize("label", PHRASES)
def test_phrases(label: LabelName) -> None:
    columns = own(*[paragraph("Bees")] * 3, phrases={1: Hint(label, "bees")})
    for other in PHRASES:
        check(columns, **{f"says_{other}": [0, float(other is label), 0]})


@given(st.lists(st.text(), min_size=1, max_size=5), st.text())
def test_what_a_block_shows_does_not_depend_on_the_others(texts: list[str], more: str) -> None:
    alone = own(*map(paragraph, texts))
    among = own(*map(paragraph, [*texts, more]))
    for name in set(alone) - {"seen_before", "seen_after"}:
        assert alone[name].tolist() == among[name][:-1].tolist(), name
