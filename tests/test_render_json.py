"""The document as JSON: every field, valid against the schema, which the docs describe."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import (
    any_blocks,
    capture,
    code,
    document,
    heading,
    item,
    labelled,
    paragraph,
    row,
)
from hypothesis import given, settings

from cleaner.document import Document
from cleaner.render import SCHEMA_VERSION, document_dict, document_json
from cleaner.types import (
    Block,
    Comment,
    Kind,
    LabelName,
    MediaType,
    Metadata,
)

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "cleaner/data/document.schema.json").read_text(encoding="utf-8"))
METADATA = Metadata(
    title="Tides",
    authors=("Ada Quill", "Bo Marsh"),
    date="2025-08-24T13:54:00+03:00",
    modified="2025-08",
    site_name="The Quay",
    description="On water.",
    language="en",
    url="https://example.org/tides",
    image="https://example.org/tides.png",
    tags=("sea",),
    section="Coast",
    subtitle="On the moon's pull",
    publisher="Quay Media",
    breadcrumb=("Home", "Coast"),
    page_type="article",
    image_text="A pier at low tide",
    license="https://licences.example/by/4.0",
    free=False,
    detected_language="de",
    language_score=0.987654,
    direction="ltr",
    word_count=412,
    sources={"title": "h1", "date": "json-ld:datePublished"},
)


def validate(values: dict[str, Any]) -> None:
    jsonschema.validate(values, SCHEMA, jsonschema.Draft202012Validator)


def full() -> Document:
    return document(
        labelled(heading(1, "Tides"), "title", 0.123456, ["the page's title", "a heading"]),
        paragraph("Höhe & *Wasser*", lines=(3, 4), quote_depth=1),
        item("one", ordinal=1),
        row(["a", "b"], group=1),
        code("x\n", "python", hidden="display-none"),
        labelled(paragraph("Subscribe"), "notice", 0.02),
        metadata=METADATA,
        comments=(Comment("Fine.", "Cy", "yesterday"), Comment("Hm")),
        confidence=0.987654,
        warnings=("paywall",),
    )


def test_a_document_has_every_field_in_a_fixed_order() -> None:
    values = document_dict(full())
    validate(values)
    assert list(values) == list(SCHEMA["properties"])
    assert list(values["capture"]) == list(SCHEMA["$defs"]["capture"]["properties"])
    assert list(values["comments"][0]) == list(SCHEMA["$defs"]["comment"]["properties"])
    assert list(values["blocks"][0]) == list(SCHEMA["$defs"]["block"]["properties"])


def test_values_are_those_of_the_document() -> None:
    values = document_dict(full())
    assert values["schema_version"] == SCHEMA_VERSION
    assert values["authors"] == ["Ada Quill", "Bo Marsh"]
    assert values["date"] == "2025-08-24T13:54:00+03:00"
    assert list(values["sources"]) == ["date", "title"]
    assert values["text"] == "Höhe & *Wasser*\n\none\n\na\tb\n\nx"
    assert values["markdown"].startswith("> Höhe & \\*Wasser\\*\n\n1. one\n")
    assert values["comments"][1] == {"text": "Hm", "author": None, "date": None}
    assert values["confidence"] == 0.9877
    assert values["warnings"] == ["paywall"]


def test_blocks_have_their_labels() -> None:
    title, first, *_, last = document_dict(full())["blocks"]
    assert (title["label"], title["kept"], title["probability"]) == ("title", False, 0.1235)
    assert title["reason"] == "the page's title; a heading"
    assert (first["index"], first["kind"], first["lines"]) == (1, "paragraph", [3, 4])
    assert first["path"] == "lines 3-4"
    assert (first["kept"], first["quote_depth"], first["hidden"]) == (True, 1, "")
    assert (last["label"], last["text"]) == ("notice", "Subscribe")


def test_absent_values_are_null_or_empty() -> None:
    values = document_dict(document())
    validate(values)
    assert values["title"] is None
    assert values["authors"] == values["tags"] == values["blocks"] == values["warnings"] == []
    assert values["text"] == values["markdown"] == ""


def test_the_capture_is_described() -> None:
    made = full()
    page = type(made.page)(
        capture(
            media_type=MediaType.MARKDOWN,
            replaced=0.00012345,
            captured_at=datetime(2025, 8, 24, 13, 54, tzinfo=UTC),
            size=12,
        ),
        (),
    )
    values = document_dict(Document(page, ()))
    validate(values)
    assert values["capture"] == {
        "url": "https://example.org/news/page.html",
        "media_type": "text/markdown",
        "charset": "utf-8",
        "charset_source": "str",
        "replaced": 0.0001,
        "captured_at": "2025-08-24T13:54:00+00:00",
        "size": 12,
    }


def test_json_text_reads_back_and_ends_with_a_line_end() -> None:
    text = document_json(full())
    assert text.endswith("\n}\n")
    assert "Höhe" in text
    assert json.loads(text) == document_dict(full())


def test_blocks_can_be_left_out() -> None:
    values = json.loads(document_json(full(), blocks=False))
    validate(values)
    assert "blocks" not in values
    assert values["text"] == full().text


def test_halves_of_characters_are_replaced() -> None:
    text = document_json(document(paragraph("a\ud800b")))
    assert json.loads(text.encode())["blocks"][0]["text"] == "a\ufffdb"


@given(any_blocks)
@settings(max_examples=50, deadline=None)
def test_any_document_is_valid(blocks: list[Block]) -> None:
    made = document(*blocks)
    values = json.loads(document_json(made).encode())
    validate(values)
    assert values["text"] == made.text


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (("block", "kind"), list(Kind)),
        (("block", "label"), list(LabelName)),
        (("capture", "media_type"), list(MediaType)),
    ],
)
def test_the_schema_lists_the_names_of_the_types(path: tuple[str, str], names: list[str]) -> None:
    assert SCHEMA["$defs"][path[0]]["properties"][path[1]]["enum"] == names


def test_the_docs_describe_every_field_of_the_schema() -> None:
    docs = (ROOT / "docs/schema.md").read_text(encoding="utf-8")
    described: dict[str, list[str]] = {}
    for section in docs.split("\n## ")[1:]:
        described[section.split("\n")[0]] = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert described["Document"] == list(SCHEMA["properties"])
    for name in ("Comment", "Capture", "Block"):
        assert described[name] == list(SCHEMA["$defs"][name.lower()]["properties"])
