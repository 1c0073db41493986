"""New cases from pages: files, standard input, archives' records."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from golden_builders import FIRST, PAGE, URL, add, files_of
from hypothesis import given
from hypothesis import strategies as st

from cleaner import EmptyCaptureError, MediaTypeError
from cleaner.golden import CaseError, check_case, pending_files
from cleaner.golden.add import NAME_WIDTH, Saved, SourceError, add_case, add_page, safe_name


def test_a_file_becomes_a_whole_case(tmp_path: Path) -> None:
    page = tmp_path / "saved.html"
    page.write_text(PAGE, encoding="utf-8")
    case = add_case(str(page), tmp_path / "golden", url=URL, shows="a ferry")
    assert case.folder == tmp_path / "golden" / "a-second-ferry-for-the-islands"
    assert sorted(path.name for path in case.folder.iterdir()) == [
        "case.json",
        "decisions.tsv",
        "expected.json",
        "expected.md",
        "labels.tsv",
        "page.html",
    ]
    assert case.page.read_text(encoding="utf-8") == PAGE
    assert (case.url, case.media_type, case.shows) == (URL, "text/html", "a ferry")
    assert case.expected_markdown().startswith(FIRST)
    assert case.expected_values()["authors"] == ["Inga Solberg"]
    assert check_case(case).passed
    assert page.read_text(encoding="utf-8") == PAGE


def test_a_pending_case_fails_until_it_is_accepted(tmp_path: Path) -> None:
    case = add(tmp_path, is_pending=True)
    assert not case.has("expected.md")
    assert len(pending_files(case)) == 4
    assert {part.status for part in check_case(case).parts} == {"missing"}


def test_all_that_is_known_of_the_capture_is_kept(tmp_path: Path) -> None:
    body = "<p>Die Fähre fährt zweimal am Tag über den Sund.</p>".encode("latin-1")
    saved = Saved(
        body,
        URL,
        headers={"content-type": "text/html; charset=iso-8859-1"},
        captured_at=datetime(2024, 5, 28, 12, tzinfo=UTC),
    )
    case = add_page(saved, tmp_path)
    assert case.headers == saved.headers
    assert case.captured_at == saved.captured_at
    assert "Fähre" in case.clean().text


@pytest.mark.parametrize(
    ("text", "media_type", "name"),
    [
        ("# A ferry\n\nIt *runs* twice a day.\n\n- one\n- two\n", "markdown", "page.md"),
        ("A ferry runs twice a day.", "text", "page.txt"),
        ("<p>A ferry runs twice a day.</p>", "xhtml", "page.xhtml"),
    ],
)
def test_captures_of_every_kind_become_cases(
    tmp_path: Path, text: str, media_type: str, name: str
) -> None:
    case = add_page(Saved(text.encode(), URL, media_type), tmp_path)
    assert case.page.name == name
    assert check_case(case).passed


def test_standard_input_becomes_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(PAGE.encode())))
    assert add_case("-", tmp_path, name="piped").folder == tmp_path / "piped"


def test_an_earlier_case_is_never_written_over(tmp_path: Path) -> None:
    add(tmp_path)
    before = files_of(tmp_path)
    with pytest.raises(CaseError, match="there is a case of this name already"):
        add(tmp_path, page=PAGE.replace("second", "third"))
    assert files_of(tmp_path) == before


def test_names_that_are_made_get_a_number(tmp_path: Path) -> None:
    names = [add_page(Saved(PAGE.encode()), tmp_path).name for _ in range(3)]
    stem = "a-second-ferry-for-the-islands"
    assert names == [stem, f"{stem}-2", f"{stem}-3"]


@pytest.mark.parametrize("name", ["", " ", "a/b", "../up", ".hidden", "a\\b", "a:b", "a\x00b"])
def test_names_that_are_no_folder_s_are_errors(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseError, match="is named like a folder"):
        add(tmp_path, name)
    assert files_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("body", "error"), [(b" ", EmptyCaptureError), (b"%PDF-1.7", MediaTypeError)]
)
def test_what_is_no_page_leaves_nothing(
    tmp_path: Path, body: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_page(Saved(body), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_case_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(CaseError, match="No space left"):
        add(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sources_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"absent\.html: No such file"):
        add_case(str(tmp_path / "absent.html"), tmp_path)
    with pytest.raises(SourceError, match="directory"):
        add_case(str(tmp_path), tmp_path)


def test_a_file_with_a_number_sign_is_a_file(tmp_path: Path) -> None:
    page = tmp_path / "page#12"
    page.write_text(PAGE, encoding="utf-8")
    assert add_case(str(page), tmp_path / "golden", name="x").name == "x"


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("A second ferry!", None, "a-second-ferry"),
        ("Die Fähre — zweimal", None, "die-fähre-zweimal"),
        ("フェリーの新しい便", None, "フェリーの新しい便"),
        ("", "https://sea.example/2024/ferry.html", "sea-example-2024-ferry-html"),
        ("…", "https://sea.example/", "sea-example"),
        ("", None, "page"),
        ("___", "", "page"),
    ],
)
def test_names_are_made_of_titles_and_addresses(title: str, url: str | None, name: str) -> None:
    assert safe_name(title, url) == name


@given(st.text())
def test_a_made_name_is_safe(title: str) -> None:
    name = safe_name(title)
    assert 0 < len(name) <= NAME_WIDTH
    assert not name.startswith((".", "-"))
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t ')


def test_facts_of_the_caller_are_written(tmp_path: Path) -> None:
    case = add(tmp_path, facts={"minimum_f1": 0.5}, files={"expected.md": f"{FIRST}\n"})
    assert json.loads((case.folder / "case.json").read_text())["minimum_f1"] == 0.5
    assert [part.name for part in check_case(case).parts] == ["score"]
    assert pending_files(case) == []
