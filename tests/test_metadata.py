from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metadata_pages import BODY, HEADLINE, URL, json_ld, labels_of, meta, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.metadata.language import detect_language, normalize_tag
from cleaner.types import Capture, Fact, LabelName, MediaType, Metadata, Options, Page

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def text_capture(text: str, **named: LabelName) -> Metadata:
    page = page_of(text, media_type=MediaType.MARKDOWN, url=None)
    return read_metadata(page, labels_of(page, named), Options())


def test_a_page_that_says_nothing_has_nothing() -> None:
    assert metadata_of(url=None, lang="") == Metadata()


def test_labels_of_another_page_are_refused() -> None:
    page = page_of(f"<body>{BODY}{BODY}</body>")
    labels = labels_of(page, {})
    with pytest.raises(ValueError, match="labels"):
        read_metadata(page, labels[1:], Options())


def test_every_value_says_where_it_comes_from() -> None:
    found = metadata_of(meta("og:description", "On ropes"), HEADLINE + "<p>By Jane Roe</p>" + BODY)
    assert set(found.sources) == {
        *("title", "authors", "description", "language", "url", "direction")
    }
    assert found.sources["description"] == "meta:og:description"
    assert found.sources["authors"] == "visible:byline"


# The other fields


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (meta("og:site_name", "The Quay"), "The Quay"),
        (json_ld({"@type": "WebSite", "name": "The Quay"}), "The Quay"),
        (
            json_ld({"@type": "Article", "publisher": {"@type": "Organization", "name": "Quay"}}),
            "Quay",
        ),
        ("<title>Ferry returns to the harbour - Harbour Post</title>", "Harbour Post"),
        ("<title>Ferry returns to the harbour - Cheap ropes</title>", None),
        ("", None),
    ],
)
def test_site_name(head: str, name: str | None) -> None:
    assert metadata_of(head, HEADLINE + BODY).site_name == name


def test_a_site_that_is_only_shown_needs_two_witnesses() -> None:
    shown = '<img src="/l.png" alt="The Windlass">' + HEADLINE + BODY
    notice = "<p>© 2019-2025 The Windlass. All rights reserved.</p>"
    assert metadata_of("", shown + notice).site_name == "The Windlass"
    assert metadata_of("", HEADLINE + BODY + notice).site_name is None


@pytest.mark.parametrize(
    ("tag", "normal"),
    [("en", "en"), ("EN_us", "en-US"), ("zh-hans-cn", "zh-Hans-CN"), ("pt_BR.UTF-8", "pt-BR"),
     ("es-419", "es-419"), ("en-GB-oxendict", "en-GB"), ("english", None), ("", None),
     ("und", None), ("x-default", None), ("de, en", None)],
)  # fmt: skip
def test_language_tags_are_normalized(tag: str, normal: str | None) -> None:
    assert normalize_tag(tag) == normal


def test_the_declared_language_comes_first() -> None:
    assert metadata_of(lang="pt_br").language == "pt-BR"
    assert metadata_of(meta("og:locale", "de_DE"), lang="").language == "de-DE"
    assert metadata_of(json_ld({"@type": "Article", "inLanguage": "fr"}), lang="").language == "fr"


def test_an_undeclared_language_is_detected_from_enough_text() -> None:
    german = "<p>Die Fähre kam am Vormittag in den Hafen zurück, und niemand war verletzt.</p>" * 3
    found = metadata_of("", german, lang="")
    assert found.language == "de"
    assert found.sources["language"].startswith("detected:")
    assert metadata_of("", german, lang="", mode="structured").language is None
    assert detect_language("Die Fähre") is None
    assert detect_language("1234 " * 50) is None


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="/world/ferry">', "https://www.harbour-post.example/world/ferry"),
        (meta("og:url", "https://quay.example/f#top"), "https://quay.example/f"),
        ('<link rel="canonical" href="https://www.harbour-post.example/">', URL),
        ('<link rel="canonical" href="javascript:x()">', URL),
        ('<link rel="canonical" href="https://[broken">', URL),
        ("", URL),
    ],
)  # fmt: skip
def test_the_canonical_address(head: str, url: str) -> None:
    assert metadata_of(head).url == url


@pytest.mark.parametrize(
    ("head", "image"),
    [
        (meta("og:image", "/i/ferry.jpg"), "https://www.harbour-post.example/i/ferry.jpg"),
        (json_ld({"@type": "Article", "image": ["https://q.example/1.jpg"]}), "https://q.example/1.jpg"),
        (json_ld({"@type": "Article", "image": {"url": "https://q.example/2.jpg"}}),
         "https://q.example/2.jpg"),
        (meta("og:image", "data:image/png;base64,AAAA"), None),
        (meta("og:image", ""), None),
    ],
)  # fmt: skip
def test_the_image_is_absolute(head: str, image: str | None) -> None:
    assert metadata_of(head).image == image


@pytest.mark.parametrize(
    ("head", "body", "tags"),
    [
        (json_ld({"@type": "Article", "keywords": "ropes, knots"}), "", ("ropes", "knots")),
        (json_ld({"@type": "Article", "keywords": ["ropes", "knots"]}), "", ("ropes", "knots")),
        (json_ld({"@type": "Article", "keywords": ["ropes, Ropes"]}), "", ("ropes",)),
        (meta("article:tag", "ropes") + meta("article:tag", "knots"), "", ("ropes", "knots")),
        (meta("keywords", "ropes، knots"), "", ("ropes", "knots")),
        ("", '<p><a rel="tag" href="/t/1">ropes</a> <a rel="tag" href="/t/2">knots</a></p>',
         ("ropes", "knots")),
        ("", "<p>Tags: ropes, knots</p>", ("ropes", "knots")),
        ("", "<p>Topics</p><ul><li>ropes</li><li>knots</li></ul>", ("ropes", "knots")),
        ("", "", ()),
    ],
)  # fmt: skip
def test_tags(head: str, body: str, tags: tuple[str, ...]) -> None:
    assert metadata_of(head, HEADLINE + BODY + body).tags == tags


