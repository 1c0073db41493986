"""What the first opinion of all blocks says of each, from opinions made by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from builders import any_blocks, heading, paragraph
from builders import page as make_page
from feature_pages import check, site
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Block, Page
from cleaner.features.arrays import Columns, read_arrays
from cleaner.features.second import second_columns
from cleaner.types import Element

LIKELY = [0.1, 0.1, 0.1, 0.9, 0.8, 0.6, 0.2]
WEIGHT = [1.5, 1.5, 1.5, 3.5, 40.5, 3.5, 1.5]
"""Words of each block of the small page, and a half."""
TREE = ["first_up1", "first_up2", "first_up3", "first_up4", "first_up5", "first_region"]
TREE += ["first_cards", "first_cards_inner"]


def second(page: Page, likely: list[float]) -> Columns:
    logits = [math.log(p / (1 - p)) for p in likely]
    return second_columns(read_arrays(page), np.array(logits, dtype=np.float32))


def mean(*blocks: int) -> float:
    """Return the mean likelihood of some blocks of the small page, by words."""
    total = sum(LIKELY[n] * WEIGHT[n] for n in blocks)
    return total / sum(WEIGHT[n] for n in blocks)


def test_the_opinion_itself_and_that_of_neighbours() -> None:
    logits = [math.log(p / (1 - p)) for p in LIKELY]
    columns = second(site(), LIKELY)
    check(columns, first=logits)
    for step in (1, 2, 3):
        check(
            columns,
            **{
                f"first_before{step}": [*[0] * step, *logits[:-step]],
                f"first_after{step}": [*logits[step:], *[0] * step],
            },
        )
    for reach in (2, 5, 15):
        near = [
            mean(*(n for n in range(7) if n != index and abs(n - index) <= reach))
            for index in range(7)
        ]
        check(columns, **{f"first_near{reach}": near})


def test_sure_opinions_have_an_end() -> None:
    page = make_page(paragraph("a"), paragraph("b"), paragraph("c"))
    logits = np.array([-1e9, 1e9, 40], dtype=np.float32)
    columns = second_columns(read_arrays(page), logits)
    check(columns, first=[-8, 8, 8], first_after1=[8, 8, 0], first_before1=[0, -8, 8])
    for name in set(columns) - set(TREE):
        assert np.isfinite(columns[name]).all(), name


def test_content_before_and_after() -> None:
    parts = np.array(LIKELY) * WEIGHT
    check(
        second(site(), LIKELY),
        content_before=(np.cumsum(parts) - parts) / parts.sum(),
        content_share=parts / parts.sum(),
        since_content=[60, 60, 60, 0, 0, 0, 1],
        until_content=[3, 2, 1, 0, 0, 0, 60],
    )


def test_sections_groups_and_shapes() -> None:
    check(
        second(site(), LIKELY),
        first_section=[*[0.1] * 3, *[mean(4, 5, 6)] * 4],
        first_group=[*[0.1] * 3, *LIKELY[3:]],
        first_shape=[*[0.1] * 3, 0.9, mean(4, 5), mean(4, 5), 0.2],
        first_shape_flat=[*[0.1] * 3, 0.9, 0.7, 0.7, 0.2],
    )


def test_a_heading_alone_has_no_section() -> None:
    page = make_page(paragraph("a b"), heading(2, "c"), heading(2, "d"), paragraph("e"))
    check(second(page, [0.5, 0.9, 0.9, 0.2]), first_section=[0.5, 0, 0.2, 0.2])


def test_elements_around() -> None:
    menu, story, main, body = mean(0, 1, 2), mean(4, 5), mean(3, 4, 5), mean(*range(7))
    check(
        second(site(), LIKELY),
        first_up1=[menu, menu, menu, body, story, story, body],
        first_up2=[*[body] * 4, main, main, body],
        first_up3=body,
        first_up4=body,
        first_up5=body,
    )


def test_the_largest_element_with_less_than_half_of_the_words() -> None:
    region = second(site(), LIKELY)["first_region"]
    assert region[4] == pytest.approx(mean(*range(7)))
    assert region[5] == pytest.approx(0.6)


def test_cards() -> None:
    columns = second(site(), LIKELY)
    check(columns, first_cards=[*[0.1] * 3, *[-1] * 4])
    check(columns, first_cards_inner=[*[0.1] * 3, *[-1] * 4])


def test_of_cards_in_cards_the_outermost_and_the_innermost() -> None:
    elements = [Element("body", -1)]
    blocks = []
    for _ in range(3):
        elements.append(Element("section", 0))
        card = len(elements) - 1
        for _ in range(3):
            elements.append(Element("p", card))
            blocks.append(paragraph("a", element=len(elements) - 1))
    page = make_page(*blocks, elements=tuple(elements))
    likely = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    check(
        second(page, likely),
        first_cards=0.5,
        first_cards_inner=[*[0.2] * 3, *[0.5] * 3, *[0.8] * 3],
    )


def test_what_is_expected_of_the_page() -> None:
    order = [3, 4, 5, 6, 0, 1, 2]  # the likeliest first
    kept = given_ = 0.0
    due = sum(p * w for p, w in zip(LIKELY, WEIGHT, strict=True))
    f1: list[float] = []
    before: dict[int, float] = {}
    for n in order:
        before[n] = given_
        kept += LIKELY[n] * WEIGHT[n]
        given_ += WEIGHT[n]
        f1.append(2 * kept / (given_ + due))
    assert max(f1) == f1[2]
    doubt = sum(min(p, 1 - p) * w for p, w in zip(LIKELY, WEIGHT, strict=True))
    check(
        second(site(), LIKELY),
        first_expected=max(f1),
        first_cut=0.6,
        first_due=math.log1p(due),
        first_due_share=due / 53.5,
        first_doubt=doubt / 53.5,
        first_top=0.9,
        first_likely_blocks=math.log1p(3),
        first_likely_long=1,
        first_rank=[before[n] / 53.5 for n in range(7)],
        first_rank_due=[before[n] / due for n in range(7)],
    )


def test_on_a_page_without_content_ranks_have_an_end() -> None:
    page = make_page(*[paragraph("word " * 9)] * 9)
    columns = second(page, [1e-9] * 9)
    check(columns, first_rank_due=[0, *[20] * 8], since_content=60, until_content=60)


def test_without_elements_nothing_is_known_of_them() -> None:
    columns = second(make_page(paragraph("a"), paragraph("b")), [0.2, 0.7])
    assert {name for name in columns if np.isnan(columns[name]).all()} == set(TREE)
    assert list(columns) == list(second(site(), LIKELY))


@given(any_blocks, st.booleans(), st.data())
def test_any_page_and_opinion(blocks: list[Block], markup: bool, data: st.DataObject) -> None:
    if not blocks:
        return
    elements = (Element("html", -1), Element("p", 0)) if markup else ()
    page = make_page(*blocks, elements=elements)
    floats = st.floats(-40, 40, width=32)
    logits = data.draw(st.lists(floats, min_size=len(blocks), max_size=len(blocks)))
    columns = second_columns(read_arrays(page), np.array(logits, dtype=np.float32))
    for name, values in columns.items():
        assert values.shape == (len(blocks),), name
        assert values.dtype == np.float32, name
        assert np.isfinite(values).all() == (markup or name not in TREE), name
