from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.metadata.names import (
    NameRules,
    byline_people,
    is_personal,
    looks_like_name,
    stated_people,
)

RULES = NameRules(site_keys=frozenset({"harbourpost", "theharbourpost"}))


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("Jane Roe", ("Jane Roe",)),
        ("By Jane Roe", ("Jane Roe",)),
        ("Jane Roe and John Doe", ("Jane Roe", "John Doe")),
        ("Jane Roe, John Doe & Ada Poe", ("Jane Roe", "John Doe", "Ada Poe")),
        ("Jane Roe; John Doe", ("Jane Roe", "John Doe")),
        ("Jane Roe, Senior Editor", ("Jane Roe",)),
        ("Jane Roe, MD, PhD", ("Jane Roe",)),
        ("Jane Roe, Reuters", ("Jane Roe",)),
        ("Jane Roe (@janeroe)", ("Jane Roe",)),
        ("Jane Roe @janeroe", ("Jane Roe",)),
        ("Jane Roe | Harbour Post", ("Jane Roe",)),
        ("Jane Roe - Harbour Post", ("Jane Roe",)),
        ("Jane Roe 24.08.2025", ("Jane Roe",)),
        ("Roe, Jane", ("Jane Roe",)),
        ("Roe, Jane T.", ("Jane T Roe",)),
        ("Jane Roe, Jane Roe", ("Jane Roe",)),
        ("Jane Roe &amp; John Doe", ("Jane Roe", "John Doe")),
        ("<b>Jane Roe</b>", ("Jane Roe",)),
        ("Ludwig van der Poe", ("Ludwig van der Poe",)),
        ("陆思远", ("陆思远",)),
        ("박지민 기자", ("박지민",)),
    ],
)
def test_people_are_taken_from_what_is_stated(value: str, people: tuple[str, ...]) -> None:
    assert stated_people(value, RULES) == people


@pytest.mark.parametrize(
    "value",
    ["", "admin", "Staff", "STAFF", "Editor", "Redaktion", "Редакция", "編集部", "Harbour Post",
     "The Harbour Post", "harbour-post", "Harbour Post Team", "Newsroom", "Reuters", "dpa", "AFP",
     "https://example.org/author/jane", "jane@example.org", "www.example.org", "12345",
     "hessenpost.example.com, Frankfurt, Germany", "n/a", "null", "x" * 400],
)  # fmt: skip
def test_what_is_no_person_is_left_out(value: str) -> None:
    assert stated_people(value, RULES) == ()


@pytest.mark.parametrize(
    ("language", "line", "people"),
    [
        ("en", "By Jane Roe and John Doe", ("Jane Roe", "John Doe")),
        ("en", "By Jane Roe, Political Correspondent", ("Jane Roe",)),
        ("en", "By Jane Roe December 2, 2025", ("Jane Roe",)),
        ("en", "Published August 7, 2023 by Jane Roe", ("Jane Roe",)),
        ("en", "Written by: Jane Roe | 5 min read", ("Jane Roe",)),
        ("en", "ByJane Roe", ("Jane Roe",)),
        ("de", "Von Jana Rohde und Max Dörr", ("Jana Rohde", "Max Dörr")),
        ("de", "Text: Jana Rohde", ("Jana Rohde",)),
        ("fr", "Par Jeanne Rouet et Jean Daudet", ("Jeanne Rouet", "Jean Daudet")),
        ("es", "Por Juana Robles", ("Juana Robles",)),
        ("pt", "Por Joana Rocha e João Dias", ("Joana Rocha", "João Dias")),
        ("it", "di Gianna Rossi", ("Gianna Rossi",)),
        ("nl", "Door Jannie van Rooij", ("Jannie van Rooij",)),
        ("pl", "Autor: Joanna Rak", ("Joanna Rak",)),
        ("ru", "Автор: Жанна Роева", ("Жанна Роева",)),
        ("uk", "Автор: Жанна Роєва", ("Жанна Роєва",)),
        ("el", "Γράφει η Ιωάννα Ροΐδη", ("Ιωάννα Ροΐδη",)),
        ("tr", "Yazar: Jale Rona", ("Jale Rona",)),
        ("ar", "بقلم: جنى روحانا", ("جنى روحانا",)),
        ("he", "מאת: יעל רועי", ("יעל רועי",)),
        ("id", "Oleh Jihan Rosa", ("Jihan Rosa",)),
        ("vi", "Tác giả: Lê Thị Roan", ("Lê Thị Roan",)),
        ("th", "โดย จันทร์ รุ่งเรือง", ("จันทร์ รุ่งเรือง",)),
        ("ja", "文／朗江蒔", ("朗江蒔",)),
        ("ja", "朗江蒔記者", ("朗江蒔",)),
        ("zh", "南灣日報 記者 林若嵐／南濱報導", ("林若嵐",)),
        ("zh", "（记者 陆思远）", ("陆思远",)),
        ("ko", "노지은 기자", ("노지은",)),
    ],
)
def test_bylines_are_read_in_the_language_of_the_page(
    language: str, line: str, people: tuple[str, ...]
) -> None:
    assert byline_people(line, NameRules(language=language)) == people


@pytest.mark.parametrize(
    "line",
    ["", "Jane Roe", "By the harbour, boats were waiting", "By clicking you agree", "Sort by Price",
     "By Reuters", "By Harbour Post", "By staff", "By 2030, all ferries will be electric",
     "Standing by", "Text Size", "Author", "Related"],
)  # fmt: skip
def test_other_lines_are_no_bylines(line: str) -> None:
    assert byline_people(line, RULES) == ()


def test_bylines_of_another_language_do_not_count() -> None:
    assert byline_people("Di Caprio Roe", NameRules(language="en")) == ()


def test_a_person_with_an_own_site_is_a_person_in_a_byline() -> None:
    rules = NameRules(frozenset({"janeroe"}), own_keys=frozenset({"janeroe"}))
    assert byline_people("By Jane Roe", rules) == ("Jane Roe",)
    assert stated_people("Jane Roe", rules) == ()


def test_the_form_of_a_name() -> None:
    assert looks_like_name("Jane Roe")
    assert looks_like_name("Ludwig van der Poe")
    assert not looks_like_name("the harbour")
    assert not looks_like_name("Jane Roe 2")
    assert not looks_like_name("What now?")
    assert is_personal("Jane Roe")
    assert not is_personal("Harbour Post")
    assert not is_personal("Jane")


@given(st.text(max_size=120), st.sampled_from(["en", "de", "zh", "ar", "xx", "pt-BR"]))
def test_no_text_raises_and_no_name_is_empty(text: str, language: str) -> None:
    rules = NameRules(language=language)
    for name in (*stated_people(text, rules), *byline_people(f"By {text}", rules)):
        assert name.strip() == name != ""


def test_a_given_name_in_short_is_no_degree() -> None:
    assert byline_people("By Md Jamal Roe", NameRules()) == ("Md Jamal Roe",)
    assert byline_people("By Jane Roe, MD", NameRules()) == ("Jane Roe",)
