"""TEI: valid, with the header's facts, the article's structure and the comments apart."""

from __future__ import annotations

import io
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builders import (
    ADDRESS,
    any_blocks,
    code,
    code_span,
    definition,
    emphasis,
    heading,
    item,
    link,
    paragraph,
    quote,
    row,
    strong,
    term,
)
from hypothesis import given, settings
from lxml import etree

from cleaner.render import render_tei
from cleaner.types import Block, Comment, Metadata

NAMES = {"t": "http://www.tei-c.org/ns/1.0"}
FACTS = Metadata(
    title="Tides & <ports>",
    authors=("Ada Quill", "Bo Marsh"),
    date="2025-08-24T13:54",
    modified="2025-08-25",
    site_name="The Quay",
    description="On water.",
    language="en-GB",
    url="https://example.org/tides",
    image="https://example.org/tides.png",
    tags=("sea", "moon"),
    section="Coast",
)
COMMENTS = (
    Comment("First line\nsecond line\n\nNew paragraph\x00", "Cy", "2025-08-26T10:00"),
    Comment("No name", None, "yesterday"),
    Comment("Neither"),
)
EVERYTHING = [
    paragraph("Before ", strong("all"), emphasis("else"), ".\nA line."),
    heading(2, "Section ", link("/x", "one")),
    quote("Quoted", quote_depth=2),
    heading(4, "Deep"),
    item("a", ordinal=1),
    item("b", level=2),
    item("more", continues=True, quote_depth=1),
    heading(5, "In an item", continues=True, group=0),
    term("ebb", group=2),
    term("flow", group=2),
    definition("going", group=2),
    definition("more", group=2, continues=True),
    heading(3, "In a quote", quote_depth=1),
    heading(2, "Section two"),
]
TABLES_AND_CODE = [
    row(["Port", "Depth"], header=True),
    row(["both"], columns=[2]),
    code("x < 1", "python"),
    paragraph(code_span("y")),
]

MODULES = """
<!ENTITY % model.emphLike "foreign|emph|distinct|mentioned|soCalled|gloss|term|title|code">
<!ENTITY % model.listLike "list|table">
"""
ELEMENTS = """
<!ELEMENT code (#PCDATA)> <!ATTLIST code xmlns CDATA #IMPLIED lang CDATA #IMPLIED>
<!ELEMENT table (head*, row+)> <!ATTLIST table xmlns CDATA #IMPLIED>
<!ELEMENT row (cell+)> <!ATTLIST row xmlns CDATA #IMPLIED role CDATA #IMPLIED>
<!ELEMENT cell %macro.specialPara;>
<!ATTLIST cell xmlns CDATA #IMPLIED role CDATA #IMPLIED cols CDATA #IMPLIED>
"""
"""The schema at hand is TEI for corpora, which leaves out tables and code: TEI's own modules
``figures`` and ``tagdocs`` add them like this."""


@cache
def schemas() -> tuple[etree.DTD, etree.DTD]:
    """Return the schema as it is, and with tables and code."""
    trafilatura = pytest.importorskip("trafilatura", reason="it carries the TEI schema")
    path = Path(trafilatura.__file__).parent / "data" / "tei_corpus.dtd"
    if not path.is_file():
        pytest.skip("this version of trafilatura carries no TEI schema")
    source = path.read_text(encoding="utf-8")
    whole = source.replace("<!-- start datatypes -->", MODULES, 1) + ELEMENTS
    return etree.DTD(io.StringIO(source)), etree.DTD(io.StringIO(whole))


def tei(*blocks: Block, metadata: Metadata = FACTS, comments: Any = COMMENTS) -> etree._Element:
    return etree.fromstring(render_tei(blocks, metadata, comments, base_url=ADDRESS))


def is_valid(root: etree._Element, schema: etree.DTD) -> bool:
    assert schema.validate(root), schema.error_log
    return True


def found(root: etree._Element, path: str) -> list[Any]:
    result: Any = root.xpath(path, namespaces=NAMES)
    return list(result)


def texts(root: etree._Element, path: str) -> list[str]:
    return ["".join(element.itertext()) for element in found(root, path)]


def inner(*blocks: Block) -> str:
    """Return what is in the main division, without line ends."""
    source = render_tei(blocks, Metadata(), (), base_url=ADDRESS)
    article = re.search('<div type="article">\n(.*)</div>\n</body>', source, re.DOTALL)
    assert article is not None
    return article[1].replace("\n", "")


def test_documents_are_valid() -> None:
    corpus, _ = schemas()
    assert is_valid(tei(), corpus)
    assert is_valid(tei(metadata=Metadata(), comments=()), corpus)
    assert is_valid(tei(*EVERYTHING), corpus)


def test_documents_with_tables_and_code_are_valid() -> None:
    _, whole = schemas()
    assert is_valid(tei(*EVERYTHING, *TABLES_AND_CODE), whole)


def test_the_schema_tells_what_is_not_valid() -> None:
    corpus, whole = schemas()
    assert not corpus.validate(tei(*TABLES_AND_CODE))
    source = render_tei([item("a")], FACTS, (), base_url=None)
    assert not whole.validate(etree.fromstring(source.replace("item>", "p>")))


