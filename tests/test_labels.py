"""The decision: what is kept of a page for the best expected F1, and which is its headline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import heading, paragraph
from builders import page as make_page
from feature_pages import matrix_of, model, one_question, save, site
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Capture, LabelName, MediaType, Options, Page
from cleaner.blocks import read_blocks
from cleaner.errors import ModelError
from cleaner.kinds.named import MANY
from cleaner.labels import (
    FOCUS,
    FRAGMENT,
    LEAST,
    NONE,
    SECTION,
    TITLE_WORDS,
    choose,
    find_copies,
    find_headings,
    find_standfirst,
    find_title,
    find_title_line,
    label_page,
)
from cleaner.types import Fact

STORY = (
    "The harbour master counted the boats twice before noon, and found one more than the log "
    "allowed for, which nobody on the quay could explain to her satisfaction that day."
)

NAMES = matrix_of(site()).names
FIRST = len(NAMES)
"""Row of the first opinion in the second forest's features."""


@pytest.fixture
def by_length(tmp_path: Path) -> str:
    """Return the name of a model that holds long texts for content, by 95 to 5 in a hundred."""
    first = one_question(NAMES.index("length"), 4.0, -3.0, 3.0)
    return save(model(first, one_question(FIRST, 0.0, -3.0, 3.0)), tmp_path)


def read(source: str, media_type: MediaType = MediaType.HTML) -> Page:
    return read_blocks(Capture(source, media_type, "https://quay.example/boats"))


PAGE = read(
    "<body><nav><a href=/>Home</a></nav><h1>One boat more</h1>"
    f"<p>{STORY}</p><p>{STORY} Twice.</p><div class=share>Pass it on</div></body>"
)


def test_every_block_gets_a_label(by_length: str) -> None:
    labels, expected = label_page(PAGE, Options(model=by_length))
    assert [label.name.value for label in labels] == [
        "navigation",
        "title",
        "content",
        "content",
        "share",
    ]
    assert [round(label.probability, 2) for label in labels] == [0.05, 0.05, 0.95, 0.95, 0.05]
    assert 0.9 < expected <= 1


def test_a_page_without_blocks_has_no_labels(by_length: str) -> None:
    assert label_page(read(""), Options(model=by_length)) == ((), 0.0)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(ModelError, match="no readable model 'nobodys'"):
        label_page(PAGE, Options(model="nobodys"))


def test_the_headline_is_no_content_however_likely(tmp_path: Path) -> None:
    sure = one_question(0, 0.0, 9.0, 9.0)
    labels, _ = label_page(PAGE, Options(model=save(model(sure, sure), tmp_path)))
    assert [label.name for label in labels].count(LabelName.TITLE) == 1
    assert {label.name.value for label in labels} == {"title", "content"}


@pytest.mark.parametrize(("odds", "name"), [(9.0, "content"), (1.0, "title")])
def test_a_post_without_a_headline_has_no_title(tmp_path: Path, odds: float, name: str) -> None:
    post = " ".join(["ferry"] * TITLE_WORDS)
    page = read(f"<body><h1>{post}</h1><p>{STORY}</p></body>")
    forest = one_question(0, 0.0, odds, odds)
    labels, _ = label_page(page, Options(model=save(model(forest, forest), tmp_path)))
    assert labels[0].name.value == name


@pytest.mark.parametrize(("odds", "name"), [(1.2, "byline"), (3.0, "content")])
def test_a_line_like_a_byline_is_one_unless_it_is_likely_text(
    tmp_path: Path, odds: float, name: str
) -> None:
    line = "Harbour news, 12 March 2021"
    page = read(f"<body><h1>Boats</h1><p class=date>{line}</p><p>{STORY}</p><p>{STORY}</p></body>")
    forest = one_question(0, 0.0, odds, odds)
    labels, _ = label_page(page, Options(model=save(model(forest, forest), tmp_path)))
    assert labels[1].name.value == name


@pytest.mark.parametrize(("count", "name"), [(MANY, "byline"), (MANY + 1, "content")])
def test_many_lines_like_bylines_are_the_text_of_cards(
    tmp_path: Path, count: int, name: str
) -> None:
    lines = [
        f"<li><p class=date>Harbour news, {i} March 2021</p></li>" for i in range(1, 1 + count)
    ]
    page = read(f"<body><h1>Boats</h1><ul>{''.join(lines)}</ul><p>{STORY}</p></body>")
    forest = one_question(0, 0.0, 0.7, 0.7)
    labels, _ = label_page(page, Options(model=save(model(forest, forest), tmp_path)))
    assert {label.name.value for label in labels[1 : 1 + count]} == {name}


