from __future__ import annotations

from typing import Any

import pytest
from metadata_pages import BODY, json_ld, labels_of, meta, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.types import LabelName, MediaType, Options


def title_of(head: str, body: str = BODY, **options: Any) -> tuple[str | None, str | None]:
    found = metadata_of(head, body, **options)
    return found.title, found.sources.get("title")


@pytest.mark.parametrize(
    "title",
    [
        "Ferry returns to the harbour | Harbour Post",
        "Harbour Post | Ferry returns to the harbour",
        "Ferry returns to the harbour - World - Harbour Post",
        "Ferry returns to the harbour — Harbour Post World News",
        "harbour-post.example: Ferry returns to the harbour",
        "Ferry returns to the harbour",
    ],
)
def test_the_heading_that_the_page_title_holds_is_the_title(title: str) -> None:
    body = f"<h1>Ferry returns to the harbour</h1>{BODY}<h2>More</h2>"
    assert title_of(f"<title>{title}</title>", body)[0] == "Ferry returns to the harbour"


@pytest.mark.parametrize(
    ("title", "site"),
    [
        ("Ferry returns | Harbour Post", "Harbour Post"),
        ("Harbour Post: Ferry returns", "Harbour Post"),
        ("Ferry returns · The Quay", "The Quay"),
        ("Ferry returns | Harbour Post Online", "Harbour Post"),
    ],
)
def test_the_site_is_cut_where_the_page_names_it(title: str, site: str) -> None:
    head = f"<title>{title}</title>" + meta("og:site_name", site)
    assert title_of(head) == ("Ferry returns", "title")


def test_what_nothing_names_as_the_site_stays() -> None:
    title = "Ferry returns | A long way home"
    url = "https://www.harbour-post.example/n/17"
    assert title_of(f"<title>{title}</title>", url=url)[0] == title


def test_a_title_ends_at_the_bar_where_the_address_or_a_block_does() -> None:
    title = "<title>Harbour tours | Book online and save</title>"
    addressed = title_of(title, url="https://www.quay.example/en/harbour-tours")
    assert addressed == ("Harbour tours", "title")
    step = "<nav><a href='/'>Home</a> <a href='/t'>Harbour tours</a></nav>"
    url = "https://www.quay.example/t"
    assert title_of(title, f"{step}{BODY}", url=url)[0] == "Harbour tours | Book online and save"
    assert title_of(title, f"<p>Harbour tours</p>{BODY}", url=url)[0] == "Harbour tours"


def test_a_home_page_keeps_what_it_says_of_itself() -> None:
    url = "https://www.quay.example/"
    title = "Ropeworks | All about ropes"
    assert title_of(f"<title>{title}</title>", url=url)[0] == title


def test_a_section_is_cut_where_the_page_names_it() -> None:
    head = "<title>Ferry returns | Opinion</title>"
    url = "https://www.harbour-post.example/story/opinion/17"
    assert title_of(head, url=url)[0] == "Ferry returns"
    head += meta("article:section", "Opinion")
    assert title_of(head, url="https://www.harbour-post.example/17")[0] == "Ferry returns"


def test_the_heading_that_most_tags_give_is_the_title() -> None:
    head = (
        "<title>Ferry returns</title>"
        + meta("og:title", "Ferry returns")
        + meta("headline", "... islanders relieved")
    )
    body = f"<h1>... islanders relieved</h1><h1>Ferry returns</h1>{BODY}"
    assert title_of(head, body)[0] == "Ferry returns"


def test_a_news_report_has_the_title_that_its_data_and_its_preview_agree_on() -> None:
    report = json_ld({"@type": "NewsArticle", "headline": "Ferry back in service"})
    head = report + meta("og:title", "Ferry back in service")
    body = f"<h1>After a long wait, the ferry is back</h1>{BODY}"
    assert title_of(head, body) == ("Ferry back in service", "json-ld:headline")
    post = json_ld({"@type": "BlogPosting", "headline": "Ferry back in service"})
    assert title_of(post + meta("og:title", "Ferry back in service"), body)[0] == (
        "After a long wait, the ferry is back"
    )


