"""The command line: what it prints, where it writes, and how it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree, html

from cleaner import __version__, clean
from cleaner.cli import main, output_paths
from cleaner.render import document_json

FIRST = (
    "The keeper of the old lighthouse wrote down every ship that passed between the rocks and the "
    "shore, and by the end of the year she had filled four books with names and hours."
)
SECOND = (
    "Most of them carried salt and timber to the north, but on one night in November a ship went "
    "by without lights, and nobody in the three villages could say whose it was."
)
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Four books of ships</title>"
    "<meta name='author' content='Ada Quill'><meta name='description' content='Ships :ship: [red]'>"
    "</head><body><nav><a href='/'>Home page</a></nav><article><h1>Four books of ships</h1>"
    f"<p>{FIRST}</p><p>{SECOND}</p></article><div class=share-bar>Share this story</div></body>"
)
TEXT = f"{FIRST}\n\n{SECOND}\n"
OTHER = PAGE.replace("lighthouse", "windmill")
COMMAND = (sys.executable, "-c", "from cleaner.cli import main; main(prog_name='cleaner')")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ships.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "mill.html"
    path.write_text(OTHER, encoding="utf-8")
    return path


def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)


def process(
    arguments: Sequence[str | Path], given: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        env=environment(variables),
        capture_output=True,
    )


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with variables set, without those that ask for colours."""
    kept = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "TTY_COMPATIBLE")}
    return {**kept, "TERM": "xterm", **variables}


def test_a_file_gives_its_text(page: Path) -> None:
    result = run(page)
    assert result.exit_code == 0
    assert result.stdout == TEXT
    assert result.stderr == ""
    assert run("clean", page).stdout == TEXT


def test_several_files_give_their_texts_in_order(page: Path, other: Path) -> None:
    result = run(other, page)
    assert result.exit_code == 0
    assert result.stdout == TEXT.replace("lighthouse", "windmill") + TEXT


@pytest.mark.parametrize("arguments", [(), ("-",), ("clean",), ("clean", "-")])
def test_standard_input(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, given=PAGE)
    assert result.exit_code == 0
    assert result.stdout == TEXT


def test_standard_input_beside_files(page: Path) -> None:
    assert run(page, "-", given=OTHER).stdout == TEXT + TEXT.replace("lighthouse", "windmill")


def test_every_format_is_that_of_the_document(page: Path) -> None:
    document = clean(PAGE)
    printed = {
        form: run(page, "--format", form).stdout
        for form in ("text", "markdown", "html", "json", "tei")
    }
    assert printed == {
        "text": document.text + "\n",
        "markdown": document.markdown,
        "html": document.html,
        "json": document_json(clean(PAGE.encode())),
        "tei": document.tei,
    }
    assert json.loads(printed["json"])["title"] == "Four books of ships"
    assert html.fragment_fromstring(printed["html"]).tag == "article"
    assert etree.fromstring(printed["tei"].encode()) is not None


def test_a_page_without_text_prints_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text("<html><body><nav><a href=/>Home</a></nav></body></html>")
    result = run(path)
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_address_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "ships.html"
    path.write_text(PAGE.replace("salt", "<a href='/salt'>salt</a>"))
    result = run(path, "--format", "markdown", "--url", "https://sea.example/ships")
    assert "[salt](https://sea.example/salt)" in result.stdout


def test_the_media_type_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(f"# Not a heading\n\n{FIRST}\n\n{SECOND}\n")
    as_text = json.loads(run(path, "--format", "json", "--media-type", "text").stdout)
    as_markdown = json.loads(run(path, "--format", "json", "--media-type", "markdown").stdout)
    assert as_text["capture"]["media_type"] == "text/plain"
    assert as_markdown["blocks"][0]["kind"] == "heading"


