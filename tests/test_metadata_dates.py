from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from metadata_pages import BODY, HEADLINE, json_ld, labels_of, meta, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.types import LabelName, Options


def dates_of(head: str = "", body: str = "", **options: Any) -> tuple[str | None, str | None]:
    found = metadata_of(head, HEADLINE + body + BODY, **options)
    return found.date, found.sources.get("date")


@pytest.mark.parametrize(
    ("head", "date", "source"),
    [
        (
            json_ld({"@type": "NewsArticle", "datePublished": "2025-08-24T13:54:00+03:00"}),
            "2025-08-24T13:54:00+03:00",
            "json-ld:datePublished",
        ),
        (meta("article:published_time", "2025-08-24"), "2025-08-24", "meta:article:published_time"),
        (meta("DC.date.issued", "2025-08-24"), "2025-08-24", "meta:dc.date.issued"),
        (meta("x-first-published", "2025-08-24"), "2025-08-24", "meta:published"),
    ],
)
def test_dates_in_the_head(head: str, date: str, source: str) -> None:
    assert dates_of(head) == (date, source)


@pytest.mark.parametrize(
    ("body", "date", "source"),
    [
        ('<time itemprop="datePublished" datetime="2025-08-24">x</time>', "2025-08-24",
         "itemprop:datePublished"),
        ('<time class="published" datetime="2025-08-24T13:54">x</time>', "2025-08-24T13:54",
         "time:published"),
        ('<time datetime="2025-08-24">x</time>', "2025-08-24", "time:near-title"),
        ("<p>24 August 2025, 13:54</p>", "2025-08-24T13:54", "visible:dateline"),
        ("<p>Updated 25 August 2025. Published 24 August 2025</p>", "2025-08-24",
         "visible:dateline"),
    ],
)  # fmt: skip
def test_dates_beside_the_title(body: str, date: str, source: str) -> None:
    assert dates_of(body=body) == (date, source)


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("/2025/08/24/ferry", "2025-08-24"),
        ("/2025/aug/24/ferry", "2025-08-24"),
        ("/20250824/ferry", "2025-08-24"),
        ("/2025/08/ferry", None),
        ("/2025/13/24/ferry", None),
        ("/a/20259924", None),
    ],
)
def test_a_day_in_the_address(path: str, date: str | None) -> None:
    assert dates_of(url=f"https://quay.example{path}")[0] == date


def test_the_day_of_the_address_is_that_of_the_place() -> None:
    head = meta("article:published_time", "2025-08-25T01:10:00Z")
    assert dates_of(head, url="https://quay.example/2025/08/24/ferry") == ("2025-08-24", "url")
    assert dates_of(head, url="https://quay.example/2025/08/12/ferry")[0] == (
        "2025-08-25T01:10:00+00:00"
    )


def test_a_day_gets_the_time_that_the_page_shows_for_it() -> None:
    head = meta("article:published_time", "2025-08-24")
    assert dates_of(head, "<p>24 August 2025, 13:54</p>") == (
        "2025-08-24T13:54",
        "visible:dateline",
    )


def test_british_and_american_numbers() -> None:
    body = "<p>03/04/2025</p>"
    assert dates_of(body=body, lang="en-US")[0] == "2025-03-04"
    assert dates_of(body=body, lang="en-GB")[0] == "2025-04-03"
    assert dates_of(body=body, lang="en", url="https://a.co.uk/x")[0] == "2025-04-03"


def test_a_date_after_the_capture_is_none() -> None:
    captured = datetime(2025, 8, 1, tzinfo=UTC)
    found = metadata_of(meta("article:published_time", "2025-08-24"), captured_at=captured)
    assert found.date is None


@pytest.mark.parametrize(
    "body",
    ["<p>Copyright 24 August 2025</p>", "<pre>next run 2025-08-24</pre>", "<p>May 24</p>",
     '<div class="comment"><time datetime="2025-08-24">x</time></div>',
     "<p>Updated 24 August 2025</p>"],
)  # fmt: skip
def test_other_dates_are_not_the_page_s(body: str) -> None:
    assert dates_of(body=body)[0] is None


def test_the_last_change_is_kept_apart() -> None:
    found = metadata_of("", f"{HEADLINE}<p>Published 4 May 2025, updated 5 May 2025</p>{BODY}")
    assert (found.date, found.modified) == ("2025-05-04", "2025-05-05")
    found = metadata_of(json_ld({"@type": "Article", "dateModified": "2025-05-05"}), BODY)
    assert (found.modified, found.sources["modified"]) == ("2025-05-05", "json-ld:dateModified")
    found = metadata_of("", f"{HEADLINE}{BODY * 4}<p>Zuletzt geändert: 5. Mai 2025</p>", lang="de")
    assert found.modified == "2025-05-05"


def test_an_article_with_the_day_of_its_change_alone_is_dated_so() -> None:
    head = meta("og:type", "article")
    assert dates_of(head, "<p>Updated 24 August 2025</p>") == ("2025-08-24", "visible:modified")


