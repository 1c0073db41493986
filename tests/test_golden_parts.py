"""Which parts a case has, before anything is cleaned."""

from __future__ import annotations

from pathlib import Path

import pytest
from golden_builders import PAGE, add, bare, change_json

from cleaner.golden import CaseError, find_cases, read_case
from cleaner.golden.cases import find_orphans
from cleaner.golden.parts import REQUIRED, Standing, parts_of


def standings(case_folder: Path) -> dict[str, str]:
    return {part.name: part.standing.value for part in parts_of(read_case(case_folder))}


def test_a_whole_case_expects_text_labels_and_every_field(tmp_path: Path) -> None:
    found = standings(add(tmp_path).folder)
    assert list(found) == ["text", "labels", *(f"metadata.{field}" for field in REQUIRED)]
    assert set(found.values()) == {"expected"}


def test_a_case_without_expectations_lacks_all_of_them(tmp_path: Path) -> None:
    found = standings(bare(tmp_path / "case").folder)
    assert list(found) == ["text", "labels", *(f"metadata.{field}" for field in REQUIRED)]
    assert set(found.values()) == {"missing"}


def test_what_a_whole_case_lost_is_missing(tmp_path: Path) -> None:
    case = add(tmp_path)
    (case.folder / "labels.tsv").unlink()
    found = standings(case.folder)
    assert found["labels"] == "missing"
    assert found["text"] == "expected"


@pytest.mark.parametrize("file", ["case_json", "expected_json"])
def test_snippets_alone_make_a_case(tmp_path: Path, file: str) -> None:
    snippets = {"present": ["second boat"], "absent": ["newsletter"]}
    if file == "case_json":
        case = bare(tmp_path / "case", snippets)
    else:
        case = change_json(bare(tmp_path / "case", expected_json="{}"), "expected.json", **snippets)
    assert standings(case.folder) == {"present": "expected", "absent": "expected"}
    assert case.snippets() == (("second boat",), ("newsletter",))


def test_a_minimum_score_takes_the_place_of_the_text(tmp_path: Path) -> None:
    case = bare(tmp_path / "case", {"minimum_f1": 0.9}, expected_md="A ferry.\n")
    assert standings(case.folder) == {"score": "expected"}
    (case.folder / "expected.md").unlink()
    assert standings(case.folder) == {"score": "missing"}


def test_a_case_may_say_what_it_is_there_for(tmp_path: Path) -> None:
    case = bare(tmp_path / "case", {"parts": ["text"]}, expected_md="A ferry.\n")
    assert standings(case.folder) == {"text": "expected"}
    (case.folder / "labels.tsv").write_text("content\tA ferry.\n")
    assert standings(case.folder) == {"text": "expected", "labels": "orphan"}
    (case.folder / "expected.md").unlink()
    assert standings(case.folder)["text"] == "missing"


def test_metadata_stands_for_the_fields_that_are_there(tmp_path: Path) -> None:
    case = bare(tmp_path / "case", {"parts": ["metadata"]}, expected_json='{"title": "A"}')
    assert standings(case.folder) == {"metadata.title": "expected"}


def test_names_of_nothing_are_orphans(tmp_path: Path) -> None:
    case = change_json(add(tmp_path), "case.json", expected_failures=["comments", "text"])
    change_json(case, "expected.json", titel="A second ferry")
    found = standings(case.folder)
    assert found["comments"] == "orphan"
    assert found["metadata.titel"] == "orphan"
    assert found["text"] == "expected"
    notes = {p.name: p.note for p in parts_of(case) if p.standing is Standing.ORPHAN}
    assert "expected_failures" in notes["comments"]
    assert "titel is no field" in notes["metadata.titel"]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"present": "one"}, "present must be an array of strings"),
        ({"absent": [1]}, "absent must be an array of strings"),
        ({"parts": [None]}, "parts must be an array of strings"),
        ({"minimum_f1": 1.2}, "minimum_f1 must be a number from 0 to 1"),
        ({"minimum_f1": True}, "minimum_f1 must be a number from 0 to 1"),
        ({"minimum_f1": "high"}, "minimum_f1 must be a number from 0 to 1"),
    ],
)
def test_broken_settings_are_errors(tmp_path: Path, facts: object, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        bare(tmp_path / "case", facts)


def test_broken_snippets_of_the_expectations_are_errors(tmp_path: Path) -> None:
    case = bare(tmp_path / "case", expected_json='{"present": "one"}')
    with pytest.raises(CaseError, match=r"expected\.json: present must be"):
        parts_of(case)


def test_cases_are_found_in_nested_folders(tmp_path: Path) -> None:
    for name in ("news/b", "news/a", "blogs/deep/c", ".hidden/d"):
        bare(tmp_path / name)
    found = [path.relative_to(tmp_path).as_posix() for path in find_cases(tmp_path)]
    assert found == ["blogs/deep/c", "news/a", "news/b"]
    assert find_cases(tmp_path / "news" / "a") == [tmp_path / "news" / "a"]


def test_expectations_without_a_case_are_orphans(tmp_path: Path) -> None:
    bare(tmp_path / "whole", expected_md="x")
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "page.html").write_text(PAGE)
    (tmp_path / "left" / "expected.md").write_text("x")
    assert find_orphans(tmp_path) == [tmp_path / "left" / "expected.md"]
