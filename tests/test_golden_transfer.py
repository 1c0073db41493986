"""Cases from the tests of other projects, and snippets for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from golden_builders import FIRST, NEWSLETTER, PAGE, SECOND, THIRD, URL, add, bare

from cleaner.golden import CaseError, check_case, pending_files
from cleaner.golden.layouts import LAYOUTS, find_layout
from cleaner.golden.transfer import Imported, export_snippets, import_cases

ARTICLE = f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>"
MARKDOWN = f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def readability(folder: Path) -> Path:
    facts = {
        "title": "A second ferry for the islands",
        "byline": "By Inga",
        "publishedTime": "2024-05-28T07:30:00.000Z",
        "lang": "en",
        "excerpt": None,
        "readerable": True,
    }
    files = {"source.html": PAGE, "expected.html": ARTICLE}
    return write(
        folder,
        {
            **{f"test-pages/ferry-1/{name}": text for name, text in files.items()},
            "test-pages/ferry-1/expected-metadata.json": json.dumps(facts),
        },
    )


def defuddle(folder: Path) -> Path:
    page = f'<!-- {{"url": "{URL}"}} -->\n{PAGE}'
    head = {"title": "A second ferry for the islands", "author": "Inga Solberg", "site": ""}
    return write(
        folder,
        {
            "fixtures/general--ferry.html": page,
            "expected/general--ferry.md": f"```json\n{json.dumps(head)}\n```\n\n{MARKDOWN}",
        },
    )


def readability_lxml(folder: Path) -> Path:
    return write(
        folder,
        {
            "data/ferry-orig.html": PAGE,
            "data/ferry-rdbl.html": f"<html><body>{ARTICLE}</body></html>",
        },
    )


def web_poet(folder: Path) -> Path:
    item = {
        "headline": "A second ferry for the islands",
        "authors": [{"name": "Inga Solberg", "nameRaw": "By Inga"}],
        "articleBody": f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        "datePublished": "2024-05-28T07:30:00Z",
    }
    info = {"url": URL, "status": 200, "headers": [["Content-Encoding", "gzip"], ["X-A", "1"]]}
    return write(
        folder,
        {
            "pages.FerryPage/test-1/inputs/HttpResponse-body.html": PAGE,
            "pages.FerryPage/test-1/inputs/HttpResponse-info.json": json.dumps(info),
            "pages.FerryPage/test-1/output.json": json.dumps(item),
            "pages.FerryPage/test-1/meta.json": '{"frozen_time": "2024-06-01T00:00:00+00:00"}',
        },
    )


MAKERS: dict[str, Callable[[Path], Path]] = {
    "readability": readability,
    "defuddle": defuddle,
    "readability-lxml": readability_lxml,
    "web-poet": web_poet,
}


def imported(tmp_path: Path, layout: str) -> Imported:
    source = MAKERS[layout](tmp_path / "source")
    assert find_layout(source) == layout
    (one,) = import_cases(source, tmp_path / "golden")
    return one


def values_of(one: Imported) -> dict[str, Any]:
    assert one.case is not None
    return one.case.expected_values()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_becomes_a_case_that_passes(tmp_path: Path, layout: str) -> None:
    one = imported(tmp_path, layout)
    assert one.case is not None
    assert one.score == 1.0
    assert one.case.minimum_f1 == 1.0
    assert one.case.expected_markdown().strip() == MARKDOWN.strip()
    assert check_case(one.case).passed
    assert pending_files(one.case) == []
    assert one.case.page.read_text(encoding="utf-8").endswith(PAGE)


def test_metadata_that_differs_is_expected_to_fail(tmp_path: Path) -> None:
    one = imported(tmp_path, "readability")
    assert one.case is not None
    assert one.case.name == "ferry-1"
    assert values_of(one)["authors"] == ["By Inga"]
    assert one.failing == one.case.expected_failures == ("metadata.authors",)


def test_a_date_in_another_spelling_is_the_same(tmp_path: Path) -> None:
    assert values_of(imported(tmp_path, "readability"))["date"] == "2024-05-28T09:30:00+02:00"


def test_empty_values_are_no_expectations(tmp_path: Path) -> None:
    assert set(values_of(imported(tmp_path, "readability"))) == {
        "title",
        "authors",
        "date",
        "language",
    }
    assert "site_name" not in values_of(imported(tmp_path / "other", "defuddle"))


def test_the_address_is_found_where_a_layout_notes_it(tmp_path: Path) -> None:
    one, other = imported(tmp_path / "a", "defuddle"), imported(tmp_path / "b", "web-poet")
    assert one.case is not None
    assert other.case is not None
    assert one.case.url == other.case.url == URL


def test_what_web_poet_knows_of_the_capture_is_kept(tmp_path: Path) -> None:
    one = imported(tmp_path, "web-poet")
    assert one.case is not None
    assert one.case.name == "pages-ferrypage-test-1"
    assert one.case.headers == {"x-a": "1"}
    assert one.case.captured_at is not None
    assert values_of(one)["authors"] == ["Inga Solberg"]


def test_a_text_that_differs_asks_for_the_score_that_is_reached(tmp_path: Path) -> None:
    source = readability_lxml(tmp_path / "source")
    (source / "data" / "ferry-rdbl.html").write_text(f"<p>{FIRST}</p>")
    (one,) = import_cases(source, tmp_path / "golden")
    assert one.case is not None
    assert one.score is not None
    assert 0.4 < one.score < 0.6
    assert one.score - 0.01 < (one.case.minimum_f1 or 0) <= one.score
    assert check_case(one.case).passed


def test_a_page_of_which_nothing_is_expected_waits(tmp_path: Path) -> None:
    source = write(tmp_path / "source", {"samples/ferry.sample.html": PAGE})
    (one,) = import_cases(source, tmp_path / "golden")
    assert one.case is not None
    assert one.score is None
    assert next(path.name for path in pending_files(one.case)) == "expected.md.new"


def test_metadata_alone_makes_a_case(tmp_path: Path) -> None:
    source = web_poet(tmp_path / "source")
    output = source / "pages.FerryPage/test-1/output.json"
    output.write_text('{"name": "A second ferry for the islands", "price": "10"}')
    (one,) = import_cases(source, tmp_path / "golden")
    assert one.case is not None
    assert [part.name for part in check_case(one.case).parts] == ["metadata.title"]


def test_importing_again_never_writes_over(tmp_path: Path) -> None:
    source = readability(tmp_path / "source")
    names = [
        one.case.name
        for _ in range(2)
        for one in import_cases(source, tmp_path / "golden")
        if one.case
    ]
    assert names == ["ferry-1", "ferry-1-2"]


def test_a_page_that_cannot_be_cleaned_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    source = readability(tmp_path / "source")
    write(source, {"test-pages/broken/source.html": " "})
    broken, good = import_cases(source, tmp_path / "golden")
    assert broken.case is None
    assert broken.error
    assert good.case is not None


def test_folders_of_no_layout_and_broken_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="none of the known layouts"):
        list(import_cases(tmp_path, tmp_path / "golden"))
    source = readability(tmp_path / "source")
    write(source, {"test-pages/ferry-1/expected-metadata.json": "{"})
    with pytest.raises(CaseError, match=r"expected-metadata\.json"):
        list(import_cases(source, tmp_path / "golden"))


def test_exported_snippets_are_in_and_out_of_the_text(tmp_path: Path) -> None:
    case = add(tmp_path, "news")
    (row,) = export_snippets(tmp_path)
    assert (row["id"], row["url"], row["page"]) == ("news", URL, "news/page.html")
    text = " ".join(case.clean().text.split())
    assert len(row["present"]) == 3
    assert all(snippet in text for snippet in row["present"])
    assert NEWSLETTER in row["absent"]
    assert not any(snippet in text for snippet in row["absent"])


def test_a_case_s_own_snippets_come_first(tmp_path: Path) -> None:
    bare(tmp_path / "case", {"present": ["ferry"], "absent": ["Sport"]}, expected_md=MARKDOWN)
    (row,) = export_snippets(tmp_path)
    assert row["present"][:2] == ["ferry", FIRST[:100].strip()]
    assert row["absent"] == ["Sport"]


def test_exported_snippets_make_cases_that_pass(tmp_path: Path) -> None:
    add(tmp_path / "first")
    (row,) = export_snippets(tmp_path)
    facts = {"url": row["url"], "present": row["present"], "absent": row["absent"]}
    assert check_case(bare(tmp_path / "second", facts)).passed
