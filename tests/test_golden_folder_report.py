"""The file that shows a whole folder of cases."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner
from lxml import html

from cleaner.cli import main
from cleaner.golden import check_case, read_case
from cleaner.golden.check import CaseResult
from cleaner.golden.difference_view import difference_html
from cleaner.golden.folder_report import FolderReport, write_folder_report

FIXTURES = Path(__file__).parent.parent / "fixtures"


def render_folder_report(results: list[CaseResult]) -> str:
    report = FolderReport()
    for result in results:
        report.add(result)
    return report.render()


def checked(folder: Path, name: str) -> CaseResult:
    return check_case(read_case(folder / name))


def changed_folder(tmp_path: Path) -> Path:
    """Copy three cases: one as it is, one whose text is another, one that cannot be read."""
    for name in ("news-greek", "print-view", "blog-hebrew"):
        shutil.copytree(FIXTURES / name, tmp_path / name)
    text = tmp_path / "news-greek" / "expected.md"
    lines = text.read_text(encoding="utf-8")
    text.write_text(f"{lines}\nA <b>sentence</b> nobody wrote.\n", encoding="utf-8")
    (tmp_path / "blog-hebrew" / "page.html").write_bytes(b"")
    return tmp_path


def test_cases_that_did_not_pass_come_first_and_open(tmp_path: Path) -> None:
    folder = changed_folder(tmp_path)
    results = [checked(folder, name) for name in ("print-view", "news-greek", "blog-hebrew")]
    tree = html.document_fromstring(render_folder_report(results))
    assert [name.text for name in tree.find_class("name")] == [
        "news-greek",
        "blog-hebrew",
        "print-view",
    ]
    assert [case.get("open") is not None for case in tree.find_class("case")] == [True, True, False]
    assert tree.xpath("//h1")[0].text == "1 of 3 cases pass"


def test_a_difference_is_shown_as_text(tmp_path: Path) -> None:
    report = render_folder_report([checked(changed_folder(tmp_path), "news-greek")])
    tree = html.document_fromstring(report)
    gone = tree.xpath("//p[@class='gone']")[0]
    assert "A <b>sentence</b> nobody wrote." in gone.text_content()
    assert gone.xpath(".//b") == []


def test_an_error_is_told(tmp_path: Path) -> None:
    report = render_folder_report([checked(changed_folder(tmp_path), "blog-hebrew")])
    assert "EmptyCaptureError: the input is empty" in report


def test_a_report_is_written(tmp_path: Path) -> None:
    write_folder_report([checked(FIXTURES, "print-view")], tmp_path / "all.html")
    report = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert "1 of 1 cases pass" in report
    assert "default-src 'none'" in report


def test_no_case_is_told() -> None:
    assert "There are no cases." in render_folder_report([])


def test_words_that_changed_are_marked_within_their_line() -> None:
    shown = difference_html("~ It left in [-May <1>-]{+June & July+}.\n    block 4: now content")
    assert "It left in <del>May &lt;1&gt;</del><ins>June &amp; July</ins>." in shown
    assert '<p class="why">block 4: now content</p>' in shown


def test_the_command_writes_the_file_beside_its_lines(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    changed_folder(cases)
    page = tmp_path / "all.html"
    result = CliRunner().invoke(main, ["golden", "report", str(cases), "--html", str(page)])
    assert result.exit_code == 1
    assert "changed\t" in result.output
    assert "1 of 3 cases pass" in page.read_text(encoding="utf-8")
    nowhere = ["golden", "report", str(cases), "--html", str(tmp_path / "no" / "all.html")]
    assert "No such file" in CliRunner().invoke(main, nowhere).output