# What is kept


def kept(likely: list[float], words: list[int], focus: str = "balanced") -> list[int]:
    chosen, _ = choose(np.array(likely), np.array(words, dtype=float), FOCUS[focus])
    return np.flatnonzero(chosen).tolist()


def test_where_all_is_sure_the_likely_blocks_are_kept() -> None:
    assert kept([0.99, 0.02, 0.98, 0.4], [50, 5, 50, 5]) == [0, 2]


def test_where_all_is_in_doubt_the_unlikely_are_kept_too() -> None:
    assert kept([0.45, 0.3, 0.32, 0.02], [20, 20, 20, 20]) == [0, 1, 2]


def test_where_even_the_likeliest_is_unlikely_nothing_is_kept() -> None:
    least = FOCUS["balanced"] * NONE
    words, rest = [20] * (FRAGMENT + 1), [0.3] * FRAGMENT
    assert kept([least + 0.01, *rest], words) == [*range(FRAGMENT + 1)]
    assert kept([least - 0.01, *rest], words) == []
    assert kept([least - 0.01, *rest], words, "recall") == [*range(FRAGMENT + 1)]


def test_a_piece_of_a_page_is_text() -> None:
    assert kept([0.3] * FRAGMENT, [20] * FRAGMENT) == [*range(FRAGMENT)]
    page = read("<p>The ferry sails twice a day.</p>")
    labels, _ = label_page(page, Options())
    assert [label.name.value for label in labels] == ["content"]


@pytest.mark.parametrize(
    ("text", "values", "dropped"),
    [
        ("<p>The tide turns at noon.</p>", (0.5, 0.7), [0]),
        ("<p>The tide turns at noon.</p>", (0.7, 0.5), [1]),
        ("<p>The tide turns at noon.</p>", (0.95, 0.95), []),
        ("<p>The tide turns.</p>", (0.5, 0.7), []),
        ("<pre>wait(for_the, tide, to_turn)</pre>", (0.5, 0.7), []),
    ],
)
def test_of_two_copies_the_likelier_stays(
    text: str, values: tuple[float, float], dropped: list[int]
) -> None:
    arrays = matrix_of(read(f"<body>{text}<div>{text}</div></body>"), -1).arrays
    chosen = np.ones(arrays.size, dtype=bool)
    assert find_copies(arrays, np.array(values), chosen) == dropped
    assert find_copies(arrays, np.array(values), ~chosen) == []


def test_nothing_hopeless_is_kept() -> None:
    assert kept([LEAST / 2, LEAST / 3], [20, 20]) == []


@pytest.mark.parametrize("focus", FOCUS)
def test_blocks_of_images_alone_have_no_weight(focus: str) -> None:
    chosen, expected = choose(np.array([0.5, 0.9]), np.zeros(2), FOCUS[focus])
    assert expected == 0
    assert chosen.tolist() == [True, True]


def test_focus_moves_along_the_curve() -> None:
    likely, words = [0.95, 0.7, 0.45, 0.25, 0.12], [40, 40, 40, 40, 40]
    precise, balanced, broad = (
        set(kept(likely, words, focus)) for focus in ("precision", "balanced", "recall")
    )
    assert precise < balanced < broad


@given(
    st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 400)), min_size=1, max_size=8),
    st.sampled_from(sorted(FOCUS)),
)
def test_the_expected_score_is_the_best_of_all_cuts(
    rows: list[tuple[float, int]], focus: str
) -> None:
    likely = np.array([p for p, _ in rows])
    words = np.array([float(w) for _, w in rows])
    _, expected = choose(likely, words, FOCUS[focus])
    due = float((likely * words).sum())
    scores = [
        2 * float((likely * words)[above].sum()) / max(float(words[above].sum()) + due, 1e-9)
        for above in (likely >= cut for cut in likely)
    ]
    # Of blocks as likely as another a cut may keep a part.
    assert max(scores) - 1e-6 <= expected <= 1 + 1e-6


# Headings of sections, and what leads into the text


def over(page: Page, likely: dict[str, float]) -> list[str]:
    """Return the headings kept with their sections; other blocks are sure to be main text."""
    values = [likely.get(block.text, 0.95) for block in page.blocks]
    probable = np.array(values, dtype=np.float32)
    says = np.array(["Related" in block.text for block in page.blocks])
    found = find_headings(matrix_of(page, -1), probable > 0.5, probable, says)
    return [page.blocks[i].text for i in np.flatnonzero(found)]


