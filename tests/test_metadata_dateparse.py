from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.metadata.calendar import day_first, month_names
from cleaner.metadata.dateparse import DateHints, find_dates, parse_date

LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id is it ja ko lt lv nb nl pl pt ro ru "
    "sk sl sr sv ta th tr uk ur vi zh"
).split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-08-24", "2025-08-24"),
        ("2025-8-4", "2025-08-04"),
        ("20250824", "2025-08-24"),
        ("2025-08-24T13:54", "2025-08-24T13:54"),
        ("2025-08-24 13:54:07", "2025-08-24T13:54:07"),
        ("2025-08-24T13:54:00+03:00", "2025-08-24T13:54:00+03:00"),
        ("2025-08-24T13:54:00+0300", "2025-08-24T13:54:00+03:00"),
        ("2025-08-24T13:54:00-05", "2025-08-24T13:54:00-05:00"),
        ("2025-08-24T13:54:00.123Z", "2025-08-24T13:54:00+00:00"),
        ("2025-08-24 13:54:00 UTC", "2025-08-24T13:54:00+00:00"),
        ("Sun, 24 Aug 2025 13:54:00 +0200", "2025-08-24T13:54:00+02:00"),
        ("Sun Aug 24 2025 13:54:00 GMT+0300 (MSK)", "2025-08-24T13:54:00+03:00"),
        ("1756043640", "2025-08-24T13:54:00+00:00"),
        ("1756043640000", "2025-08-24T13:54:00+00:00"),
        ("2025/08/24 13:54", "2025-08-24T13:54"),
    ],
)
def test_machine_readable_dates_keep_their_precision(text: str, expected: str) -> None:
    assert parse_date(text, DateHints()) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "24 Aug, 2025 13:54", "2025-08-24T13:54"),
        ("en", "August 24, 2025 at 1:54 pm EDT", "2025-08-24T13:54:00-04:00"),
        ("en", "10:05 AM, Sunday, August 24, 2025", "2025-08-24T10:05"),
        ("en", "Sept 3rd, 2025, 12:05 a.m.", "2025-09-03T00:05"),
        ("de", "So., 24. Aug. 2025 um 13:54 Uhr", "2025-08-24T13:54"),
        ("fr", "1er septembre 2025 à 13h54", "2025-09-01T13:54"),
        ("es", "24 de agosto de 2025, 13:54", "2025-08-24T13:54"),
        ("ru", "24 августа 2025 г., 13:54", "2025-08-24T13:54"),
        ("uk", "24 серпня 2025", "2025-08-24"),
        ("tr", "24 Ağustos 2025 Pazar 13:54", "2025-08-24T13:54"),
        ("vi", "ngày 24 tháng 8 năm 2025", "2025-08-24"),
        ("th", "24 สิงหาคม 2568 13:54 น.", "2025-08-24T13:54"),
        ("ar", "٢٤ أغسطس ٢٠٢٥", "2025-08-24"),
        ("he", "24 באוגוסט 2025", "2025-08-24"),
        ("hi", "२४ अगस्त २०२५", "2025-08-24"),
        ("hu", "2025. augusztus 24. 13:54", "2025-08-24T13:54"),
        ("fi", "24. elokuuta 2025 klo 13.54", "2025-08-24T13:54"),
        ("ja", "2025年8月24日 13時54分", "2025-08-24T13:54"),
        ("ja", "令和7年8月24日", "2025-08-24"),
        ("ko", "2025년 8월 24일 오후 1:54", "2025-08-24T13:54"),
        ("ko", "오후 1:54 2025년 8월 24일", "2025-08-24T13:54"),
        ("zh", "2025年8月24日", "2025-08-24"),
        ("id", "24 Agustus 2025, 13:54 WIB", "2025-08-24T13:54:00+07:00"),
    ],
)
def test_dates_are_read_in_the_language_of_the_page(
    language: str, text: str, expected: str
) -> None:
    assert parse_date(text, DateHints(language)) == expected


@pytest.mark.parametrize(
    "text",
    ["", "may", "24", "May 24", "2025", "August 2025", "2025-08", "v3.11.12", "24/13/2025",
     "2025-02-30", "31 June 2025", "1.2.3", "10:54", "1899-05-05", "tomorrow", "x" * 500],
)  # fmt: skip
def test_fragments_are_no_dates(text: str) -> None:
    assert parse_date(text, DateHints()) is None


def test_an_impossible_time_leaves_the_day() -> None:
    assert parse_date("2025-08-24T24:70", DateHints()) == "2025-08-24"


def test_numbers_follow_the_order_of_the_place() -> None:
    assert parse_date("3/4/2025", DateHints(day_first=True)) == "2025-04-03"
    assert parse_date("3/4/2025", DateHints(day_first=False)) == "2025-03-04"
    assert parse_date("24/8/2025", DateHints(day_first=False)) == "2025-08-24"
    assert parse_date("8/24/2025", DateHints(day_first=True)) == "2025-08-24"
    assert parse_date("3.4.2025", DateHints(day_first=False)) == "2025-04-03"


def test_the_reading_that_lies_after_the_capture_is_dropped() -> None:
    hints = DateHints(day_first=True, captured_at=datetime(2025, 3, 10, tzinfo=UTC))
    assert parse_date("3/4/2025", hints) == "2025-03-04"
    assert parse_date("2025-03-11", hints) == "2025-03-11"
    assert parse_date("2025-03-12", hints) is None


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2110, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]),
)
def test_a_value_is_read_alone_as_it_is_in_a_text(moment: datetime, form: str) -> None:
    hints = DateHints(captured_at=datetime(2030, 6, 1, tzinfo=UTC))
    value = moment.strftime(form)
    inside = [found.value for found in find_dates(f"On {value}, we sailed.", hints)]
    assert [parse_date(value, hints)] == (inside or [None])


def test_the_order_of_numbers_is_that_of_cldr() -> None:
    assert not day_first("en", "")
    assert not day_first("en-US", "GB")
    assert day_first("en", "GB")
    assert day_first("en-AU", "")
    assert day_first("de", "")
    assert day_first("no-such-language", "")


def test_all_dates_of_a_line_are_found_in_order() -> None:
    text = "Published 4 February 2025, 5:15pm. Updated 5 February 2025, 9:02am"
    found = find_dates(text, DateHints())
    assert [f.value for f in found] == ["2025-02-04T17:15", "2025-02-05T09:02"]
    assert text[found[0].start : found[0].end].rstrip(".") == "4 February 2025, 5:15pm"


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_of_many_languages_come_from_cldr(language: str) -> None:
    if language not in ("ja", "ko", "zh"):  # written with numbers
        assert set(month_names(language).values()) == set(range(1, 13))


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(LANGUAGES))
def test_every_day_is_read_back_in_every_language(day: date, language: str) -> None:
    from babel.dates import format_date

    hints = DateHints(language)
    assert parse_date(day.isoformat(), hints) == day.isoformat()
    pattern = "long" if language in ("ja", "ko", "zh", "th") else "d MMMM y"
    written = format_date(day, pattern, locale=language)
    assert parse_date(written, hints) == day.isoformat()


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_no_text_raises_and_every_value_is_iso(text: str, language: str) -> None:
    for match in find_dates(f"{text} 1 {text} 2025", DateHints(language)):
        datetime.fromisoformat(match.value)
        assert 0 <= match.start < match.end