def trail(*names: str) -> str:
    steps = [{"position": n, "name": name} for n, name in enumerate(names)]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": steps[::-1]})


@pytest.mark.parametrize(
    ("head", "section"),
    [
        (meta("article:section", "World"), "World"),
        (json_ld({"@type": "NewsArticle", "articleSection": ["World", "Ports"]}), "World"),
        (trail("Home", "World", "Ports", "Ferry returns to the harbour"), "Ports"),
        (trail("Startseite", "Harbour Post"), None),
        ("", None),
    ],
)
def test_section(head: str, section: str | None) -> None:
    assert metadata_of(head, HEADLINE + BODY).section == section


def test_the_section_is_the_last_step_of_a_shown_trail() -> None:
    shown = '<nav class="breadcrumbs"><a href="/">Home</a> <a href="/w">World</a></nav>'
    assert metadata_of("", shown + HEADLINE + BODY).section == "World"
    assert metadata_of("", "<p>Home › World › Ports</p>" + HEADLINE + BODY).section == "Ports"


# Text captures

CAPTURE = """\
[News](/news) [Sport](/sport)

4 May, 2025 08:15 / Home / Ports & Ferries

# Ferry returns to the harbour

The crew had been waiting for the storm to pass since Sunday night

The ferry on Monday. © Jo Plank

The ferry came back to the harbour before noon, and nobody was hurt, its captain has said.

[Ferries](#), [Harbour of Thorle](#)

Dear readers, please register to comment.
"""


def test_a_text_capture_is_read_from_what_it_shows() -> None:
    found = text_capture(CAPTURE, **{"The ferry came": LabelName.CONTENT})
    assert found.title == "Ferry returns to the harbour"
    assert (found.date, found.section) == ("2025-05-04T08:15", "Ports & Ferries")
    assert found.description == "The crew had been waiting for the storm to pass since Sunday night"
    assert found.tags == ("Ferries", "Harbour of Thorle")
    assert (found.authors, found.language, found.site_name) == ((), "en", None)


def test_the_first_paragraph_of_the_body_is_no_standfirst() -> None:
    assert (
        text_capture("# Ferry\n\nThe ferry came back before noon, unharmed.\n").description is None
    )


def test_a_line_of_hash_words_is_tags() -> None:
    assert text_capture("# 渡輪\n\n汽笛聲響起。\n\n#渡輪 #舊港\n").tags == ("渡輪", "舊港")


def test_front_matter_comes_first() -> None:
    front = {
        "title": "Ferry returns", "author": "Jane Roe", "date": "2025-05-04",
        "tags": "[ropes, knots]", "url source": "https://quay.example/f", "lang": "en",
    }  # fmt: skip
    facts = tuple(Fact("front-matter", name, value) for name, value in front.items())
    page = Page(Capture("", MediaType.MARKDOWN), (), facts=facts)
    found = read_metadata(page, (), Options())
    assert (found.title, found.authors, found.date) == (
        "Ferry returns",
        ("Jane Roe",),
        "2025-05-04",
    )
    assert (found.tags, found.url) == (("ropes", "knots"), "https://quay.example/f")
    assert found.sources["title"] == "front-matter:title"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared seeds are not beside the project")
def test_the_seeds() -> None:
    text = (SEEDS / "rt-capture.txt").read_text("utf-8")
    found = text_capture(text, **{"Campaign": LabelName.CONTENT, "Kiev has": LabelName.CONTENT})
    assert found.title == "Territory is not what Russia is interested in – Lavrov"
    assert (found.date, found.section) == ("2025-08-24T13:54", "Russia & FSU")
    assert found.tags == ("Russia-Ukraine conflict", "Sergey Lavrov")
    assert (found.description or "").endswith("the foreign minister has said")
    assert (found.authors, found.language, found.site_name) == ((), "en", None)
    clean = page_of(
        (SEEDS / "clean-article.txt").read_text("utf-8"), media_type=MediaType.TEXT, url=None
    )
    found = read_metadata(clean, (), Options())
    assert (found.title, found.date, found.authors, found.language) == (None, None, (), "en")


NAMES = ["author", "date", "og:title", "og:url", "keywords", "canonical", "lang", "name", "tag"]


@given(
    st.lists(
        st.builds(
            Fact,
            st.sampled_from(["meta", "link", "html", "itemprop", "time", "rel", "front-matter"]),
            st.sampled_from(NAMES),
            st.text(max_size=40),
            st.integers(0, 9),
            element=st.just(-1),
        ),
        max_size=6,
    ),
    st.lists(st.text(max_size=60), max_size=2),
    st.one_of(st.none(), st.text(max_size=40)),
)
def test_no_page_raises(facts: list[Fact], scripts: list[str], url: str | None) -> None:
    page = page_of(HEADLINE + BODY, url=url)
    page = Page(page.capture, page.blocks, page.elements, tuple(facts), tuple(scripts), url)
    assert isinstance(read_metadata(page, (), Options()), Metadata)