def shown_date(head: str, line: str, url: str = "https://www.quay.example/a") -> str | None:
    """The date of a page with a line below its title that is labelled a byline."""
    page = page_of(f"<head>{head}</head><body>{HEADLINE}<p>{line}</p>{BODY}</body>", url=url)
    labels = labels_of(page, {line[:8]: LabelName.BYLINE})
    return read_metadata(page, labels, Options()).date


def test_no_page_is_published_after_the_day_that_it_shows() -> None:
    head = json_ld({"@type": "Article", "datePublished": "2025-06-24"})
    assert shown_date(head, "25 August 2024") == "2024-08-25"
    assert shown_date(head, "25 August 2025") == "2025-06-24"
    assert shown_date(head, "Updated 25 August 2024") == "2025-06-24"


def test_a_day_between_a_moment_and_what_is_shown_tells_nothing() -> None:
    head = json_ld({"@type": "Article", "datePublished": "2025-06-24T01:30:00+00:00"})
    assert shown_date(head, "23 June 2025") == "2025-06-24T01:30:00+00:00"
    assert shown_date(head, "20 June 2025") == "2025-06-20"


def test_a_page_that_shows_its_last_change_alone_is_dated_so() -> None:
    assert shown_date("", "Last updated: 20 January 2025") == "2025-01-20"


def test_a_date_may_begin_the_text() -> None:
    body = f"<p>(18.01.2018) {'The ferry came back to the harbour, and all were glad. ' * 6}</p>"
    assert dates_of(body=body, lang="de") == ("2018-01-18", "visible:lead")


def test_a_thread_is_as_old_as_its_first_post() -> None:
    body = "<p>Last post: 2 May 2025</p><p>gale42, 1 March 2024</p><p>Joined: 5 May 2011</p>"
    found = dates_of(body=body, url="https://quay.example/forum/threads/12/")
    assert found == ("2024-03-01", "visible:dateline")


def test_json_ld_may_stand_in_a_meta_tag() -> None:
    article = json.dumps({"@type": "Article", "datePublished": "2025-11-17"})
    head = f'<meta name="script:ld+json" content="{html.escape(article)}">'
    assert dates_of(head) == ("2025-11-17", "json-ld:datePublished")


@pytest.mark.parametrize(
    "line",
    [
        '<time datetime="2025-11-08T22:35:29-08:00">x</time>',
        '<meta itemprop="datePublished" content="2025-11-08T22:35:29-08:00">',
    ],
)
def test_a_moment_is_dated_as_the_site_s_own_clock_has_it(line: str) -> None:
    head = json_ld({"@type": "NewsArticle", "datePublished": "2025-11-09T06:35:29Z"})
    assert dates_of(head, line)[0] == "2025-11-08T22:35:29-08:00"
    other = line.replace("22:35", "21:10")  # another moment is another page's
    assert dates_of(head, other)[0] == "2025-11-09T06:35:29+00:00"


def test_a_date_as_programs_print_it() -> None:
    head = json_ld({"@type": "NewsArticle", "datePublished": "Tue Jan 28 15:28:56 CET 2025"})
    assert dates_of(head) == ("2025-01-28T15:28:56+01:00", "json-ld:datePublished")


def test_a_time_beside_the_title_comes_before_those_of_teasers() -> None:
    teaser = '<div class="post"><time datetime="2025-12-16">x</time><p>Knots for sailors</p></div>'
    far = "".join(f"<p>Rope number {n}</p>" for n in range(20)) + teaser
    body = f'<time datetime="2023-10-12">x</time>{HEADLINE}{BODY}{far}'
    assert metadata_of("", body).date == "2023-10-12"


def test_a_byline_s_date_counts_whatever_its_elements_are_called() -> None:
    line = '<div class="grid"><p>By Jane Roe <time datetime="2025-08-24">24 August</time></p></div>'
    page = page_of(f"<html><body>{HEADLINE}{line}{BODY}</body></html>")
    labels = labels_of(page, {"Ferry": LabelName.TITLE, "By Jane": LabelName.BYLINE})
    assert read_metadata(page, labels, Options()).date == "2025-08-24"


def test_a_time_marked_as_publication_is_no_later_day() -> None:
    head = json_ld({"@type": "NewsArticle", "datePublished": "2025-11-29T12:28:31-05:00"})
    mark = '<div class="published"><time datetime="2025-08-13">x</time></div>'
    assert dates_of(head, f"{BODY}{BODY}{mark}") == ("2025-08-13", "time:published")


def test_the_earliest_of_several_tags_of_publication() -> None:
    head = meta("published-time", "2025-08-24T10:00:00Z") + meta("published-date", "2021-02-16")
    assert dates_of(head) == ("2021-02-16", "meta:published")


def test_a_shown_date_comes_before_the_only_marked_time() -> None:
    clock = '<div class="footer"></div><p>Rope</p>' * 12 + '<time datetime="2025-09-01">x</time>'
    assert dates_of("", f"<p>24 August 2025</p>{BODY}{clock}")[0] == "2025-08-24"
