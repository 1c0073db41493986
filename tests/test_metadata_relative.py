from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from metadata_pages import BODY, HEADLINE, metadata_of

from cleaner.metadata.dateparse import DateHints
from cleaner.metadata.relative import relative_date

NOW = datetime(2025, 8, 24, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "3 hours ago", "2025-08-24"),
        ("en", "15h ago", "2025-08-23"),
        ("en", "Published 2 days ago", "2025-08-22"),
        ("en", "Yesterday at 5pm", "2025-08-23"),
        ("de", "vor 15 Std.", "2025-08-23"),
        ("de", "Gestern, 14:03", "2025-08-23"),
        ("fr", "il y a 26 heures", "2025-08-23"),
        ("es", "hace 5 horas", "2025-08-24"),
        ("pt-BR", "há 2 dias", "2025-08-22"),
        ("ru", "22 часа назад", "2025-08-23"),
        ("ar", "منذ يومين", "2025-08-22"),
        ("ar", "منذ 3 ساعات", "2025-08-24"),
        ("fa", "3 روز پیش", "2025-08-21"),
        ("tr", "3 saat önce", "2025-08-24"),
        ("th", "2 วันที่แล้ว", "2025-08-22"),
        ("hi", "2 दिन पहले", "2025-08-22"),
        ("vi", "5 giờ trước", "2025-08-24"),
        ("ja", "3日前", "2025-08-21"),
        ("zh", "2 小时前", "2025-08-24"),
        ("ko", "어제", "2025-08-23"),
        ("sw", "2 days ago", "2025-08-22"),  # English counts too
    ],
)
def test_days_counted_from_the_capture(language: str, text: str, day: str) -> None:
    assert relative_date(text, DateHints(language, captured_at=NOW)) == day


@pytest.mark.parametrize(
    "text",
    [
        "3 weeks ago",
        "1 year ago",
        "400 days ago",
        "in 3 hours",
        "3 hours",
        "13:54",
        "",
        "A day to go",
    ],
)
def test_what_tells_no_day(text: str) -> None:
    assert relative_date(text, DateHints("en", captured_at=NOW)) is None


def test_no_time_of_capture_no_day() -> None:
    assert relative_date("3 hours ago", DateHints("en")) is None


def test_the_day_is_that_of_the_captures_clock() -> None:
    early = datetime(2025, 8, 24, 1, 0, tzinfo=timezone(timedelta(hours=9)))
    assert relative_date("2 hours ago", DateHints("en", captured_at=early)) == "2025-08-23"


def test_a_line_below_the_title_counts_and_one_in_the_text_does_not() -> None:
    found = metadata_of("", f"{HEADLINE}<p>Jane Roe • 2 days ago</p>{BODY}", captured_at=NOW)
    assert (found.date, found.sources["date"]) == ("2025-08-22", "visible:relative")
    far = metadata_of("", HEADLINE + BODY * 4 + "<p>2 days ago</p>", captured_at=NOW)
    assert far.date is None
    changed = metadata_of("", f"{HEADLINE}<p>Updated 2 days ago</p>{BODY}", captured_at=NOW)
    assert changed.date is None


def test_a_written_date_comes_first() -> None:
    lines = "<p>2 days ago</p><p>20 August 2025</p>"
    assert metadata_of("", HEADLINE + lines + BODY, captured_at=NOW).date == "2025-08-20"
