"""What a document shows of its page."""

from __future__ import annotations

from builders import document, labelled, paragraph

from cleaner.types import Block, Kind, Span, SpanKind


def image(alt: str) -> Block:
    return Block(0, Kind.IMAGE, alt, spans=(Span(0, 0, SpanKind.IMAGE, "/hill.png", alt),))


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
