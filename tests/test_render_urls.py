"""Which addresses are printed, and how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.render.urls import SAFE_SCHEMES, safe_address

BASE = "https://example.org/news/page.html?q=1"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://example.com/a?b=c&d#e", "https://example.com/a?b=c&d#e"),
        ("other.html", "https://example.org/news/other.html"),
        ("/top", "https://example.org/top"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("?page=2", "https://example.org/news/page.html?page=2"),
        ("#part", "https://example.org/news/page.html?q=1#part"),
        ("  https://example.com/\n ", "https://example.com/"),
        ("https://exa\nmple.com/a\tb", "https://example.com/ab"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ('https://example.com/"<>`|\\^{}', "https://example.com/%22%3C%3E%60%7C%5C%5E%7B%7D"),
        ("https://example.com/ä/日本", "https://example.com/ä/日本"),
        ("HTTPS://example.com/", "HTTPS://example.com/"),
        ("ftp://example.com/f", "ftp://example.com/f"),
        ("mailto:desk@example.org?subject=a b", "mailto:desk@example.org?subject=a%20b"),
        ("tel:+44 20 1234", "tel:+44%2020%201234"),
    ],
)
def test_usable_addresses_are_absolute(target: str, expected: str) -> None:
    assert safe_address(target, BASE) == expected


@pytest.mark.parametrize(
    "target",
    [
        "",
        "  ",
        "#",
        "javascript:alert(1)",
        " \x01JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "java\x00script:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "about:blank",
        "blob:https://example.org/x",
        "whatsapp://send?text=x",
        "http://",
        "https:",
        "mailto:",
        "tel:",
        "http://[::1",
        "//[x",
    ],
)
def test_other_addresses_are_not_printed(target: str) -> None:
    assert safe_address(target, BASE) is None


@pytest.mark.parametrize("base", [None, "", "about:blank", "file:///tmp/page.html", "http://[x"])
def test_without_a_usable_base_relative_addresses_are_not_printed(base: str | None) -> None:
    assert safe_address("other.html", base) is None
    assert safe_address("https://example.com/", base) == "https://example.com/"


@given(st.text(max_size=40), st.sampled_from([BASE, None, "http://[x"]))
def test_every_printed_address_has_a_safe_scheme_and_no_markup(
    target: str, base: str | None
) -> None:
    for text in (target, f"javascript:{target}", f"http://{target}"):
        address = safe_address(text, base)
        if address is not None:
            assert address.partition(":")[0].lower() in SAFE_SCHEMES
            assert not set(address) & set(' "<>\\`\t\n\r\x00')
