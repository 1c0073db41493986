from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.metadata.jsonld import article_body, main_objects, read_json_ld, resolve, types_of


def names(*sources: str) -> list[object]:
    return [item.get("name") for item in read_json_ld(sources)]


def test_objects_of_graphs_lists_and_main_entities_stand_side_by_side() -> None:
    graph = {"@graph": [{"name": "a"}, {"name": "b", "mainEntity": {"name": "c"}}]}
    assert names(json.dumps(graph), json.dumps([{"name": "d"}])) == [None, "a", "b", "c", "d"]


def test_frequent_questions_are_not_objects_of_the_page() -> None:
    page = {"@type": "FAQPage", "name": "help", "mainEntity": [{"name": "How do I knot a rope?"}]}
    assert names(json.dumps(page)) == ["help"]


@pytest.mark.parametrize(
    "source",
    [
        '{"name": "Tide",}',
        '{"name": "Tide", "tags": ["a", "b",],}',
        '<!-- {"name": "Tide"} -->',
        '<![CDATA[ {"name": "Tide"} ]]>',
        '//<![CDATA[\n{"name": "Tide"}\n//]]>',
        '/*<![CDATA[*/ {"name": "Tide"} /*]]>*/',
        '{"name": "Tide"};',
        '\ufeff{"name": "Tide"}',
        "{&quot;name&quot;: &quot;Tide&quot;}",
        '{"name": "Tide", "text": "two\nlines\tand a tab"}',
        r'{"name": "Tide", "path": "C:\docs"}',
        '{"name": "Tide"} trailing words',
    ],
)
def test_simple_faults_are_repaired(source: str) -> None:
    assert names(source) == ["Tide"]


def test_several_objects_in_one_script_are_all_read() -> None:
    assert names('{"name": "a"}\n{"name": "b"}') == ["a", "b"]


def test_a_comma_inside_of_a_string_is_left_alone() -> None:
    assert names('{"name": "a, ]", "more": [1,]}') == ["a, ]"]


@pytest.mark.parametrize(
    "source", ["", "   ", "{", "null", '"text"', "window.x = 1", "[" * 100_000]
)
def test_what_is_beyond_repair_is_skipped(source: str) -> None:
    assert read_json_ld([source]) == []


@given(st.text(max_size=200))
def test_no_source_raises(source: str) -> None:
    assert isinstance(read_json_ld([source, f'{{"name": "{source}",}}']), list)


def test_types_lose_their_vocabulary() -> None:
    assert types_of({"@type": ["schema:Person", "http://schema.org/Thing"]}) == ("Person", "Thing")
    assert types_of({}) == ()


def test_a_reference_finds_its_object() -> None:
    objects = [{"@id": "#jane"}, {"@id": "#jane", "name": "Jane Roe"}]
    assert resolve({"@id": "#jane"}, objects)["name"] == "Jane Roe"
    assert resolve({"@id": "#john"}, objects) == {"@id": "#john"}


def test_of_several_articles_the_one_of_the_page_counts() -> None:
    articles = [
        {"@type": "NewsArticle", "url": f"https://a.example/{n}", "headline": f"Story {n}"}
        for n in range(4)
    ]
    by_address = main_objects(articles, addresses=["https://www.a.example/2?ref=x"], titles=[])
    by_title = main_objects(articles, addresses=[], titles=["story 3"])
    assert [a["headline"] for a in by_address] == ["Story 2"]
    assert [a["headline"] for a in by_title] == ["Story 3"]
    assert main_objects(articles, addresses=[], titles=[]) == []


def test_an_article_comes_before_its_page() -> None:
    page, article = {"@type": "WebPage"}, {"@type": "BlogPosting"}
    assert main_objects([page, article], addresses=[], titles=[]) == [article, page]


def test_article_body_is_text_with_a_line_a_paragraph() -> None:
    objects = [
        {"articleBody": "short"},
        {"articleBody": "<p>Bread &amp; salt.</p><p>And <b>more</b> of it.</p>"},
    ]
    assert article_body(objects) == "Bread & salt.\nAnd more of it."


def test_an_encoded_article_body_is_decoded() -> None:
    assert article_body([{"articleBody": "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;"}]) == (
        "One.\nTwo."
    )


def test_no_article_body_is_none() -> None:
    assert article_body([]) is None
    assert article_body([{"articleBody": ["", 3, None]}]) is None
