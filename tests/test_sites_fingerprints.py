"""Fingerprints: what counts as the same site, the same page, the same block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_pages import read_page

from cleaner.capture import read_capture
from cleaner.fingerprints import (
    address_key,
    canonical_key,
    fold_text,
    hash64,
    page_key,
    page_prints,
    site_of,
)
from cleaner.types import Block, Kind


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Tern-Bay.example/a?b#c", "tern-bay.example"),
        ("http://news.tern-bay.example:8080/", "news.tern-bay.example"),
        ("//tern-bay.example/path", "tern-bay.example"),
        ("https://user:secret@tern-bay.example/", "tern-bay.example"),
        ("https://tern-bay.example./", "tern-bay.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://пример.испытание/", "xn--e1afmkfd.xn--80akhbyknj4f"),
        ("https://ｔｅｒｎ.example/", "tern.example"),
        ("http://192.0.2.7:81/x", "192.0.2.7"),
        ("http://[2001:DB8::7]/x", "2001:db8::7"),
        ("http://localhost/x", "localhost"),
        ("http://www.example", "www.example"),
        ("http://under_score.example/", "under_score.example"),
        ("https:///path", ""),
        ("file:///srv/page.html", ""),
        ("page.html", ""),
        ("mailto:keeper@tern.example", ""),
        ("http://[::1", ""),
        ("http://a b.example/", ""),
        (f"http://{'a' * 300}.example/", ""),
        (f"http://{'ü' * 80}.example/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_site_is_a_host(url: str | None, site: str) -> None:
    assert site_of(url) == site


@given(st.text())
def test_any_text_has_a_site_or_none(text: str) -> None:
    site = site_of(f"http://{text}")
    assert site == site.lower()
    assert site.isascii()
    assert site_of(f"http://[{site}]" if ":" in site else f"http://{site}") in (site, "")


def test_an_address_is_one_page_whatever_its_scheme_port_and_fragment() -> None:
    first = address_key("https://www.tern.example/a?x=1#top")
    assert first == address_key("http://TERN.example:8080/a?x=1")
    assert first != address_key("https://tern.example/a?x=2")
    assert address_key("https://tern.example") == address_key("https://tern.example/")


def test_a_page_without_address_is_named_by_its_source() -> None:
    one, two = (read_capture(f"<p>Tern number {n} has landed.</p>") for n in (1, 2))
    again = read_capture("<p>Tern number 1 has landed.</p>")
    assert page_key(one) == page_key(again) != page_key(two)
    named = read_capture("<p>Tern number 1 has landed.</p>", url="https://tern.example/1")
    assert page_key(named) == address_key("https://tern.example/1")


@pytest.mark.parametrize(
    ("href", "named"),
    [
        ("/real?id=4", "https://tern.example/real?id=4"),
        ("https://www.tern.example/real", "https://tern.example/real"),
        ("https://other.example/real", ""),
        ("/", ""),
        ("https://[broken", ""),
    ],
)
def test_a_canonical_address_counts_if_it_is_of_the_site(href: str, named: str) -> None:
    source = f"<html><head><link rel=canonical href='{href}'></head><body><p>Tern</p></body></html>"
    key = canonical_key(read_page(source, "https://tern.example/real?utm_source=gull"))
    assert key == (address_key(named) if named else 0)


def test_hashes_are_the_same_on_every_machine() -> None:
    assert hash64("what repeats") == 0x4F7353E009F8DE9E
    assert hash64("\ud800") != hash64("")


@pytest.mark.parametrize(
    ("kind", "text", "folded"),
    [
        (Kind.PARAGRAPH, "  Posted  on\n3 May 2024, 12:30 ", "posted on 0 may 0, 0"),
        (Kind.PARAGRAPH, "1,204 Comments", "0 comments"),
        (Kind.PARAGRAPH, "STRASSE", "strasse"),
        (Kind.PARAGRAPH, "Straße", "strasse"),
        (Kind.PARAGRAPH, "2024-05-03", "2024-05-03"),
        (Kind.PARAGRAPH, "$ 19.99", "$ 19.99"),
        (Kind.TABLE_ROW, "Weight\t3.5 kg", "weight 3.5 kg"),
        (Kind.LIST_ITEM, "2 tbsp olive oil", "2 tbsp olive oil"),
        (Kind.CODE, "sleep 30", "sleep 30"),
        (Kind.PARAGRAPH, "第12回", "第12回"),
        (Kind.PARAGRAPH, "¶", "¶"),
        (Kind.IMAGE, " ", ""),
    ],
)
def test_counters_are_folded_and_data_is_not(kind: Kind, text: str, folded: str) -> None:
    assert fold_text(Block(0, kind, text)) == folded


def test_the_place_of_a_block_ignores_the_numbers_of_its_page() -> None:
    page = "<div class='post-{0}'><p>The lamp was lit.</p></div><p>The lamp was lit.</p>"
    one, two = (read_page(page.format(n), None) for n in (17, 2204))
    first, second = page_prints(one), page_prints(two)
    assert first == second
    inner, outer = first
    assert inner is not None
    assert outer is not None
    assert inner.text == outer.text
    assert inner.place != outer.place


def test_what_kind_of_page_it_is_makes_no_other_place_of_its_foot() -> None:
    foot = '<footer class="about"><p>All rights are reserved.</p></footer>'
    page = '<html class="{0}"><body class="{0}-page">' + foot
    article, list_ = (read_page(page.format(kind), None) for kind in ("article", "list"))
    assert page_prints(article) == page_prints(list_)


def test_text_captures_have_places_too() -> None:
    lines = [f"Line {n} tells of a ship that came in late." for n in range(30)]
    source = "\n\n".join(["All rights kept.", *lines, "All rights kept."])
    page = read_page(source, None)
    prints = [p for p, b in zip(page_prints(page), page.blocks, strict=True) if "rights" in b.text]
    assert len(prints) == 2
    assert prints[0] is not None
    assert prints[1] is not None
    assert prints[0].text == prints[1].text
    assert prints[0].place != prints[1].place


def test_depth_costs_no_recursion() -> None:
    page = read_page("<div>" * 30_000 + "<p>Deep down lies the anchor.</p>", None)
    assert len([each for each in page_prints(page) if each]) == 1