def test_output_writes_a_file_for_each_input(page: Path, other: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    result = run(page, other, "--output", folder, "--format", "markdown")
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["mill.md", "ships.md"]
    assert (folder / "ships.md").read_text(encoding="utf-8") == clean(PAGE).markdown


@pytest.mark.parametrize(
    ("form", "suffix"),
    [("text", "txt"), ("markdown", "md"), ("html", "html"), ("json", "json"), ("tei", "xml")],
)
def test_output_files_have_their_formats_suffix(
    page: Path, tmp_path: Path, form: str, suffix: str
) -> None:
    folder = tmp_path / "out"
    assert run(page, "--output", folder, "--format", form).exit_code == 0
    assert [path.name for path in folder.iterdir()] == [f"ships.{suffix}"]
    assert (folder / f"ships.{suffix}").read_text(encoding="utf-8").endswith("\n")


def test_output_of_standard_input_is_named_page(tmp_path: Path) -> None:
    assert run("--output", tmp_path, given=PAGE).exit_code == 0
    assert (tmp_path / "page.txt").read_text(encoding="utf-8") == TEXT


def test_inputs_of_one_name_get_numbers(tmp_path: Path) -> None:
    sources = {"a": PAGE, "b": OTHER}
    for name, source in sources.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(source, encoding="utf-8")
    folder = tmp_path / "out"
    assert run(*(tmp_path / n / "page.html" for n in sources), "--output", folder).exit_code == 0
    assert (folder / "page.txt").read_text(encoding="utf-8") == TEXT
    assert "windmill" in (folder / "page-2.txt").read_text(encoding="utf-8")


def test_names_that_differ_in_capitals_or_are_given_twice_get_numbers(tmp_path: Path) -> None:
    names = ["x/a.html", "y/A.htm", "z/a-2.html", "x/a.html", "-"]
    paths = output_paths(names, tmp_path, ".md")
    assert [path.name for path in paths] == ["a.md", "A-2.md", "a-2-2.md", "a-3.md", "page.md"]
    assert {path.parent for path in paths} == {tmp_path}


def test_thousands_of_inputs_of_one_name_take_no_time(tmp_path: Path) -> None:
    begun = time.process_time()
    paths = output_paths([f"{n}/page.html" for n in range(3_000)], tmp_path, ".txt")
    assert time.process_time() - begun < 2
    assert paths[-1].name == "page-3000.txt"
    assert len(set(paths)) == 3_000


def test_output_never_writes_over_an_input(page: Path, tmp_path: Path) -> None:
    assert run(page, "--output", tmp_path, "--format", "html").exit_code == 0
    assert page.read_text(encoding="utf-8") == PAGE
    assert (tmp_path / "ships-2.html").read_text(encoding="utf-8") == clean(PAGE).html


def test_output_that_is_no_folder_is_bad_usage(page: Path) -> None:
    for folder in (page, page / "below"):
        result = run(page, "--output", folder)
        assert result.exit_code == 2
        assert "ships.html" in result.stderr
    assert page.read_text(encoding="utf-8") == PAGE


def test_output_that_cannot_be_written_is_told(page: Path, other: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "ships.txt").mkdir(parents=True)
    result = run(page, other, "--output", folder)
    assert result.exit_code == 1
    assert result.stderr == f"cleaner: {folder / 'ships.txt'}: Is a directory\n"
    assert (folder / "mill.txt").is_file()


@pytest.mark.parametrize("flag", ["--metadata", "--dropped", "--explain"])
def test_output_goes_with_no_flag_that_prints(page: Path, tmp_path: Path, flag: str) -> None:
    result = run(page, "--output", tmp_path / "out", flag)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_metadata_comes_first_as_the_page_gives_it(page: Path) -> None:
    result = run(page, "--metadata")
    head, _, text = result.stdout.partition("\n\n")
    assert text == TEXT
    lines = head.split("\n")
    assert lines[0] == "title: Four books of ships"
    assert "authors: Ada Quill" in lines
    assert "description: Ships :ship: [red]" in lines
    assert lines[-1].startswith("confidence: 0.")


def test_metadata_names_the_warnings() -> None:
    shell = "<html><body><div id=root></div><noscript>Enable JavaScript.</noscript></body></html>"
    assert "warnings: script-shell\n" in run("--metadata", given=shell).stdout


def test_dropped_comes_last_with_labels_and_reasons(page: Path) -> None:
    result = run(page, "--dropped")
    text, _, rest = result.stdout.partition("\n\n2 blocks kept")
    assert text + "\n" == TEXT
    lines = rest.split("\n")
    assert lines[0] == ", 3 dropped: 1 navigation, 1 share, 1 title"
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["dropped", "navigation"],
        ["dropped", "title"],
        ["dropped", "share"],
    ]
    assert "says “home”" in lines[1]