def test_the_kind_of_a_thread_is_no_part_of_its_title() -> None:
    head = json_ld({"@type": "DiscussionForumPosting", "headline": "Which rope for a dinghy?"})
    head += "<title>Question - Which rope for a dinghy?</title>"
    body = f"<h1><span>Question</span> Which rope for a dinghy?</h1>{BODY}"
    assert title_of(head, body)[0] == "Which rope for a dinghy?"


def test_the_address_decides_between_a_slogan_and_what_tags_give() -> None:
    head = "<title>Online rope courses</title>" + meta("og:title", "Online rope courses")
    body = f"<h1>Learn rope work at your own pace</h1>{BODY}"
    url = "https://www.quay.example/online-rope-courses"
    assert title_of(head, body, url=url)[0] == "Online rope courses"


def test_a_heading_that_is_encoded_twice_is_decoded() -> None:
    assert title_of("", f"<h1>Ropes &amp;#x26; knots</h1>{BODY}")[0] == "Ropes & knots"


def test_the_address_names_the_site() -> None:
    assert title_of("<title>Ferry returns - Harbour Post</title>")[0] == "Ferry returns"


def test_a_logo_in_a_heading_is_no_title() -> None:
    body = f"<h1>Harbour Post</h1><h2>Ferry returns</h2>{BODY}"
    assert title_of("<title>Ferry returns | Harbour Post</title>", body)[0] == "Ferry returns"


def test_the_beginning_of_the_page_title_counts_before_its_end() -> None:
    body = f"<h1>The Sailor's Book</h1><h2>Knots</h2>{BODY}"
    assert title_of("<title>Knots - The Sailor's Book</title>", body)[0] == "Knots"


def test_a_kicker_that_two_tags_have_is_kept() -> None:
    head = meta("og:title", "After the storm: Ferry returns to the harbour") + (
        "<title>After the storm: Ferry returns to the harbour | Harbour Post</title>"
    )
    body = f"<p>After the storm</p><h1>Ferry returns to the harbour</h1>{BODY}"
    assert title_of(head, body)[0] == "After the storm: Ferry returns to the harbour"


def test_a_heading_like_the_stated_title_of_an_article_wins() -> None:
    head = json_ld({"@type": "NewsArticle", "headline": "Ferry comes home safely after storm"})
    body = f"<h1>How the ferry came home</h1>{BODY}"
    assert title_of(head, body) == ("How the ferry came home", "heading:alike")


def test_a_heading_unlike_every_stated_title_does_not() -> None:
    head = json_ld({"@type": "NewsArticle", "headline": "Ferry comes home after storm"})
    assert title_of(head, f"<h1>Blog</h1>{BODY}") == (
        "Ferry comes home after storm",
        "json-ld:headline",
    )


def test_entities_and_tags_in_stated_titles_are_decoded() -> None:
    head = json_ld({"@type": "Article", "headline": "Salt &amp; <em>rope</em>"})
    assert title_of(head)[0] == "Salt & rope"


def test_a_video_beside_the_article_does_not_name_the_page() -> None:
    head = json_ld([{"@type": "VideoObject", "name": "Waves"}]) + "<title>Ferry returns</title>"
    assert title_of(head)[0] == "Ferry returns"


def test_a_first_page_keeps_the_name_before_its_motto() -> None:
    head = "<title>Harbour Post: news from the quay</title>"
    found = title_of(head, url="https://www.harbour-post.example/")
    assert found[0] == "Harbour Post: news from the quay"


def test_no_title_is_none() -> None:
    assert title_of("") == (None, None)
    assert title_of("<title>  </title>", "<h3>Aside</h3>") == (None, None)


def test_chinese_titles_are_parted_by_underscores() -> None:
    body = f"<h1>渡轮重返旧港</h1>{BODY}"
    found = metadata_of("<title>渡轮重返旧港_社会_海港网</title>", body, lang="zh")
    assert (found.title, found.section) == ("渡轮重返旧港", "社会")