def test_a_heading_amid_the_text_is_kept_with_its_section() -> None:
    text = f"<p>{STORY}</p><h2>The second boat</h2><p>{STORY} 2.</p><h3>A</h3><h3>B</h3>"
    page = read(f"<body>{text}<p>{STORY} 3.</p><h2>After it all</h2><p>Menu</p></body>")
    likely = {"The second boat": 0.2, "A": 0.2, "B": 0.2, "After it all": 0.2, "Menu": 0.05}
    assert over(page, likely) == ["The second boat", "A", "B"]
    assert over(page, {**likely, "The second boat": LEAST / 2}) == ["A", "B"]
    assert over(page, {**likely, f"{STORY} 2.": SECTION - 0.1}) == ["A", "B"]


@pytest.mark.parametrize(
    "head", ["<h2 hidden>Boats</h2>", "<h2><a href=/b>Boats</a></h2>", "<h2>Related boats</h2>"]
)
def test_headings_that_are_hidden_or_links_or_offers_are_not(head: str) -> None:
    page = read(f"<body><p>{STORY}</p>{head}<p>{STORY} 2.</p></body>")
    assert over(page, {"Boats": 0.2, "Related boats": 0.2}) == []


def test_a_heading_before_all_text_is_not_amid_it() -> None:
    page = read(f"<body><h2>Boats</h2><p>{STORY}</p></body>")
    assert over(page, {"Boats": 0.2}) == []


def lead(markup: str, likely: float, *, says: bool = False) -> str:
    """Return the paragraph that leads into the text; all are equally likely."""
    page = read(f"<body><h1>One boat more</h1>{markup}</body>")
    size = len(page.blocks)
    found = find_standfirst(
        matrix_of(page, 0), 0, np.full(size, likely, dtype=np.float32), np.full(size, says)
    )
    return page.blocks[found].text if found >= 0 else ""


def test_the_first_paragraph_leads_into_the_text() -> None:
    assert lead(f"<p>{STORY}</p>", 0.2) == STORY
    assert lead(f"<p>{STORY}</p>", 0.01) == ""


def test_a_line_with_a_date_does_not() -> None:
    dated = "By Ada Pilot at the quay, on 24 August 2025 at 13:54, for Harbour News"
    assert lead(f"<p>{dated}</p><p>{STORY}</p>", 0.2) == STORY


def test_what_says_boilerplate_does_not() -> None:
    assert lead(f"<p>{STORY}</p>", 0.6, says=True) == ""


# The headline


def title_of(page: Page) -> str | None:
    index = find_title(page)
    return page.blocks[index].text if index >= 0 else None


def test_the_title_is_the_heading_that_the_head_names() -> None:
    page = read(
        "<head><title>One boat more | Harbour News</title></head>"
        "<h1>Harbour News</h1><h2>One boat more</h2>"
    )
    assert title_of(page) == "One boat more"


def test_the_title_is_the_first_of_the_highest_level_where_the_head_says_nothing() -> None:
    assert title_of(make_page(heading(2, "Later"), heading(1, "Boats"), heading(1, "B"))) == "Boats"


def test_small_headings_that_the_head_does_not_name_are_no_title() -> None:
    assert title_of(make_page(heading(2, "Later"), paragraph("Boats"))) is None


def test_hidden_headings_and_those_without_words_are_no_title() -> None:
    page = make_page(heading(1, "Boats", hidden="display-none"), heading(1, "…"))
    assert title_of(page) is None


def test_facts_of_other_names_say_nothing_of_the_title() -> None:
    facts = (Fact("meta", "og:site_name", "Harbour News"), Fact("meta", "og:title", "Boats"))
    page = make_page(heading(2, "Harbour News"), heading(2, "Boats"), facts=facts)
    assert title_of(page) == "Boats"


def text_capture(text: str, url: str = "https://quay.example/") -> Page:
    return read_blocks(Capture(text, MediaType.TEXT, url))


def line_of(page: Page) -> str | None:
    index = find_title_line(page)
    return page.blocks[index].text if index >= 0 else None


@pytest.mark.parametrize(
    ("first", "url"),
    [
        ("One boat more for the island | Harbour News", "https://quay.example/"),
        ("Harbour News", "https://quay.example/news/boat-more-island-31.html"),
    ],
)
def test_the_line_that_a_text_capture_is_called_by_is_its_title(first: str, url: str) -> None:
    page = text_capture(f"{first}\n\nBoats\n\nOne boat more for the island\n\n{STORY}\n", url)
    assert line_of(page) == "One boat more for the island"


def test_a_text_capture_may_have_no_title() -> None:
    text = f"Harbour News | Boats\n\nOne boat more for the island\n\n{STORY}\n"
    assert line_of(text_capture(text)) is None
    assert line_of(text_capture(text, "https://quay.example/news/12/boat.html")) is None