def test_explain_prints_a_line_for_every_block(page: Path) -> None:
    lines = run(page, "--explain").stdout.partition("\n\n")[2].splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["dropped", "navigation"],
        ["dropped", "title"],
        ["kept", "content"],
        ["kept", "content"],
        ["dropped", "share"],
    ]
    for line, block in zip(lines, clean(PAGE).blocks, strict=True):
        assert line.endswith(block.label.reason)
        assert f"{block.label.probability:5.2f}" in line


def test_why_tells_of_each_block_that_holds_the_words(page: Path) -> None:
    result = run("why", page, "in NOVEMBER  a ship")
    assert result.exit_code == 0
    block = clean(PAGE).blocks[3]
    assert result.stdout.splitlines() == [
        "kept as content",
        f"  text         {SECOND}",
        f"  probability  {block.label.probability:.3f} of being main content",
        f"  reason       {block.label.reason}",
        "  place        html/body/article/p",
        "  block        3, paragraph",
    ]
    assert run("why", page, "Ships").stdout.count("  reason  ") == 1
    assert run("why", page, "ship").stdout.count("  reason  ") == 3


def test_why_tells_what_was_hidden_or_dropped() -> None:
    source = PAGE.replace("<nav>", "<nav style='display:none'>")
    lines = run("why", "-", "home page", given=source).stdout.splitlines()
    assert lines[0] == "dropped as navigation"
    assert lines[-1].endswith(", paragraph, hidden (display-none)")


