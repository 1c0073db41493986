"""Expectations on disk: new ones beside the old, taken over or thrown away, labels corrected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from golden_builders import FIRST, NEWSLETTER, PAGE, SECOND, add, bare, change_json, edit, files_of

from cleaner.golden import (
    Case,
    CaseError,
    accept,
    check_case,
    pending,
    pending_files,
    read_case,
    reject,
    set_label,
    write_new,
)
from cleaner.golden.store import expect_failures, may_write


def changed_case(folder: Path) -> Case:
    """Make a case whose text, labels, title and authors are expected otherwise."""
    case = add(folder)
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    edit(case, "labels.tsv", "content\tThe boat is", "promo\tThe boat is")
    return change_json(case, "expected.json", title="Ferries", authors=[])


def new_names(case: Case) -> list[str]:
    return [path.name for path in pending_files(case)]


def block_of(case: Case, text: str) -> int:
    return next(b.index for b in case.clean().page.blocks if b.text == text)


def test_new_files_stand_beside_the_expectations_and_never_over_them(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    before = files_of(tmp_path)
    written = write_new(check_case(case))
    after = files_of(tmp_path)
    assert [path.name for path in written] == new_names(case)
    assert new_names(case) == [
        "expected.md.new",
        "expected.json.new",
        "labels.tsv.new",
        "decisions.tsv.new",
    ]
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {f"ferry/{name}" for name in new_names(case)}
    assert SECOND.encode() in after["ferry/expected.md.new"]


def test_what_passes_gets_no_new_file(tmp_path: Path) -> None:
    case = add(tmp_path)
    before = files_of(tmp_path)
    assert write_new(check_case(case)) == []
    assert files_of(tmp_path) == before


def test_what_fails_as_expected_gets_no_new_file(tmp_path: Path) -> None:
    case = change_json(changed_case(tmp_path), "case.json", expected_failures=["text", "labels"])
    write_new(check_case(case))
    assert new_names(case) == ["expected.json.new"]


def test_snippets_and_scores_are_never_rewritten(tmp_path: Path) -> None:
    facts = {"present": ["a third boat"], "minimum_f1": 0.9}
    case = bare(tmp_path / "case", facts, expected_md="A ferry.\n")
    result = check_case(case)
    assert [p.status for p in result.parts] == ["changed", "changed"]
    assert write_new(result) == []


def test_a_page_that_cannot_be_cleaned_writes_nothing(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    case.page.write_bytes(b" ")
    assert write_new(check_case(case)) == []
    assert new_names(case) == []


def test_new_files_that_no_longer_hold_are_removed(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    write_new(check_case(case))
    accept(case, ["text"])
    (case.folder / "labels.tsv").write_bytes((case.folder / "labels.tsv.new").read_bytes())
    write_new(check_case(case))
    assert new_names(case) == ["expected.json.new"]


def test_accepting_all_makes_the_case_pass(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    add(tmp_path, "other")
    others = files_of(tmp_path / "other")
    write_new(check_case(case))
    changed = accept(case)
    assert [path.name for path in changed] == [
        "expected.md",
        "expected.json",
        "labels.tsv",
        "decisions.tsv",
    ]
    assert new_names(case) == []
    assert check_case(read_case(case.folder)).passed
    assert files_of(tmp_path / "other") == others


def test_rejecting_all_leaves_the_expectations(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    before = files_of(tmp_path)
    write_new(check_case(case))
    reject(case)
    assert files_of(tmp_path) == before


def test_one_field_can_be_accepted_and_another_rejected(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    write_new(check_case(case))
    accept(case, ["metadata.title"])
    assert case.expected_values()["title"] == "A second ferry for the islands"
    assert case.expected_values()["authors"] == []
    assert "expected.json.new" in new_names(case)
    reject(case, ["metadata.authors"])
    assert case.expected_values()["authors"] == []
    assert "expected.json.new" not in new_names(case)
    statuses = {p.name: p.status for p in check_case(case).parts}
    assert statuses["metadata.title"] == "same"
    assert statuses["metadata.authors"] == "changed"


def test_text_can_be_accepted_without_the_labels(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    write_new(check_case(case))
    accept(case, ["text"])
    assert new_names(case) == ["expected.json.new", "labels.tsv.new", "decisions.tsv.new"]
    reject(case, ["labels"])
    assert new_names(case) == ["expected.json.new"]


@pytest.mark.parametrize("settle", [accept, reject])
def test_a_part_with_nothing_new_is_an_error_and_changes_nothing(
    tmp_path: Path, settle: Callable[[Case, list[str]], list[Path]]
) -> None:
    case = changed_case(tmp_path)
    write_new(check_case(case))
    before = files_of(tmp_path)
    for part in ("metadata.date", "present", "nonsense"):
        with pytest.raises(CaseError, match=f"nothing new for {part}"):
            settle(case, ["text", part])
    assert files_of(tmp_path) == before


def test_a_part_that_passes_again_leaves_the_expected_failures(tmp_path: Path) -> None:
    case = change_json(
        add(tmp_path), "case.json", expected_failures=["text", "labels", "comments"], note=1
    )
    edit(case, "labels.tsv", "content\tThe boat is", "promo\tThe boat is")
    write_new(check_case(case))
    assert new_names(case) == ["case.json.new"]
    reject(case, ["comments"])
    assert read_case(case.folder).expected_failures == ("text", "labels", "comments")
    accept(case, ["text"])
    assert new_names(case) == []
    assert read_case(case.folder).expected_failures == ("labels", "comments")
    assert json.loads((case.folder / "case.json").read_text())["note"] == 1


def test_an_orphaned_field_goes_when_the_new_file_is_accepted(tmp_path: Path) -> None:
    case = change_json(add(tmp_path), "expected.json", titel="x")
    write_new(check_case(case))
    assert new_names(case) == ["expected.json.new"]
    accept(case)
    assert check_case(read_case(case.folder)).passed


def test_pending_lists_the_cases_with_new_files(tmp_path: Path) -> None:
    case = changed_case(tmp_path / "news")
    add(tmp_path, "other")
    assert pending(tmp_path) == []
    write_new(check_case(case))
    assert [found.folder for found in pending(tmp_path)] == [case.folder]


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = changed_case(tmp_path)
    before = files_of(tmp_path)

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(CaseError, match="No space left"):
        write_new(check_case(case))
    assert files_of(tmp_path) == before


def test_a_link_to_a_file_elsewhere_is_replaced_not_followed(tmp_path: Path) -> None:
    case = changed_case(tmp_path / "cases")
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_text("mine")
    (case.folder / "expected.md.new").symlink_to(elsewhere)
    (case.folder / "expected.md").unlink()
    (case.folder / "expected.md").symlink_to(elsewhere)
    write_new(check_case(case))
    accept(case)
    assert elsewhere.read_text() == "mine"
    assert not (case.folder / "expected.md").is_symlink()


@pytest.mark.parametrize(
    ("value", "writes"), [(None, True), ("", True), ("false", True), ("0", True), ("true", False)]
)
def test_nothing_is_written_where_ci_is_set(value: str | None, writes: bool) -> None:
    assert may_write({} if value is None else {"CI": value}) is writes


def test_a_corrected_label_corrects_the_text(tmp_path: Path) -> None:
    case = add(tmp_path)
    index = block_of(case, SECOND)
    written = set_label(case, index, "promo")
    assert [path.name for path in written] == ["labels.tsv", "expected.md"]
    assert case.expected_labels()[index][0] == "promo"
    assert SECOND not in case.expected_markdown()
    assert FIRST in case.expected_markdown()
    set_label(case, index, "keep")
    assert check_case(case).passed


def test_corrections_add_up(tmp_path: Path) -> None:
    case = add(tmp_path)
    set_label(case, block_of(case, SECOND), "drop")
    set_label(case, block_of(case, NEWSLETTER), "keep")
    text = case.expected_markdown()
    assert SECOND not in text
    assert NEWSLETTER in text
    labels = {row: label for label, row in case.expected_labels()}
    assert labels[SECOND[:100].rstrip()] == "other"
    set_label(case, block_of(case, NEWSLETTER), "drop")
    labels = {row: label for label, row in case.expected_labels()}
    assert labels[NEWSLETTER] == "notice"


def test_a_label_of_a_pending_case_corrects_what_will_be_accepted(tmp_path: Path) -> None:
    case = changed_case(tmp_path)
    before = files_of(tmp_path)
    write_new(check_case(case))
    written = set_label(case, block_of(case, NEWSLETTER), "content")
    assert [path.name for path in written] == ["labels.tsv.new", "expected.md.new"]
    assert {name: files_of(tmp_path)[name] for name in before} == before
    accept(case)
    assert NEWSLETTER in case.expected_markdown()
    assert SECOND in case.expected_markdown()
    assert ("content", NEWSLETTER) in case.expected_labels()
    case = changed_case(tmp_path / "again")
    before = files_of(tmp_path / "again")
    write_new(check_case(case))
    set_label(case, block_of(case, NEWSLETTER), "content")
    reject(case)
    assert files_of(tmp_path / "again") == before


def test_labels_follow_their_blocks_when_the_page_is_read_otherwise(tmp_path: Path) -> None:
    case = add(tmp_path)
    set_label(case, block_of(case, SECOND), "promo")
    page = PAGE.replace("<main>", "<p>Today is a holiday in all of the villages.</p><main>")
    case.page.write_text(page, encoding="utf-8")
    set_label(case, block_of(case, NEWSLETTER), "legal")
    labels = {row: label for label, row in case.expected_labels()}
    assert labels[SECOND[:100].rstrip()] == "promo"
    assert labels[NEWSLETTER] == "legal"
    assert len(labels) == len(case.clean().page.blocks)


def test_a_case_of_snippets_gets_labels_but_no_text(tmp_path: Path) -> None:
    case = bare(tmp_path / "case", {"present": ["second boat"]})
    written = set_label(case, 0, "legal")
    assert [path.name for path in written] == ["labels.tsv"]


def test_wrong_labels_and_blocks_are_errors(tmp_path: Path) -> None:
    case = add(tmp_path)
    before = files_of(tmp_path)
    with pytest.raises(CaseError, match="there is no block 99"):
        set_label(case, 99, "promo")
    with pytest.raises(CaseError, match="there is no block -1"):
        set_label(case, -1, "promo")
    with pytest.raises(CaseError, match="advert: no label; it must be one of keep, drop, content"):
        set_label(case, 0, "advert")
    only_text = bare(tmp_path / "text", {"parts": ["text"]}, expected_md="x")
    with pytest.raises(CaseError, match="leaves labels out"):
        set_label(only_text, 0, "promo")
    assert {name: files_of(tmp_path)[name] for name in before} == before


def test_a_corrected_case_can_be_expected_to_fail(tmp_path: Path) -> None:
    case = add(tmp_path)
    set_label(case, block_of(case, SECOND), "promo")
    failing = [p.name for p in check_case(case).parts if not p.passed]
    assert failing == ["text", "labels"]
    expect_failures(case, failing)
    result = check_case(read_case(case.folder))
    assert result.passed
    assert [p.status for p in result.parts][:2] == ["expected-failure"] * 2
