"""The pytest plugin: what it collects, how tests fail, what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from golden_builders import FIRST, NEWSLETTER, PAGE, SECOND, add, bare, change_json, edit, files_of

import cleaner.golden.collect  # noqa: F401  see below
from cleaner import clean
from cleaner.golden.parts import REQUIRED

PARTS = 2 + len(REQUIRED)
"""Tests of a whole case."""


@pytest.fixture(autouse=True, scope="module")
def everything_imported() -> None:
    """Import all that a run needs: pytester forgets what is first imported inside of one."""
    assert clean(PAGE).blocks


@pytest.fixture(autouse=True)
def not_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest("-p", "cleaner.golden.plugin", "-p", "no:cacheprovider", *arguments)


def test_a_case_has_a_test_for_each_part(pytester: pytest.Pytester) -> None:
    add(pytester.path / "golden")
    result = run(pytester, "--golden", "golden", "-v")
    result.assert_outcomes(passed=PARTS)
    result.stdout.fnmatch_lines(
        ["golden: golden", "golden/ferry/case.json::text PASSED*", "*::metadata.title PASSED*"]
    )
    assert result.ret == 0


def test_nothing_is_collected_where_it_is_not_asked_for(pytester: pytest.Pytester) -> None:
    add(pytester.path / "golden")
    pytester.makepyfile("def test_one(): pass")
    result = run(pytester)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("golden: *")


def test_the_ini_file_names_the_folders(pytester: pytest.Pytester) -> None:
    add(pytester.path / "pages" / "news")
    add(pytester.path / "elsewhere")
    pytester.makeini("[pytest]\ngolden_paths = pages\ntestpaths = tests\n")
    pytester.mkdir("tests").joinpath("test_one.py").write_text("def test_one(): pass")
    run(pytester).assert_outcomes(passed=PARTS + 1)
    run(pytester, "tests").assert_outcomes(passed=1)
    run(pytester, "pages/news/ferry").assert_outcomes(passed=PARTS)
    run(pytester, "pages/news/ferry/case.json::text").assert_outcomes(passed=1)
    run(pytester, "tests", "--golden", "elsewhere").assert_outcomes(passed=PARTS + 1)


def test_a_folder_that_is_collected_anyway_is_collected_once(pytester: pytest.Pytester) -> None:
    add(pytester.path / "golden")
    run(pytester, ".", "--golden", "golden", "--golden=golden").assert_outcomes(passed=PARTS)
    run(pytester, "--golden", "golden", "-k", "text or title").assert_outcomes(
        passed=2, deselected=PARTS - 2
    )


def test_a_change_fails_its_part_and_says_why(pytester: pytest.Pytester) -> None:
    case = add(pytester.path / "golden")
    edit(case, "expected.md", FIRST, f"{FIRST}\n\n{NEWSLETTER}")
    result = run(pytester, "--golden", "golden")
    result.assert_outcomes(passed=PARTS - 1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*ferry: text*",
            "changed: text",
            "@@ after “The ferry to the outer islands*",
            f"- {NEWSLETTER}",
            "    block *: now notice 0.0*says “newsletter”*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*golden cases with .new files*")
    assert result.ret == 1


def test_expected_failures_are_strict(pytester: pytest.Pytester) -> None:
    case = add(pytester.path / "golden")
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    change_json(case, "case.json", expected_failures=["text", "metadata.date"])
    result = run(pytester, "--golden", "golden", "-rfx")
    result.assert_outcomes(passed=PARTS - 2, xfailed=1, failed=1)
    result.stdout.fnmatch_lines(["*XPASS(strict)*"])


def test_missing_and_orphaned_expectations_fail(pytester: pytest.Pytester) -> None:
    case = add(pytester.path / "golden")
    (case.folder / "labels.tsv").unlink()
    change_json(case, "case.json", expected_failures=["comments", "labels"])
    left = pytester.mkdir("golden/left")
    left.joinpath("expected.md").write_text("x")
    result = run(pytester, "--golden", "golden")
    result.assert_outcomes(passed=PARTS - 1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "missing: labels",
            "there is no labels.tsv",
            "orphan: comments",
            "*left/expected.md: an expectation without a case.json",
        ]
    )


def test_broken_cases_fail_and_the_others_are_tested(pytester: pytest.Pytester) -> None:
    add(pytester.path / "golden")
    broken = add(pytester.path / "golden", "broken")
    (broken.folder / "case.json").write_text("{")
    rows = add(pytester.path / "golden", "rows")
    (rows.folder / "labels.tsv").write_text("no tab\n")
    result = run(pytester, "--golden", "golden")
    result.assert_outcomes(passed=PARTS, failed=1 + PARTS)
    result.stdout.fnmatch_lines(["*broken: case*", "*broken/case.json: *", "*no tab after*"])


def test_a_page_that_cannot_be_cleaned_fails_even_what_is_expected_to(
    pytester: pytest.Pytester,
) -> None:
    case = change_json(add(pytester.path / "golden"), "case.json", expected_failures=["text"])
    case.page.write_text(" ")
    result = run(pytester, "--golden", "golden")
    result.assert_outcomes(failed=PARTS)
    result.stdout.fnmatch_lines(["*EmptyCaptureError*"])


def test_updating_writes_new_files_and_still_fails(pytester: pytest.Pytester) -> None:
    case = add(pytester.path / "golden")
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    before = files_of(pytester.path / "golden")
    result = run(pytester, "--golden", "golden", "--golden-update")
    result.assert_outcomes(passed=PARTS - 1, failed=1)
    result.stdout.fnmatch_lines(["*golden cases with .new files*", "golden/ferry", "see *diff*"])
    after = files_of(pytester.path / "golden")
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"ferry/expected.md.new", "ferry/decisions.tsv.new"}


def test_nothing_is_written_without_being_asked_nor_under_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = add(pytester.path / "golden")
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    before = files_of(pytester.path / "golden")
    run(pytester, "--golden", "golden").assert_outcomes(passed=PARTS - 1, failed=1)
    assert files_of(pytester.path / "golden") == before
    monkeypatch.setenv("CI", "true")
    result = run(pytester, "--golden", "golden", "--golden-update")
    result.assert_outcomes(passed=PARTS - 1, failed=1)
    result.stdout.fnmatch_lines(["golden: golden; CI is set: no .new files"])
    assert files_of(pytester.path / "golden") == before


def test_an_extractor_of_the_user_s_own_is_tested(pytester: pytest.Pytester) -> None:
    case = add(pytester.path / "golden")
    text = case.expected_markdown()
    pytester.makepyfile(own=f"def text(body, url=None): return {{'text': {text!r}, 'title': 'x'}}")
    result = run(pytester, "--golden", "golden", "--golden-extractor", "own:text", "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=PARTS - 2)
    result.stdout.fnmatch_lines(["*the extractor gives no labels*"])
    pytester.makeini("[pytest]\ngolden_paths = golden\ngolden_extractor = own:text\n")
    run(pytester).assert_outcomes(passed=1, failed=1, skipped=PARTS - 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--golden", "nowhere"), "*--golden: *nowhere: there is no such folder*"),
        (("--golden", "."), "*--golden: *there is no case in it*"),
        (("-o", "golden_paths=pages"), "*golden_paths: *pages: there is no such folder*"),
        (("--golden", ".", "--golden-extractor", "nothing"), "*named module:function*"),
        (("--golden", ".", "--golden-extractor", "no_such:x"), "*ModuleNotFoundError*"),
    ],
)
def test_bad_options_are_bad_usage(
    pytester: pytest.Pytester, arguments: tuple[str, ...], message: str
) -> None:
    result = run(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_lenient_cases_have_tests_for_what_they_have(pytester: pytest.Pytester) -> None:
    bare(pytester.path / "golden/a", {"present": ["second boat"], "absent": [NEWSLETTER]})
    bare(pytester.path / "golden/b", {"minimum_f1": 0.5}, expected_md=FIRST + SECOND)
    result = run(pytester, "--golden", "golden", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*a/case.json::present*", "*::absent*", "*b/case.json::score*"])


def test_it_works_with_xdist(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    case = add(pytester.path / "golden")
    add(pytester.path / "golden", "other", PAGE.replace("forty", "fifty"))
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    result = pytester.runpytest_subprocess(
        "-p", "cleaner.golden.plugin", "-n", "2", "--golden", "golden", "--golden-update"
    )
    result.assert_outcomes(passed=2 * PARTS - 1, failed=1)
    result.stdout.fnmatch_lines(["*golden cases with .new files*"])
    assert (case.folder / "expected.md.new").is_file()
    assert list(Path(case.folder).glob(".*")) == []


def test_a_run_without_golden_cases_imports_nothing_of_the_package(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_one():
            ours = {name for name in sys.modules if name.partition(".")[0] == "cleaner"}
            late = {"cleaner", "cleaner.late"}
            assert ours == late | {"cleaner.golden", "cleaner.golden.plugin"}
            assert "lxml" not in sys.modules
        """
    )
    result = pytester.runpytest_subprocess("-p", "cleaner.golden.plugin")
    result.assert_outcomes(passed=1)
