from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.metadata.calendars import calendar_day, find_calendar_dates
from cleaner.metadata.dateparse import DateHints, find_dates


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("fa", "۲۴ مرداد ۱۴۰۴", "2025-08-15"),
        ("fa", "دوشنبه ۳ شهریور ماه ۱۴۰۴ - ۱۳:۵۴", "2025-08-25T13:54"),
        ("fa", "۱۴۰۴/۰۶/۰۲", "2025-08-24"),
        ("ps", "۱۴۰۴/۰۶/۰۲", "2025-08-24"),
        ("fa", "24 August 2025", "2025-08-24"),
        ("ar", "1 ربيع الأول 1447", "2025-08-24"),
        ("ar", "٦ رمضان ١٤٤٧هـ", "2026-02-23"),
        ("th", "24 ส.ค. 2568", "2025-08-24"),
        ("th", "24 สิงหาคม 2568", "2025-08-24"),
        ("ja", "令和7年8月24日", "2025-08-24"),
        ("ja", "令和元年5月1日", "2019-05-01"),
        ("zh-TW", "民國114年8月24日", "2025-08-24"),
    ],
)
def test_dates_of_other_calendars(language: str, text: str, value: str) -> None:
    assert [d.value for d in find_dates(text, DateHints(language))] == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fa", "۳۱ اسفند ۱۴۰۴"),  # the month has 29 days in that year
        ("fa", "۲۴ مرداد ۲۰۲۵"),
        ("ar", "31 رمضان 1447"),
        ("en", "1404/06/02"),
    ],
)
def test_days_that_a_calendar_does_not_have(language: str, text: str) -> None:
    assert find_dates(text, DateHints(language)) == []


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_any_numbers_give_a_day_or_none(year: int, month: int, day: int) -> None:
    found = calendar_day("fa", year, month, day)
    assert found is None or len(found) == 10
    assert calendar_day("en", year, month, day) is None


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for match, value in find_calendar_dates(text):
        assert match[0] in text
        assert len(value) == 10
