"""What a document shows of its page."""

from __future__ import annotations

import pickle

import pytest
from builders import document, labelled, paragraph

from cleaner import clean
from cleaner.errors import OptionError
from cleaner.types import Block, Kind, Options, Span, SpanKind


def image(alt: str) -> Block:
    return Block(0, Kind.IMAGE, alt, spans=(Span(0, 0, SpanKind.IMAGE, "/hill.png", alt),))


def test_unknown_options_are_refused() -> None:
    with pytest.raises(OptionError, match="focus is 'wide', not one of balanced, precision"):
        Options(focus="wide")
    with pytest.raises(OptionError, match="metadata is 'fast', not one of full, structured"):
        Options(metadata="fast")


def test_metadata_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import cleaner.metadata

    read = cleaner.metadata.read_metadata
    calls: list[object] = []
    monkeypatch.setattr(
        "cleaner.metadata.read_metadata", lambda *given: calls.append(given) or read(*given)
    )
    doc = clean("<title>Tides</title><h1>Tides</h1><p>The sea comes and goes twice a day here.")
    assert "twice a day" in doc.text
    assert doc.warnings is not None
    assert not calls
    assert doc.metadata.title == "Tides"
    assert doc.metadata is doc.metadata
    assert doc.comments == ()
    assert len(calls) == 1


def test_a_document_can_be_sent_to_another_process() -> None:
    doc = clean("<title>Tides</title><h1>Tides</h1><p>The sea comes and goes twice a day here.")
    sent = pickle.loads(pickle.dumps(doc))
    assert sent == doc
    assert sent.to_dict() == doc.to_dict()


def test_content_is_what_was_kept_in_the_order_of_the_page() -> None:
    doc = document(paragraph("Kept."), labelled(paragraph("Menu"), "navigation"), paragraph("Too."))
    assert [block.text for block in doc.content] == ["Kept.", "Too."]
    assert [block.kept for block in doc.blocks] == [True, False, True]
    assert doc.text == "Kept.\n\nToo."


def test_images_of_the_article_are_shown_when_asked_for_and_add_no_words() -> None:
    doc = document(
        paragraph("Up."),
        labelled(image("A hill"), "caption"),
        labelled(image("An offer"), "promo"),
        paragraph("Down."),
    )
    assert doc.markdown == "Up.\n\nDown.\n"
    shown = doc.to_markdown(images=True)
    assert shown.startswith("Up.\n\n![A hill](")
    assert shown.endswith(")\n\nDown.\n")
    assert "offer" not in shown
    assert 'alt="A hill"' in doc.to_html(images=True)
    assert "A hill" not in doc.text
