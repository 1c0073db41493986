"""A page's styles ask the network for nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.golden.css_guard import safe_styles


@pytest.mark.parametrize(
    "styles",
    [
        "@import 'https://spy.example/a.css'; p { color: red }",
        "@IMPORT url(https://spy.example/a.css) screen;",
        "@\\69mport 'https://spy.example/a.css';",
        "@\\000069mport 'https://spy.example/a.css';",
        "body { background: url(https://spy.example/a.png) }",
        "body { background: URL( 'https://spy.example/a).png' ) }",
        "body { background: u\\72l(https://spy.example/a.png) }",
        "body { background: \\75 rl(https://spy.example/a.png) }",
        "body { background: \\url(https://spy.example/a.png) }",
        "body { background: url(//spy.example/a.png",
        "@font-face { font-family: a; src: url(https://spy.example/a.woff2) format('woff2') }",
        "li { cursor: url('https://spy.example/c.cur'), auto }",
        "i { background: url(data:text/html,https://spy.example) }",
    ],
)
def test_nothing_of_the_network_is_left(styles: str) -> None:
    cleaned = safe_styles(styles)
    assert "spy.example" not in cleaned
    assert "import" not in cleaned.lower()


def test_functions_that_take_addresses_as_strings_are_taken_out() -> None:
    cleaned = safe_styles("a { background: -webkit-image-set('https://spy.example/a' 1x) }")
    assert "image-set" not in cleaned


def test_what_is_in_the_page_itself_stays() -> None:
    styles = "i { background: url(data:image/png;base64,AAAA) no-repeat; color: rgb(1,2,3) }"
    assert safe_styles(styles) == styles


def test_what_sticks_to_the_window_stands_in_its_place() -> None:
    assert safe_styles(".wall { position: fixed; top: 0 }") == ".wall { position:static; top: 0 }"


def test_icons_written_as_escapes_stay() -> None:
    assert safe_styles('i::before { content: "\\e900" }') == 'i::before { content: "\\e900" }'


@given(st.text(alphabet="</style>\\ !-*@imprtul(')\"; \n\x006972", max_size=80))
def test_no_styles_end_their_element_or_load(styles: str) -> None:
    cleaned = safe_styles(styles)
    assert "</" not in cleaned
    assert "@import" not in cleaned.lower()
    assert "url(" not in cleaned.lower()
