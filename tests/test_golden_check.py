"""Cases against their pages: statuses, differences, and extractors of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from golden_builders import FIRST, NEWSLETTER, SECOND, URL, add, bare, change_json, edit

import cleaner
from cleaner.golden import CaseError, CaseResult, PartResult, check_case, read_case
from cleaner.golden.check import markdown_text
from cleaner.golden.extract import ExtractorError, load_extractor


def part(result: CaseResult, name: str) -> PartResult:
    return next(part for part in result.parts if part.name == name)


def test_a_new_case_is_the_same_in_every_part(tmp_path: Path) -> None:
    result = check_case(add(tmp_path))
    assert result.passed
    assert {p.status for p in result.parts} == {"same"}
    assert {p.difference for p in result.parts} == {""}
    assert part(result, "metadata.title").actual == '"A second ferry for the islands"'
    assert part(result, "text").expected.startswith(FIRST)
    assert result.document is not None


def test_a_dropped_paragraph_is_told_with_what_decided(tmp_path: Path) -> None:
    case = add(tmp_path)
    edit(case, "expected.md", FIRST, f"{FIRST}\n\n{NEWSLETTER}")
    edit(case, "labels.tsv", f"notice\t{NEWSLETTER}", f"content\t{NEWSLETTER}")
    edit(case, "decisions.tsv", "notice\t0.0", "content\t0.9")
    result = check_case(case)
    assert not result.passed
    text = part(result, "text")
    assert text.status == "changed"
    assert f"- {NEWSLETTER}" in text.difference.split("\n")
    assert "now notice 0.0" in text.difference
    assert "says “newsletter”" in text.difference
    assert "before content 0.9" in text.difference
    labels = part(result, "labels")
    assert labels.status == "changed"
    assert labels.difference.startswith(f"~ {NEWSLETTER}\n    expected content; block ")
    assert part(result, "metadata.title").status == "same"


def test_a_paragraph_too_many_is_told_with_what_decided(tmp_path: Path) -> None:
    case = add(tmp_path)
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    difference = part(check_case(case), "text").difference
    assert difference.startswith("@@ after “The ferry to the outer islands")
    assert "+ The boat is older than it looks." in difference
    assert "now content 0.9" in difference


def test_words_that_changed_are_marked_in_their_line(tmp_path: Path) -> None:
    case = add(tmp_path)
    edit(case, "expected.md", "three pupils", "seven pupils")
    assert "[-seven -]{+three +}pupils" in part(check_case(case), "text").difference


def test_a_changed_field_says_where_the_value_is_from(tmp_path: Path) -> None:
    case = add(tmp_path)
    change_json(case, "expected.json", authors=["Olav Berg"], title="Ferries")
    result = check_case(case)
    authors = part(result, "metadata.authors")
    assert authors.status == "changed"
    assert authors.difference.split("\n")[:2] == ["- Olav Berg", "+ Inga Solberg"]
    assert "    from meta:author" in authors.difference
    assert part(result, "metadata.title").difference.startswith(
        '- "Ferries"\n+ "A second ferry for the islands"'
    )


def test_expected_failures_are_strict(tmp_path: Path) -> None:
    case = change_json(add(tmp_path), "case.json", expected_failures=["text", "metadata.date"])
    edit(case, "expected.md", "three pupils", "seven pupils")
    result = check_case(case)
    assert part(result, "text").status == "expected-failure"
    assert part(result, "text").passed
    assert part(result, "metadata.date").status == "unexpected-pass"
    assert not part(result, "metadata.date").passed
    assert not result.passed


def test_missing_and_orphaned_expectations_fail(tmp_path: Path) -> None:
    case = add(tmp_path)
    (case.folder / "expected.md").unlink()
    change_json(case, "expected.json", titel="x")
    result = check_case(case)
    text = part(result, "text")
    assert (text.status, text.expected) == ("missing", "")
    assert text.actual.startswith(FIRST)
    assert text.difference == "there is no expected.md"
    assert part(result, "metadata.titel").status == "orphan"
    assert not result.passed


def test_snippets_are_looked_for_in_the_text(tmp_path: Path) -> None:
    facts = {"present": ["second  boat", "a third boat"], "absent": ["older than", "newsletter"]}
    result = check_case(bare(tmp_path / "case", facts))
    present, absent = part(result, "present"), part(result, "absent")
    assert present.status == absent.status == "changed"
    assert present.difference.startswith("- a third boat\n    not in the text")
    assert absent.difference.startswith("+ older than\n    in the text; block ")
    assert present.actual == "second boat\n"
    facts = {"present": ["second boat"], "absent": [NEWSLETTER]}
    assert check_case(bare(tmp_path / "good", facts)).passed


def test_a_snippet_that_was_dropped_says_why(tmp_path: Path) -> None:
    result = check_case(bare(tmp_path / "case", {"present": ["Sign up for our newsletter"]}))
    assert "now notice" in part(result, "present").difference


@pytest.mark.parametrize(("minimum", "status"), [(0.5, "same"), (0.99, "changed")])
def test_a_minimum_score_counts_words(tmp_path: Path, minimum: float, status: str) -> None:
    case = bare(tmp_path / "case", {"minimum_f1": minimum}, expected_md=f"*{FIRST}*\n\n{SECOND}")
    score = part(check_case(case), "score")
    assert score.status == status
    if status == "changed":
        assert score.difference.startswith("word F1 is 0.8")


def test_a_page_that_cannot_be_cleaned_is_an_error_of_the_result(tmp_path: Path) -> None:
    case = add(tmp_path)
    case.page.write_bytes(b"  ")
    result = check_case(case)
    assert result.parts == ()
    assert result.document is None
    assert not result.passed
    assert (result.error or "").startswith("EmptyCaptureError")


def test_broken_files_of_a_case_are_errors(tmp_path: Path) -> None:
    case = add(tmp_path)
    (case.folder / "expected.json").write_text("{")
    with pytest.raises(CaseError, match=r"expected\.json"):
        check_case(case)


def test_line_ends_at_the_end_are_no_difference(tmp_path: Path) -> None:
    case = add(tmp_path)
    path = case.folder / "expected.md"
    path.write_text(path.read_text().rstrip("\n"))
    assert part(check_case(case), "text").status == "same"


def test_an_extractor_that_gives_text_is_tested_by_its_text_alone(tmp_path: Path) -> None:
    case = add(tmp_path)
    calls: list[tuple[bytes, str | None]] = []

    def extractor(body: bytes, url: str | None = None) -> str:
        calls.append((body, url))
        return FIRST

    result = check_case(case, extractor)
    assert calls == [(case.page.read_bytes(), URL)]
    assert [p.name for p in result.parts] == ["text"]
    assert part(result, "text").status == "changed"
    assert "- The boat is older" in part(result, "text").difference
    assert result.document is None


def test_an_extractor_may_give_metadata(tmp_path: Path) -> None:
    case = add(tmp_path)
    text = case.expected_markdown()
    result = check_case(case, lambda body, url: {"text": text, "title": "x", "authors": ("A",)})
    assert {p.name: p.status for p in result.parts} == {
        "text": "same",
        "metadata.title": "changed",
        "metadata.authors": "changed",
    }


def test_an_extractor_may_give_a_document(tmp_path: Path) -> None:
    case = add(tmp_path)
    assert check_case(case, lambda body, url: cleaner.clean(body, url=url)).passed


def fails(body: bytes, url: str | None) -> Any:
    raise ZeroDivisionError("no words")


@pytest.mark.parametrize(
    ("extractor", "message"),
    [
        (fails, "the extractor raised ZeroDivisionError: no words"),
        (lambda body, url: 7, "must return a Document, a string or a mapping, not int"),
        (lambda body, url: {"text": 7}, "must return a Document, a string or a mapping, not dict"),
    ],
)
def test_what_goes_wrong_in_an_extractor_is_told(
    tmp_path: Path, extractor: Any, message: str
) -> None:
    result = check_case(add(tmp_path), extractor)
    assert message in (result.error or "")
    assert result.parts == ()


def test_an_extractor_that_gives_nothing_gives_an_empty_text(tmp_path: Path) -> None:
    result = check_case(add(tmp_path), lambda body, url: None)
    assert part(result, "text").actual == ""


def test_extractors_are_loaded_by_name(tmp_path: Path) -> None:
    (tmp_path / "own_extractor_of_a_test.py").write_text(
        "class Own:\n    @staticmethod\n    def text(body, url=None):\n        return 'own'\n"
        "x = 1\n"
    )
    assert load_extractor("own_extractor_of_a_test:Own.text", tmp_path)(b"") == "own"
    for name in ("nothing", "no_such_module:x", "own_extractor_of_a_test:y", ":x"):
        with pytest.raises(ExtractorError, match=name):
            load_extractor(name, tmp_path)
    with pytest.raises(ExtractorError, match="cannot be called"):
        load_extractor("own_extractor_of_a_test:x", tmp_path)


def test_marks_and_addresses_are_no_words() -> None:
    text = "## A *ferry*\n\n- [boat](https://sea.example/x)\n- `oar`\n"
    assert markdown_text(text).split() == ["A", "ferry", "boat", "oar"]
    assert markdown_text(" \n") == ""


def test_a_result_is_the_same_each_time(tmp_path: Path) -> None:
    case = add(tmp_path)
    edit(case, "expected.md", "three pupils", "seven pupils")
    assert check_case(case).parts == check_case(read_case(case.folder)).parts