def test_why_tells_if_no_block_holds_the_words(page: Path) -> None:
    result = run("why", page, "submarine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"cleaner: {page}: no block holds “submarine”\n"
    piped = run("why", "-", "submarine", given=PAGE)
    assert piped.stderr == "cleaner: standard input: no block holds “submarine”\n"


def test_why_of_a_missing_file(tmp_path: Path) -> None:
    result = run("why", tmp_path / "none.html", "words")
    assert result.exit_code == 1
    assert result.stderr == f"cleaner: {tmp_path / 'none.html'}: No such file or directory\n"


def test_a_missing_file_is_named_and_the_others_are_done(page: Path, other: Path) -> None:
    missing = page.with_name("none.html")
    result = run(page, missing, other)
    assert result.exit_code == 1
    assert result.stdout == TEXT + TEXT.replace("lighthouse", "windmill")
    assert result.stderr == f"cleaner: {missing}: No such file or directory\n"


def test_a_missing_file_takes_no_output_of_another(page: Path, other: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = run(page.with_name("none.html"), page, other, "--output", folder)
    assert result.exit_code == 1
    assert (folder / "ships.txt").read_text(encoding="utf-8") == TEXT
    assert sorted(path.name for path in folder.iterdir()) == ["mill.txt", "ships.txt"]


@pytest.mark.parametrize(
    ("body", "message"),
    [(b"%PDF-1.7\n%\xe2\xe3\n", "PDF"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"), (b"", "empty")],
)
def test_what_is_no_page_is_told(page: Path, tmp_path: Path, body: bytes, message: str) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(body)
    result = run(path, page)
    assert result.exit_code == 1
    assert result.stdout == TEXT
    assert result.stderr.startswith(f"cleaner: {path}: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_folder_is_no_page(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert (result.exit_code, result.stderr) == (1, f"cleaner: {tmp_path}: Is a directory\n")


def test_an_empty_standard_input_is_told() -> None:
    result = run(given=b"")
    assert result.exit_code == 1
    assert result.stderr == "cleaner: standard input: the input is empty\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--bogus",),
        ("--format", "docx"),
        ("--media-type", "docx"),
        ("why",),
        ("golden", "bogus"),
        ("golden", "blocks", "/no/such/folder"),
    ],
)
def test_bad_usage_is_told(page: Path, arguments: tuple[str, ...]) -> None:
    given = arguments if arguments[0] in ("why", "golden") else (page, *arguments)
    result = run(*given)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_help_names_commands_options_and_exit_codes() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for word in ("clean", "why", "golden", "evaluate", "--version", "Exit codes: 0"):
        assert word in result.stdout
    assert run("-h").stdout == result.stdout
    listed = run("clean", "--help").stdout
    for option in ("--format", "--url", "--output", "--metadata", "--dropped", "--explain"):
        assert option in listed
    assert "Usage: main why [OPTIONS] FILE WORDS" in run("why", "--help").stdout


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"cleaner, version {__version__}\n")


def test_golden_blocks_prints_a_row_to_label_for_each_block(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "case.json").write_text("{}", encoding="utf-8")
    result = run("golden", "blocks", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "?\tHome page",
        "?\tFour books of ships",
        f"?\t{FIRST[:100].rstrip()}",
        f"?\t{SECOND[:100].rstrip()}",
        "?\tShare this story",
    ]


def test_golden_blocks_of_a_folder_without_a_case(tmp_path: Path) -> None:
    result = run("golden", "blocks", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"cleaner: {tmp_path / 'case.json'}: ")


def test_control_characters_of_a_page_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    steering = "\x1b]0;owned\x07\x1b[31m"
    path.write_text(
        PAGE.replace("Share this", f"Share {steering}this")
        .replace("share-bar", f"share-{steering}")
        .replace("Ada", f"Ada{steering}")
        .replace("salt", f"sa{steering}lt"),
        encoding="utf-8",
    )
    for arguments in ((), ("--metadata", "--dropped"), ("--explain",)):
        printed = run(path, *arguments).stdout
        assert "\x1b" not in printed
        assert "\x07" not in printed
    assert "\x1b" not in run("why", path, "story").stdout


def test_halves_of_characters_do_not_stop_the_printing() -> None:
    data = '{"@type": "NewsArticle", "author": {"name": "Ada \\ud83d Quill"}}'
    script = f"<script type='application/ld+json'>{data}</script></head>"
    source = PAGE.replace("</head>", script)
    assert process(["--metadata", "--format", "tei"], source.encode()).returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_terminals_of_any_character_set(encoding: str) -> None:
    source = PAGE.replace("lighthouse", "lighthouse – 灯台 –").replace("Ada", "Łucja")
    for arguments in (["--metadata", "--dropped"], ["why", "-", "ships"]):
        made = process(arguments, source.encode(), PYTHONIOENCODING=encoding)
        assert made.returncode == 0, made.stderr
        assert made.stderr == b""
        assert b"ships" in made.stdout


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "long.html"
    path.write_text(PAGE.replace("<nav>", "<nav>" + "<p>One more link</p>" * 4_000))
    for arguments in (["--explain"], ["--format", "json"]):
        piped = subprocess.Popen(
            [*COMMAND, str(path), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment({}),
        )
        assert piped.stdout is not None
        assert piped.stderr is not None
        assert piped.stdout.readline() != b""
        piped.stdout.close()
        assert piped.stderr.read() == b""
        piped.stderr.close()
        piped.wait(timeout=30)


def on_a_terminal(arguments: Sequence[str | Path], **variables: str) -> str:
    """Run the command on a terminal and return what it shows."""
    pty = pytest.importorskip("pty", reason="terminals are made on POSIX systems alone")
    main_end, terminal = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=terminal,
        stderr=terminal,
        env=environment(variables),
    ) as shown:
        os.close(terminal)
        pieces = []
        while piece := read_terminal(main_end):
            pieces.append(piece)
        os.close(main_end)
    assert shown.returncode == 0
    return b"".join(pieces).decode()


def read_terminal(end: int) -> bytes:
    try:
        return os.read(end, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_colours_are_for_terminals_alone(page: Path) -> None:
    assert "\x1b[" in on_a_terminal([page, "--explain"])
    assert "\x1b[" not in on_a_terminal([page, "--explain"], NO_COLOR="1", TERM="dumb")
    assert b"\x1b[" not in process([page, "--explain"]).stdout


def test_the_article_has_no_colours_even_on_a_terminal(page: Path) -> None:
    assert on_a_terminal([page]).replace("\r\n", "\n") == TEXT


def test_progress_is_shown_on_a_terminal_for_several_files_alone(
    page: Path, other: Path, tmp_path: Path
) -> None:
    assert "cleaning" in on_a_terminal([page, other, "--output", tmp_path / "out"])
    assert on_a_terminal([page, "--output", tmp_path / "one"]) == ""
    assert process([page, other, "--output", tmp_path / "two"]).stderr == b""
    assert len(list((tmp_path / "out").iterdir())) == 2
