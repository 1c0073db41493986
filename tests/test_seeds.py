"""The two pages that the project started from; they are kept outside of it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from cleaner import Document, Kind, LabelName, clean

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed pages are not there")


@cache
def rt_page() -> Document:
    return clean((SEEDS / "rt-capture.txt").read_bytes())


@cache
def clean_article() -> Document:
    return clean((SEEDS / "clean-article.txt").read_bytes())


def test_the_news_page_gives_its_article_and_nothing_else() -> None:
    paragraphs = rt_page().text.split("\n\n")
    beginnings = [
        "Moscow's goal is to defend",
        "Russia has no interest",
        "In an interview with NBC",
        "\"We don't have any interest in territories.",
        "Lavrov said Moscow's goal",
        '"The only way to protect',
        "Lavrov went on to underscore",
        "Since the Western-backed",
        "Kiev has also embarked",
    ]
    assert [
        text.startswith(beginning) for text, beginning in zip(paragraphs, beginnings, strict=True)
    ] == [True] * 9
    assert paragraphs[-1].endswith("Soviet-era or Russian-linked names.")
    assert not set("*#[]_") & set(rt_page().text)


def test_the_broken_sentence_of_the_news_page_is_whole() -> None:
    assert (
        'Lavrov said. "What we are concerned about... is the people who live on those lands, '
        'whose ancestors lived there for centuries."'
    ) in rt_page().text


def test_metadata_of_the_news_page() -> None:
    metadata = rt_page().metadata
    assert metadata.title == "Territory is not what Russia is interested in – Lavrov"
    assert metadata.date == "2025-08-24T13:54"
    assert metadata.section == "Russia & FSU"
    assert metadata.tags == ("Russia-Ukraine conflict", "Sergey Lavrov")
    assert metadata.description is not None
    assert metadata.description.startswith("Moscow's goal is to defend the Russians")
    assert metadata.description.endswith("the foreign minister has said")
    assert metadata.authors == ()
    assert metadata.language == "en"


def test_the_caption_of_the_news_page_is_labelled_so() -> None:
    (caption,) = [b for b in rt_page().blocks if "Sputnik/Maxim Blinov" in b.text]
    assert caption.label.name is LabelName.CAPTION


def test_the_clean_article_passes_untouched() -> None:
    source = (SEEDS / "clean-article.txt").read_text(encoding="utf-8")
    assert re.findall(r"\S+", clean_article().text) == re.findall(r"\S+", source)


def test_subheadings_of_the_clean_article() -> None:
    headings = [b.text for b in clean_article().content if b.kind is Kind.HEADING]
    assert headings == [
        "Open to Talks, But on Russia’s Terms",
        "“Not About Taking Land”",
        "Recent Diplomatic Moves",
        "What Comes Next?",
    ]
