"""The commands `cleaner golden ...`: what they print, change, and end with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archive_files import gz, http, record
from click.testing import CliRunner, Result
from golden_builders import FIRST, NEWSLETTER, PAGE, SECOND, URL, add, change_json, edit, files_of

from cleaner.cli import main
from cleaner.golden import Case, CaseError, read_case
from cleaner.golden.choose import case_folders, choose_cases, shown_name


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty project of its own, outside of continuous integration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def golden(*arguments: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["golden", *map(str, arguments)], input=given)


def changed(folder: Path = Path("golden")) -> Case:
    """Make a case whose text, labels and title are expected otherwise."""
    case = add(folder)
    edit(case, "expected.md", f"\n\n{SECOND}", "")
    edit(case, "labels.tsv", "content\tThe boat is", "promo\tThe boat is")
    return change_json(case, "expected.json", title="Ferries")


@pytest.mark.parametrize(
    "command",
    "add import export test pending accept reject diff label report compare blocks".split(),
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    assert f"  {command}" in golden("--help").stdout
    result = golden(command, "--help")
    assert result.exit_code == 0
    assert f"cleaner golden {command}" in " ".join(result.stdout.split()).partition("Example")[2]


def test_a_page_becomes_a_case_that_is_the_same() -> None:
    Path("page.html").write_text(PAGE, encoding="utf-8")
    result = golden("add", "page.html", "--url", URL)
    assert (result.exit_code, result.stdout) == (0, "golden/a-second-ferry-for-the-islands\n")
    result = golden("test")
    assert (result.exit_code, result.stdout) == (0, "1 cases: 1 the same, 0 not\n")


def test_standard_input_becomes_a_case_in_a_named_folder() -> None:
    result = golden("add", "-", "--to", "kept", "--name", "ferry", "--pending", given=PAGE)
    assert result.stdout == "kept/ferry\n"
    assert (Path("kept/ferry/expected.md.new")).is_file()
    result = golden("add", "-", "--to", "kept", "--name", "ferry", given=PAGE)
    assert result.exit_code == 1
    assert "there is a case of this name already" in result.stderr


def test_what_cannot_be_added_is_told() -> None:
    result = golden("add", "absent.html")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "cleaner: absent.html: No such file or directory\n"
    assert golden("add", "-", "--media-type", "pdf", given=PAGE).exit_code == 2
    assert golden("add").exit_code == 2


def test_several_pages_become_cases_and_one_that_cannot_is_told() -> None:
    for name in ("a.html", "b.html"):
        Path(name).write_text(PAGE, encoding="utf-8")
    Path("empty.html").write_text(" ")
    result = golden("add", "a.html", "empty.html", "b.html", "--to", "kept")
    stem = "kept/a-second-ferry-for-the-islands"
    assert (result.exit_code, result.stdout) == (1, f"{stem}\n{stem}-2\n")
    assert result.stderr.startswith("cleaner: empty.html: ")
    assert golden("add", "a.html", "b.html", "--name", "x").exit_code == 2


def test_a_change_is_told_with_why() -> None:
    changed()
    before = files_of(Path())
    result = golden("test")
    assert result.exit_code == 1
    lines = result.stdout.split("\n")
    assert [line for line in lines if line.startswith("changed")] == [
        "changed\tferry\ttext",
        "changed\tferry\tlabels",
        "changed\tferry\tmetadata.title",
    ]
    assert "    + The boat is older than it looks. " in result.stdout
    assert "now content 0.9" in result.stdout
    assert lines[-2] == "1 cases: 0 the same, 1 not"
    assert "\x1b" not in result.stdout
    assert files_of(Path()) == before


def test_tests_of_one_part_or_by_name_alone() -> None:
    changed()
    assert golden("test", "--part", "metadata.date").exit_code == 0
    result = golden("test", "--quiet", "--part", "text")
    assert result.stdout == "changed\tferry\ttext\n1 cases: 0 the same, 1 not\n"


def test_the_way_from_a_change_to_its_acceptance() -> None:
    changed()
    assert golden("pending").exit_code == 0
    assert golden("test", "--update", "--quiet").exit_code == 1
    result = golden("pending")
    assert result.exit_code == 1
    assert result.stdout == (
        "ferry\texpected.md.new expected.json.new labels.tsv.new decisions.tsv.new\n"
    )
    result = golden("diff", "--part", "text")
    assert result.exit_code == 1
    assert "+ The boat is older than it looks." in result.stdout
    assert "labels" not in result.stdout
    result = golden("accept", "ferry", "--part", "text", "--part", "metadata.title")
    assert (result.exit_code, result.stdout) == (
        0,
        "accepted\tferry\texpected.md expected.json\n",
    )
    result = golden("reject")
    assert result.stdout == "rejected\tferry\tlabels.tsv.new decisions.tsv.new\n"
    assert golden("diff").exit_code == 0
    assert golden("test", "-q").stdout.startswith("changed\tferry\tlabels\n1 cases")


def test_a_label_is_corrected_and_known_to_fail() -> None:
    case = add(Path("golden"))
    index = next(b.index for b in case.clean().page.blocks if b.text == SECOND)
    result = golden("label", "ferry", index, "promo")
    assert (result.exit_code, result.stdout) == (0, "ferry\tlabels.tsv expected.md\n")
    assert SECOND not in case.expected_markdown()
    assert golden("test").exit_code == 1
    result = golden("label", "ferry", index, "promo", "--known")
    assert result.stdout == "ferry\tlabels.tsv expected.md case.json\n"
    assert read_case(case.folder).expected_failures == ("text", "labels")
    assert golden("test").exit_code == 0


def test_wrong_labels_are_told() -> None:
    add(Path("golden"))
    add(Path("golden"), "other")
    assert golden("label", "ferry", "99", "promo").exit_code == 1
    assert "no label; it must be one of" in golden("label", "ferry", "0", "advert").stderr
    assert golden("label", "*", "0", "promo").exit_code == 2
    assert golden("label", "ferry", "first", "promo").exit_code == 2


def test_nothing_pending_is_no_failure_and_a_wrong_part_is() -> None:
    changed()
    result = golden("accept")
    assert (result.exit_code, result.stderr) == (0, "nothing is pending\n")
    golden("test", "--update", "-q")
    result = golden("accept", "--part", "comments")
    assert result.exit_code == 1
    assert "nothing new for comments" in result.stderr


def test_a_difference_tells_fields_and_failures() -> None:
    case = change_json(changed(), "case.json", expected_failures=["metadata.date"])
    golden("test", "--update", "-q")
    result = golden("diff", case.folder)
    assert '- "Ferries"\n    + "A second ferry for the islands"' in result.stdout
    assert "changed\tferry\tmetadata.date\n    no longer expected to fail" in result.stdout


def test_nothing_is_written_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    changed()
    before = files_of(Path())
    monkeypatch.setenv("CI", "true")
    result = golden("test", "--update")
    assert result.exit_code == 1
    assert "CI is set" in result.stderr
    assert files_of(Path()) == before


def test_an_extractor_of_one_s_own_is_tested(project: Path) -> None:
    changed()
    Path("own_command_extractor.py").write_text("def text(body, url=None):\n    return 'x'\n")
    result = golden("test", "--quiet", "--extractor", "own_command_extractor:text")
    assert result.stdout.startswith("changed\tferry\ttext\n1 cases")
    assert golden("test", "--extractor", "no_such:thing").exit_code == 2


def test_broken_cases_are_told_and_the_others_checked() -> None:
    changed()
    broken = add(Path("golden"), "broken")
    (broken.folder / "case.json").write_text("{")
    worse = add(Path("golden"), "worse")
    worse.page.write_text(" ")
    result = golden("test", "--quiet")
    assert result.exit_code == 1
    assert "golden/broken/case.json" in result.stderr
    assert "error\tworse\tEmptyCaptureError" in result.stdout
    assert "changed\tferry\ttext" in result.stdout
    assert golden("report").exit_code == 1


def test_expectations_without_a_case_are_told() -> None:
    add(Path("golden"))
    Path("golden/left").mkdir()
    Path("golden/left/labels.tsv").write_text("content\tx\n")
    result = golden("test")
    assert result.exit_code == 1
    assert result.stderr == (
        "cleaner: golden/left/labels.tsv: an expectation without a case.json\n"
    )
    assert golden("test", "ferry").exit_code == 0


def test_what_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    changed()

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    for arguments in (("test", "--update"), ("compare", "--save", "old.jsonl")):
        result = golden(*arguments)
        assert result.exit_code == 1
        assert "No space left on device" in result.stderr


def test_a_report_is_a_line_a_case() -> None:
    changed()
    case = add(Path("golden"), "good")
    change_json(case, "case.json", expected_failures=["metadata.title"])
    change_json(case, "expected.json", title="Known")
    result = golden("report")
    assert result.exit_code == 1
    assert result.stdout.split("\n")[:3] == [
        "status\tcase\tF1\tsame\tknown\tchanged",
        "changed\tferry\t0.792\t10\t\ttext, labels, metadata.title",
        "same\tgood\t1.000\t12\t1\t",
    ]
    assert result.stderr.startswith("2 cases: 1 same, 1 changed; mean word F1 0.896; 1 parts fail")
    rows = json.loads(golden("report", "--format", "json").stdout)
    assert rows[0]["changed"] == ["text", "labels", "metadata.title"]
    table = golden("report", "good", "--format", "table")
    assert table.exit_code == 0
    assert "good" in table.stdout


def test_cases_are_ranked_by_how_much_another_system_differs() -> None:
    add(Path("golden"), "far", PAGE)
    Path("own_compare_extractor.py").write_text(
        "def text(body, url=None):\n"
        "    import cleaner\n"
        "    text = cleaner.clean(body).text\n"
        "    return text[:200] if b'yard in the north' in body else text\n"
    )
    add(Path("golden"), "alike", PAGE.replace("from a yard in the north", "in town"))
    result = golden("compare", "--against", "own_compare_extractor:text")
    assert result.exit_code == 1
    rows = [line.split("\t") for line in result.stdout.strip().split("\n")]
    assert rows[0][0:2] == ["case", "F1"]
    assert [row[0] for row in rows[1:]] == ["far", "alike"]
    assert float(rows[1][2]) > 0.3
    assert rows[2] == ["alike", "1.000", "0.000", "1.000"]


def test_another_system_is_compared_by_its_name() -> None:
    pytest.importorskip("readability")
    add(Path("golden"))
    result = golden("compare", "--against", "readability-lxml", "--format", "json")
    (row,) = json.loads(result.stdout)
    assert 0 <= row["differ"]["readability-lxml"] <= 1
    assert row["f1"]["cleaner"] == 1.0


def test_an_older_output_is_compared() -> None:
    case = add(Path("golden"))
    assert golden("compare", "--save", "old.jsonl").exit_code == 0
    assert json.loads(Path("old.jsonl").read_text())["id"] == "ferry"
    assert golden("compare", "--against", "old.jsonl").exit_code == 0
    case.page.write_text(PAGE.replace(f"<p>{SECOND}</p>", ""), encoding="utf-8")
    result = golden("compare", "--against", "old.jsonl")
    assert result.exit_code == 1
    Path("texts").mkdir()
    Path("texts/ferry.md").write_text(f"*{FIRST}*\n")
    assert golden("compare", "--against", "texts").exit_code == 1


def test_what_cannot_be_compared_with_is_bad_usage() -> None:
    add(Path("golden"))
    assert golden("compare").exit_code == 2
    result = golden("compare", "--against", "nobody")
    assert result.exit_code == 2
    assert "trafilatura" in result.stderr
    Path("broken.jsonl").write_text("{}\n")
    assert golden("compare", "--against", "broken.jsonl").exit_code == 2


def test_imports_print_a_line_a_case() -> None:
    Path("tests/ferry").mkdir(parents=True)
    Path("tests/ferry/source.html").write_text(PAGE, encoding="utf-8")
    Path("tests/ferry/expected.html").write_text(f"<p>{FIRST}</p>", encoding="utf-8")
    Path("tests/ferry/expected-metadata.json").write_text('{"title": "Ferry"}')
    result = golden("import", "tests")
    assert result.exit_code == 0
    assert result.stdout == "ferry\t0.500\tmetadata.title\n"
    assert golden("test").exit_code == 0
    assert golden("import", "golden").exit_code == 1


def test_snippets_are_exported() -> None:
    add(Path("golden"))
    (row,) = json.loads(golden("export").stdout)
    assert NEWSLETTER in row["absent"]
    assert golden("export", "--output", "out.json").stdout == ""
    assert json.loads(Path("out.json").read_text()) == [row]
    Path("empty").mkdir()
    assert golden("export", "empty").exit_code == 2


@pytest.mark.parametrize("command", ["test", "report", "pending", "accept", "reject", "diff"])
def test_cases_that_are_not_there_are_bad_usage(command: str) -> None:
    result = golden(command)
    assert (result.exit_code, "`cleaner golden add PAGE` makes one" in result.stderr) == (2, True)
    add(Path("golden"))
    result = golden(command, "nothing")
    assert result.exit_code == 2
    assert "nothing: there is no such case" in result.stderr


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\ngolden_paths = ['pages', 'more']\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\ngolden_paths = 'pages more'\n"),
        ("pytest.ini", "[pytest]\ngolden_paths = pages\n    more\n"),
        ("tox.ini", "[pytest]\ngolden_paths = pages more\n"),
        ("setup.cfg", "[tool:pytest]\ngolden_paths = pages more\n"),
    ],
)
def test_the_folders_are_those_of_pytest(file: str, text: str, project: Path) -> None:
    Path(file).write_text(text)
    assert case_folders() == [Path("pages"), Path("more")]
    below = project / "some" / "where"
    below.mkdir(parents=True)
    assert [path.name for path in case_folders(below)] == ["pages", "more"]


def test_broken_settings_are_told() -> None:
    Path("pyproject.toml").write_text("[tool\n")
    with pytest.raises(CaseError, match=r"pyproject\.toml"):
        case_folders()
    assert golden("test").exit_code == 2


def test_cases_are_chosen_by_path_name_and_pattern() -> None:
    for name in ("news-a", "news-b", "blog"):
        add(Path("golden/pages"), name)
    names = [path.name for path in choose_cases(["news-*", "golden/pages/blog", "news-a"])]
    assert names == ["news-a", "news-b", "blog"]
    assert len(choose_cases([])) == len(choose_cases(["golden"])) == 3
    assert shown_name(Path("golden/pages/blog")) == "pages/blog"


def write_crawl() -> list[int]:
    """Write an archive of a request and two responses; return where they begin."""
    lost = http(b"<p>Nothing is here, said the ferryman.", status="404 Not Found")
    parts = gz(
        [
            record(1, b"GET / HTTP/1.1\r\n\r\n", kind="request"),
            record(2, http(PAGE.encode(), "Content-Type: text/html; charset=utf-8"), url=URL),
            record(3, lost, url="https://sea.example/lost"),
        ]
    )
    Path("crawl.warc.gz").write_bytes(b"".join(parts))
    return [0, len(parts[0]), len(parts[0] + parts[1])]


def test_a_record_of_an_archive_becomes_a_case() -> None:
    _, page, lost = write_crawl()
    result = golden("add", f"crawl.warc.gz#{page}", "--name", "ferry")
    assert result.stdout == "golden/ferry\n"
    case = read_case(Path("golden/ferry"))
    assert (case.url, case.page.read_text(encoding="utf-8")) == (URL, PAGE)
    assert case.headers == {"content-type": "text/html; charset=utf-8"}
    assert str(case.captured_at) == "2024-03-05 06:07:08+00:00"
    assert golden("test").exit_code == 0
    assert golden("add", f"crawl.warc.gz#{lost}", "--name", "lost").exit_code == 0


def test_records_that_are_no_pages_are_told() -> None:
    request, page, _ = write_crawl()
    for place, why in (
        (request, "holds no page at offset 0, but: request"),
        (page + 1, f"holds no page at offset {page + 1}, but: "),
    ):
        result = golden("add", f"crawl.warc.gz#{place}")
        assert result.exit_code == 1
        assert f"crawl.warc.gz#{place}: " in result.stderr
        assert why in result.stderr
    result = golden("add", "other.warc.gz#0")
    assert (result.exit_code, "No such file" in result.stderr) == (1, True)
    assert not Path("golden").exists()