def test_a_text_capture_takes_its_first_heading_or_the_labelled_block() -> None:
    page = page_of("menu\n\n# Ferry returns\n\nText.\n", media_type=MediaType.MARKDOWN, url=None)
    assert read_metadata(page, (), Options()).title == "Ferry returns"
    plain = page_of("menu\n\nFerry returns\n\nText.\n", media_type=MediaType.TEXT, url=None)
    labels = labels_of(plain, {"Ferry": LabelName.TITLE})
    assert read_metadata(plain, labels, Options()).title == "Ferry returns"


def test_the_line_before_a_dateline_is_the_title_of_plain_text() -> None:
    text = "Harbour Post\n\nFerry returns to the harbour\n\nBy Jane Roe, 4 May 2025\n\n" + (
        "The ferry came back before noon. " * 9
    )
    page = page_of(text, media_type=MediaType.TEXT, url=None)
    found = read_metadata(page, (), Options())
    assert (found.title, found.sources["title"]) == ("Ferry returns to the harbour", "visible:line")
    assert read_metadata(page, (), Options(metadata="structured")).title is None


def test_the_address_shows_the_title_of_plain_text() -> None:
    text = "Home / World / Ferry returns to harbour\n\nFerry returns to the old harbour\n\nText.\n"
    page = page_of(text, media_type=MediaType.TEXT, url="https://a.example/ferry-returns-harbour-7")
    found = read_metadata(page, (), Options())
    assert found.title == "Ferry returns to the old harbour"
    assert found.sources["title"] == "visible:address"


def test_a_kicker_of_the_heading_alone_is_no_part_of_the_title() -> None:
    heading = "<h1>Harbour of Quay Ferry returns after a year</h1>"
    stated = "Ferry returns after a year"
    head = "".join(meta(n, stated) for n in ("og:title", "twitter:title", "dc.title"))
    assert title_of(head, f"{heading}{BODY}") == (stated, "meta:og:title")
    parted = "<h1>Harbour of Quay - Ferry returns after a year</h1>"
    two = "".join(meta(n, stated) for n in ("og:title", "twitter:title"))
    tab = "<title>Harbour of Quay: Ferry returns after a year</title>"
    assert title_of(two + tab, f"{parted}{BODY}")[0] == stated


def test_the_parts_of_a_heading_are_told_apart_as_a_tag_does() -> None:
    head = meta("og:title", "National day / Ferry returns to the harbour")
    body = f"<h1><span>National day</span><span>Ferry returns to the harbour</span></h1>{BODY}"
    assert title_of(head, body)[0] == "National day / Ferry returns to the harbour"


def test_a_heading_that_the_address_is_made_of_is_the_title() -> None:
    head = meta("og:title", "Harbour tours and more from Quay") + "<title>Quay tours</title>"
    url = "https://quay.example/tours/every-boat-of-the-harbour"
    body = f"<h1>Every boat of the harbour</h1>{BODY}<h1>Tickets</h1>"
    assert title_of(head, body, url=url) == ("Every boat of the harbour", "heading:address")
    section = f"<h1>Tours</h1>{BODY}<h1>Tickets</h1>"
    assert title_of(head, section, url="https://quay.example/tours")[1] != "heading:address"


def test_a_site_name_that_is_the_title_is_not_cut_from_it() -> None:
    whole = "Knots for sailors: a guide | Quay"
    head = f"<title>{whole}</title>" + meta("og:title", whole) + meta("og:site_name", whole)
    body = f"<h2>Knots for sailors</h2><h1>Knots for sailors: a guide</h1>{BODY}"
    found = metadata_of(head, body, url="https://quay.example/blog/knots")
    assert found.title == "Knots for sailors: a guide"
    assert found.site_name != whole


def test_the_title_that_all_others_begin_with_is_the_title() -> None:
    long = "Ferry returns-World ㅣ Harbour Post"
    head = meta("og:title", long) + meta("headline", "Ferry returns") + f"<title>{long}</title>"
    assert title_of(head) == ("Ferry returns", "meta:headline")


def test_a_list_of_questions_gives_no_title() -> None:
    questions = json_ld({"@type": "FAQPage", "name": "Questions"})
    head = questions + meta("og:title", "Boats to hire in Quay")
    body = f"<h1>Boats to hire</h1>{BODY}<h2>Questions</h2>"
    assert title_of(head, body)[0] == "Boats to hire"
