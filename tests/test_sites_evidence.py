"""What a template says moves a block's probability, shows in its reasons, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from site_pages import NOTE, address, block_of, read_page, stories, story, template_of

import cleaner.evidence
from cleaner import LabelName, Options, clean
from cleaner.errors import ModelError
from cleaner.evidence import evidence_columns, find_shifts, log_odds, name_sighting, weights
from cleaner.template import Sighting, SiteTemplate

PAGE = read_page(story(40), address(40))
PAGES = stories(12)


def columns(**given: Sighting) -> dict[str, dict[str, float]]:
    """Return what sightings of blocks, by how these begin, say of each block that they speak of."""
    sightings: list[Sighting | None] = [Sighting(0, 0, 12)] * len(PAGE.blocks)
    for name, sighting in given.items():
        sightings[block_of(PAGE, name.replace("_", " "))] = sighting
    logits = np.full(len(PAGE.blocks), 2.0)
    found = evidence_columns(PAGE, logits, sightings)
    return {
        block.text[:10]: values
        for block in PAGE.blocks
        if (
            values := {
                n: round(float(c[block.index]), 3) for n, c in found.items() if c[block.index]
            }
        )
    }


def test_a_repeated_paragraph_says_the_more_the_longer_it_is() -> None:
    strength = np.log1p(11) * 11 / 12
    said = columns(Readers_pay=Sighting(11, 11, 12))
    assert set(said) == {NOTE[:10]}
    assert said[NOTE[:10]]["repeated"] == pytest.approx(strength, abs=1e-3)
    assert said[NOTE[:10]]["length"] == pytest.approx(
        strength * np.log((len(NOTE.split()) + 1) / 4), abs=1e-3
    )
    assert said[NOTE[:10]]["doubt"] == pytest.approx(2 * strength, abs=1e-3)
    assert "heading" not in said[NOTE[:10]]


def test_more_pages_and_a_higher_share_say_more() -> None:
    def repeated(seen: int, of: int) -> float:
        return columns(Readers_pay=Sighting(seen, seen, of))[NOTE[:10]]["repeated"]

    assert repeated(2, 2) < repeated(5, 5) < repeated(48, 49)
    assert repeated(5, 50) < repeated(5, 10) < repeated(5, 5)


def test_a_heading_above_text_of_its_own_is_told_from_one_above_a_box() -> None:
    own = columns(What_the_keeper=Sighting(11, 11, 12))
    assert set(own["What the k"]) == {"heading"}
    box = columns(What_the_keeper=Sighting(11, 11, 12), He_says=Sighting(11, 11, 12))
    assert set(box["What the k"]) == {"heading", "alone", "doubt"}


def test_a_label_of_text_that_does_not_repeat_is_told_from_one_of_a_box() -> None:
    body = "<div>Note</div><p>The weir was shut.</p><div>Note</div><p>Readers pay for this.</p>"
    page = read_page(body, None)
    seen, own = Sighting(9, 9, 10), Sighting(0, 0, 10)
    found = evidence_columns(page, np.zeros(4), [seen, own, seen, seen])
    assert np.flatnonzero(found["label"]).tolist() == [0]
    wandering = evidence_columns(page, np.zeros(4), [Sighting(9, 0, 10), own, own, own])
    assert wandering["label"][0] > 0
    assert not wandering["elsewhere"].any()
    assert np.flatnonzero(found["repeated"]).tolist() == [2, 3]


def test_a_long_line_is_no_label() -> None:
    page = read_page("<div>Sign up for our letter</div><p>The weir was shut.</p>", None)
    found = evidence_columns(page, np.zeros(2), [Sighting(9, 9, 10), Sighting(0, 0, 10)])
    assert not found["label"].any()
    assert found["repeated"][0] > 0


def test_text_that_stands_elsewhere_on_other_pages_says_less() -> None:
    said = columns(Readers_pay=Sighting(11, 0, 12), What_the_keeper=Sighting(11, 0, 12))
    assert {name: set(values) for name, values in said.items()} == {NOTE[:10]: {"elsewhere"}}


def test_one_other_page_says_nothing() -> None:
    assert columns(Readers_pay=Sighting(1, 1, 12)) == {}


def test_the_mark_beside_a_heading_is_no_heading() -> None:
    page = read_page("<h2>Tides</h2><h2>¶</h2><p>They come and go.</p>", None)
    found = evidence_columns(page, np.zeros(3), [None, Sighting(5, 5, 5), None])
    assert found["heading"].tolist() == [0, 0, 0]
    assert found["repeated"][1] > 0


def test_weights_name_the_columns_and_speak_against_repetition() -> None:
    names = evidence_columns(PAGE, np.zeros(len(PAGE.blocks)), [None] * len(PAGE.blocks))
    assert set(weights()) == set(names)
    assert all(
        weights()[name] < 0 for name in ("repeated", "length", "doubt", "elsewhere", "alone")
    )
    assert abs(weights()["heading"]) < 0.3
    assert weights()["repeated"] < weights()["label"] < 0


def test_broken_weights_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        def joinpath(self, *_: str) -> Nothing:
            return self

        def read_text(self, **_: str) -> str:
            return "weights = 3"

    monkeypatch.setattr(cleaner.evidence, "files", lambda _: Nothing())
    weights.cache_clear()
    with pytest.raises(ModelError, match=r"data/sites\.toml"):
        weights()
    weights.cache_clear()


def test_no_probability_is_beyond_evidence() -> None:
    assert np.isfinite(log_odds(np.array([0.0, 1.0], dtype=np.float32))).all()


def test_what_does_not_repeat_is_not_moved() -> None:
    template = template_of(PAGES)
    shifts = find_shifts(PAGE, np.zeros(len(PAGE.blocks)), template)
    moved = {PAGE.blocks[i].text[:10] for i in np.flatnonzero(shifts)}
    assert moved == {"Front page", "What the k", NOTE[:10]}


def test_the_note_goes_and_the_heading_stays() -> None:
    template = template_of(PAGES)
    body, url = story(3), address(3)
    before, after = clean(body, url=url), clean(body, url=url, site=template)
    assert NOTE in before.text
    assert NOTE not in after.text
    assert after.text == before.text.replace(NOTE, "").strip()
    assert "What the keeper says" in after.text
    assert (before.template_id, after.template_id) == (None, template.id)


def test_the_reason_says_on_how_many_pages_a_block_stands() -> None:
    document = clean(story(3), url=address(3), site=template_of(PAGES))
    block = next(b for b in document.blocks if b.text == NOTE)
    assert block.label.reasons[0] == "stands on 11 of 11 other pages of this site"
    assert block.label.name is not LabelName.CONTENT
    assert not any("pages of this site" in b.label.reason for b in document.blocks if b.kept)
    assert name_sighting(Sighting(48, 40, 50)) == "stands on 48 of 50 other pages of this site"


def test_without_a_template_nothing_changes() -> None:
    body, url = story(3), address(3)
    plain = clean(body, url=url)
    other = clean(body, url=url, site=template_of(stories(5, note="A gull sat down on the wall.")))
    assert clean(body, url=url, options=Options(site=None)).labels == plain.labels
    same = [block.index for block in plain.page.blocks if block.text == NOTE]
    assert [plain.labels[i] for i in same] == [other.labels[i] for i in same]


def test_a_template_is_found_by_the_page_s_address() -> None:
    template = template_of(PAGES)
    asked: list[str | None] = []

    def find(url: str | None) -> SiteTemplate | None:
        asked.append(url)
        return template if url == address(3) else None

    given = clean(story(3), url=address(3), site=template)
    saved = (
        f"MIME-Version: 1.0\nContent-Location: {address(3)}\nContent-Type: text/html\n\n{story(3)}"
    )
    for document in (
        clean(story(3), url=address(3), site=find),
        clean(saved, media_type="mhtml", site=find),
    ):
        assert (document.text, document.template_id) == (given.text, template.id)
    assert clean(story(3), url=address(4), site=find).template_id is None
    assert clean(story(3), site=find, options=Options(site=template)).template_id == template.id
    assert asked == [address(3), address(3), address(4), None]


def test_a_page_without_blocks_has_no_evidence() -> None:
    document = clean("<html><body></body></html>", url=address(1), site=template_of(PAGES))
    assert document.blocks == ()
