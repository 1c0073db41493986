from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from metadata_pages import BODY, HEADLINE, json_ld, meta, metadata_of


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
