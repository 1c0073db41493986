"""Over all fixtures: every format has the same words, and every block of the page its label."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from bs4 import BeautifulSoup, Comment, Doctype, Tag
from lxml import etree, html
from test_render_tei import is_valid, schemas
from test_render_words import markdown_text, tei_text

from cleaner import Document, Kind
from cleaner.golden import find_cases, read_case

FOLDERS = find_cases(Path(__file__).parent.parent / "fixtures")
HTML_FOLDERS = [folder for folder in FOLDERS if (folder / "page.html").is_file()]
OPTIONS = [
    dict(zip(("links", "images", "tables"), values, strict=True))
    for values in itertools.product((True, False), repeat=3)
]
WORD = re.compile(r"\w+")

SAFE_ADDRESS = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)
ATTRIBUTES = {"href", "src", "alt", "class", "colspan", "start", "value"}
"""All that the HTML of an article may carry."""
TAGS = set(
    """
    article p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code table thead tbody tr th td
    figure figcaption img a em strong br
    """.split()
)

each_case = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@cache
def document_of(folder: Path) -> Document:
    return read_case(folder).clean()


@cache
def schema() -> jsonschema.Draft202012Validator:
    source = files("cleaner").joinpath("data/document.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(source))


def words(text: str) -> list[str]:
    return WORD.findall(text)


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum())


@each_case
def test_the_text_has_the_words_of_the_kept_blocks(folder: Path) -> None:
    document = document_of(folder)
    kept = [word for block in document.content for word in words(block.text)]
    assert words(document.text) == kept
    assert document.to_dict()["text"] == document.text


@each_case
def test_markdown_has_the_words_of_the_text(folder: Path) -> None:
    document = document_of(folder)
    expected = words(document.text)
    for options in OPTIONS:
        assert words(markdown_text(document.to_markdown(**options))) == expected, options
    assert document.markdown == document.to_markdown() == document.to_dict()["markdown"]


@each_case
def test_html_has_the_words_of_the_text(folder: Path) -> None:
    document = document_of(folder)
    expected = words(document.text)
    for options in OPTIONS:
        article = html.fragment_fromstring(document.to_html(**options))
        assert words(article.text_content()) == expected, options


@each_case
def test_tei_has_the_words_of_the_text_and_is_valid(folder: Path) -> None:
    document = document_of(folder)
    assert words(tei_text(document.tei)) == words(document.text)
    _, schema_with_tables_and_code = schemas()
    assert is_valid(etree.fromstring(document.tei), schema_with_tables_and_code)


@each_case
def test_nothing_that_runs_is_in_the_html(folder: Path) -> None:
    article = html.fragment_fromstring(document_of(folder).to_html(images=True))
    for element in article.iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES
        for name in ("href", "src"):
            assert SAFE_ADDRESS.match(element.get(name, "https:")), element.get(name)


@each_case
def test_the_dictionary_fits_the_schema(folder: Path) -> None:
    schema().validate(json.loads(json.dumps(document_of(folder).to_dict())))


@each_case
def test_every_block_is_kept_or_dropped_with_a_reason(folder: Path) -> None:
    document = document_of(folder)
    assert tuple(block.block for block in document.blocks) == document.page.blocks
    assert [block.block.index for block in document.blocks] == [*range(len(document.blocks))]
    for block in document.blocks:
        assert 0 <= block.label.probability <= 1
        assert block.label.reason
        assert block.path or block.block.origin
    assert document.content == tuple(block.block for block in document.blocks if block.kept)
    assert 0 <= document.confidence <= 1


def page_letters(source: str) -> Counter[str]:
    """Return the letters of a page as another parser reads it: the text, and buttons' captions."""
    soup = BeautifulSoup(source, "lxml")
    found: Counter[str] = Counter()
    for string in soup.find_all(string=True):
        unseen = string.find_parent(["head", "title", "script", "style"])
        if not unseen and not isinstance(string, Comment | Doctype):
            found += letters(string)
    for button in soup.find_all("input", type=["submit", "button", "reset"]):
        assert isinstance(button, Tag)
        found += letters(str(button.get("value", "")))
    return found


@pytest.mark.parametrize("folder", HTML_FOLDERS, ids=lambda folder: folder.name)
def test_the_blocks_hold_all_text_of_the_page(folder: Path) -> None:
    """Hidden text, too; alternative texts of images and embedded articles come on top."""
    page = document_of(folder).page
    held: Counter[str] = Counter()
    for block in page.blocks:
        if block.kind is not Kind.IMAGE and not block.origin:
            held += letters(block.text)
    assert held == page_letters(page.capture.text)