@given(any_blocks)
@settings(max_examples=200, deadline=None)
def test_documents_of_any_blocks_are_valid(blocks: list[Block]) -> None:
    _, whole = schemas()
    assert is_valid(tei(*blocks), whole)


def test_the_header_has_the_metadata() -> None:
    root = tei()
    header = "/t:TEI/t:teiHeader"
    assert texts(root, f"{header}/t:fileDesc/t:titleStmt/t:title") == ["Tides & <ports>"]
    assert texts(root, f"{header}/t:fileDesc/t:titleStmt/t:author") == ["Ada Quill", "Bo Marsh"]
    assert texts(root, f"{header}/t:fileDesc/t:publicationStmt/t:publisher") == ["The Quay"]
    source = f"{header}/t:fileDesc/t:sourceDesc/t:bibl"
    assert texts(root, f"{source}/t:date[@type='published']") == ["2025-08-24T13:54"]
    assert texts(root, f"{source}/t:date[@when='2025-08-25']") == ["2025-08-25"]
    assert texts(root, f"{source}/t:ref[@type='page']") == ["https://example.org/tides"]
    assert texts(root, f"{source}/t:ref[@type='image']") == ["https://example.org/tides.png"]
    profile = f"{header}/t:profileDesc"
    assert texts(root, f"{profile}/t:abstract/t:p") == ["On water."]
    assert found(root, f"{profile}/t:langUsage/t:language/@ident") == ["en-GB"]
    assert texts(root, f"{profile}/t:textClass/t:keywords/t:term") == ["Coast", "sea", "moon"]


def test_absent_metadata_leaves_no_empty_elements() -> None:
    root = tei(metadata=Metadata(), comments=())
    header = found(root, "/t:TEI/t:teiHeader//*[not(node())]")
    assert [etree.QName(element).localname for element in header] == ["title", "p", "title"]


def test_comments_are_apart_with_author_and_date() -> None:
    root = tei(paragraph("Article"))
    division = "/t:TEI/t:text/t:body/t:div[@type='comments']/t:div[@type='comment']"
    assert texts(root, f"{division}[1]/t:p") == ["First line\nsecond line", "New paragraph "]
    assert texts(root, f"{division}[1]/t:byline/t:docAuthor") == ["Cy"]
    assert found(root, f"{division}/t:byline/t:date/@when") == ["2025-08-26"]
    assert texts(root, f"{division}[2]/t:byline") == ["yesterday"]
    assert found(root, f"{division}[3]/t:byline") == []
    assert texts(root, "/t:TEI/t:text/t:body/t:div[@type='article']") == ["\nArticle\n"]


def test_headings_begin_sections_in_those_of_lower_level() -> None:
    blocks = [paragraph("p"), heading(2, "a"), heading(4, "b"), paragraph("q"), heading(3, "c")]
    assert inner(*blocks) == (
        '<p>p</p><div type="section" n="2"><head>a</head>'
        '<div type="section" n="4"><head>b</head><p>q</p></div>'
        '<div type="section" n="3"><head>c</head></div></div>'
    )


def test_marks_links_and_line_breaks() -> None:
    block = paragraph(strong("a"), " ", emphasis("b"), "\n", link("/x", code_span("c")))
    assert inner(block) == (
        '<p><hi rend="bold">a</hi> <hi rend="italic">b</hi><lb/>'
        '<ref target="https://example.org/x"><code>c</code></ref></p>'
    )


def test_lists_quotes_tables_and_code() -> None:
    assert inner(item("a", ordinal=4), item("b", level=2)) == (
        '<list rend="numbered"><item n="4">a'
        '<list rend="bulleted"><item>b</item></list></item></list>'
    )
    assert inner(term("t"), term("u"), definition("d"), definition("e")) == (
        '<list type="gloss"><label>t</label><item/><label>u</label>'
        "<item><p>d</p><p>e</p></item></list>"
    )
    assert inner(definition("d")) == ('<list type="gloss"><label></label><item>d</item></list>')
    assert inner(quote("q")) == "<quote><p>q</p></quote>"
    assert inner(row(["h", "i"], header=True), row(["c"], columns=[2])) == (
        '<table><row><cell role="label">h</cell><cell role="label">i</cell></row>'
        '<row><cell cols="2">c</cell></row></table>'
    )
    assert inner(code("a<b", "python")) == '<p><code lang="python">a&lt;b</code></p>'


def test_fifty_thousand_blocks_take_about_a_second() -> None:
    blocks = [item("some ", strong("text"), level=n % 7, quote_depth=n % 3) for n in range(20_000)]
    blocks += [row([f"a {n}", link("/x", "b")]) for n in range(20_000)]
    blocks += [definition(f"plain text with a few words, {n}") for n in range(10_000)]
    begun = time.process_time()
    render_tei(blocks, Metadata(), (), base_url=ADDRESS)
    assert time.process_time() - begun < 6
