"""The review without a browser: its state, its guard, its answers."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from archive_files import gz, http, record
from click.testing import CliRunner
from starlette.testclient import TestClient

from cleaner.cli import main
from cleaner.golden import Case, CaseError, check_case, find_cases, read_case
from cleaner.golden.review.app import review_app
from cleaner.golden.review.session import ReviewSession
from tests.review_cases import PROMO, SENTENCES, block_of, files_of, make_case, make_changed

PORT = 4711
HOST = f"http://127.0.0.1:{PORT}"
TOKEN = "let-me-in"


def session_of(folder: Path) -> ReviewSession:
    return ReviewSession(find_cases(folder), folder)


def client_of(session: ReviewSession) -> TestClient:
    """Return a browser that was let in."""
    client = TestClient(review_app(session, TOKEN, PORT), base_url=HOST)
    assert client.get(f"/?token={TOKEN}").status_code == 200
    return client


def token_of(client: TestClient) -> dict[str, str]:
    found = re.search(r'name="token" content="([^"]+)"', client.get("/").text)
    assert found is not None
    return {"x-review-token": found[1]}


def test_a_label_waits_until_the_case_is_accepted(tmp_path: Path) -> None:
    place = make_case(tmp_path, "coast")
    before = files_of(place)
    session = session_of(tmp_path)
    proposal = session.relabel(0, block_of(place, PROMO), "keep")
    assert PROMO in proposal.document.markdown if proposal.document else ""
    assert {name: data for name, data in files_of(place).items() if name in before} == before
    assert session.standing(0).waits
    _, still = session.accept(0)
    assert PROMO in (place / "expected.md").read_text(encoding="utf-8")
    assert f"content\t{PROMO}" in (place / "labels.tsv").read_text(encoding="utf-8")
    assert [name for name in files_of(place) if name.endswith(".new")] == []
    assert still == ("text", "labels")


def test_what_still_fails_can_be_noted(tmp_path: Path) -> None:
    place = make_case(tmp_path, "coast")
    session = session_of(tmp_path)
    session.relabel(0, block_of(place, PROMO), "keep")
    session.accept(0)
    session.expect_failures(0)
    assert read_case(place).expected_failures == ("text", "labels")
    assert session.standing(0).passed


def test_a_changed_case_is_accepted_with_what_came_out(tmp_path: Path) -> None:
    place = make_changed(tmp_path, "coast")
    session = session_of(tmp_path)
    assert not session.standing(0).passed
    assert session.accept(0)[1] == ()
    assert SENTENCES[2] in (place / "expected.md").read_text(encoding="utf-8")
    assert check_case(read_case(place)).passed
    assert session.standing(0).passed


def test_a_correction_and_a_change_are_accepted_together(tmp_path: Path) -> None:
    place = make_changed(tmp_path, "coast")
    session = session_of(tmp_path)
    session.relabel(0, block_of(place, SENTENCES[0]), "drop")
    session.accept(0)
    text = (place / "expected.md").read_text(encoding="utf-8")
    assert SENTENCES[0] not in text
    assert SENTENCES[2] in text


def test_rejecting_leaves_the_expectations(tmp_path: Path) -> None:
    place = make_changed(tmp_path, "coast")
    before = files_of(place)
    session = session_of(tmp_path)
    session.relabel(0, block_of(place, PROMO), "keep")
    assert files_of(place) != before
    session.reject(0)
    assert files_of(place) == before
    assert session.settled == {0: "rejected"}


def test_a_label_set_back_leaves_nothing_to_tell(tmp_path: Path) -> None:
    place = make_case(tmp_path, "coast")
    session = session_of(tmp_path)
    index = block_of(place, PROMO)
    old = session.proposal(0).rows[index][0]
    assert session.relabel(0, index, "content").notes == {index: f"was {old}"}
    assert session.relabel(0, index, old).notes == {}


def test_a_lenient_case_keeps_its_snippets(tmp_path: Path) -> None:
    place = tmp_path / "lenient"
    make_case(tmp_path, "lenient")
    for name in ("expected.md", "expected.json", "labels.tsv", "decisions.tsv"):
        (place / name).unlink(missing_ok=True)
    (place / "case.json").write_text('{"present": ["no such words"]}', encoding="utf-8")
    session = session_of(tmp_path)
    assert session.accept(0) == ([], ("present",))
    assert sorted(files_of(place)) == ["case.json", "page.html"]


def test_a_broken_case_is_listed_with_its_error(tmp_path: Path) -> None:
    (make_case(tmp_path, "coast") / "case.json").write_text("{", encoding="utf-8")
    session = session_of(tmp_path)
    assert "case.json" in session.standing(0).error
    client = client_of(session)
    answer = client.get("/case/0")
    assert (answer.status_code, "case.json" in answer.text) == (409, True)
    assert "case.json" in client.get("/").text


def test_the_list_names_what_changed(tmp_path: Path) -> None:
    place = make_changed(tmp_path, "coast")
    values = (place / "expected.json").read_text(encoding="utf-8")
    (place / "expected.json").write_text(values.replace('"en"', '"de"'), encoding="utf-8")
    session = session_of(tmp_path)
    session.check_all()
    assert "changed <b>text, metadata.language</b>" in client_of(session).get("/").text


def test_a_page_that_cannot_be_cleaned_is_shown_with_its_error(tmp_path: Path) -> None:
    (make_case(tmp_path, "coast") / "page.html").write_bytes(b"")
    client = client_of(session_of(tmp_path))
    assert "EmptyCaptureError" in client.get("/case/0").text
    assert client.get("/page/0").text == ""
    answer = client.post(
        "/case/0/label", json={"block": 0, "label": "keep"}, headers=token_of(client)
    )
    assert answer.status_code == 409


def test_what_changes_on_disk_is_seen(tmp_path: Path) -> None:
    place = make_case(tmp_path, "coast")
    session = session_of(tmp_path)
    assert session.standing(0).passed
    (place / "expected.md").write_text("Something else.\n", encoding="utf-8")
    assert not session.standing(0).passed
    assert session.proposal(0).parts[0].status == "changed"


def test_the_next_case_is_one_that_wants_review(tmp_path: Path) -> None:
    for name in ("a", "c", "e"):
        make_case(tmp_path, name)
    for name in ("b", "d"):
        make_changed(tmp_path, name)
    session = session_of(tmp_path)
    assert [session.name(number) for number in range(5)] == ["a", "b", "c", "d", "e"]
    assert session.next_number(0) == 1
    assert session.next_number(1) == 3
    session.accept(1)
    assert session.next_number(3) is None
    session.skip(3)
    assert session.next_number(0) is None


def test_a_label_or_block_that_does_not_exist_is_told(tmp_path: Path) -> None:
    before = files_of(make_case(tmp_path, "coast"))
    session = session_of(tmp_path)
    with pytest.raises(CaseError, match="no label"):
        session.relabel(0, 0, "splendid")
    with pytest.raises(CaseError, match="no block"):
        session.relabel(0, 999, "keep")
    assert files_of(tmp_path / "coast") == before


def test_a_case_that_is_not_about_labels_keeps_its_files(tmp_path: Path) -> None:
    place = make_case(tmp_path, "coast")
    (place / "labels.tsv").unlink()
    (place / "case.json").write_text('{"parts": ["text", "metadata"]}', encoding="utf-8")
    before = files_of(place)
    with pytest.raises(CaseError, match="leaves labels out"):
        session_of(tmp_path).relabel(0, 0, "keep")
    assert files_of(place) == before


def test_labels_are_changed_without_cleaning_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_case(tmp_path, "coast")
    session = session_of(tmp_path)
    index = block_of(place, PROMO)
    session.proposal(0)
    monkeypatch.setattr(Case, "clean", None)
    for label in ("content", "legal", "title"):
        assert session.relabel(0, index, label).rows[index][0] == label
    assert session.proposal(0).rows[index][0] == "title"


def test_the_command_tells_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "cleaner.golden.review.serve", raising=False)
    result = CliRunner().invoke(main, ["golden", "review"])
    assert (result.exit_code, "pip install 'cleaner[review]'" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("names", "home", "cases"),
    [
        (["cases"], "cases", ["a", "b"]),
        (["cases/a"], "cases", ["a"]),
        (["cases/a", "cases/b"], "golden", None),
        (["empty"], "empty", []),
        ([], "golden", []),
    ],
)
def test_the_command_takes_folders_and_cases(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    home: str,
    cases: list[str] | None,
) -> None:
    for name in ("a", "b"):
        make_case(tmp_path / "cases", name)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    served: list[ReviewSession] = []
    monkeypatch.setattr(
        "cleaner.golden.review.serve.serve_review", lambda session, **_: served.append(session)
    )
    result = CliRunner().invoke(main, ["golden", "review", *names])
    assert (result.exit_code, result.output) == (0, "")
    assert served[0].home == tmp_path / home
    found = [served[0].name(number) for number in range(len(served[0].folders))]
    assert found == ([str(tmp_path / name) for name in names] if cases is None else cases)


def test_the_command_tells_of_names_that_stand_for_nothing(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["golden", "review", str(tmp_path / "nowhere")])
    assert (result.exit_code, "no such case" in result.output) == (2, True)


def test_the_list_opens_at_once_with_a_thousand_cases(tmp_path: Path) -> None:
    for number in range(1_000):
        place = tmp_path / f"case-{number:04}"
        place.mkdir()
        (place / "case.json").write_text("{}", encoding="utf-8")
    start = time.process_time()  # of this program alone: others may keep the machine busy
    client = client_of(session_of(tmp_path))
    page = client.get("/").text
    assert time.process_time() - start < 1
    assert page.count('class="row unknown') == 1_000


def test_nobody_comes_in_without_the_token(tmp_path: Path) -> None:
    make_case(tmp_path, "coast")
    client = TestClient(review_app(session_of(tmp_path), TOKEN, PORT), base_url=HOST)
    for path in ("/", "/?token=guess", "/case/0", "/page/0", "/told", "/static/review.js"):
        assert client.get(path).status_code == 403, path


def test_the_token_leaves_the_address_and_a_cookie_stays(tmp_path: Path) -> None:
    make_case(tmp_path, "coast")
    client = TestClient(review_app(session_of(tmp_path), TOKEN, PORT), base_url=HOST)
    answer = client.get(f"/?token={TOKEN}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Strict" in answer.headers["set-cookie"]
    assert TOKEN not in answer.headers["set-cookie"]
    assert (
        client.get(f"//evil.example/?token={TOKEN}", follow_redirects=False)
        .headers["location"]
        .startswith("/")
    )


def test_other_hosts_are_refused(tmp_path: Path) -> None:
    make_case(tmp_path, "coast")
    client = client_of(session_of(tmp_path))
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", ""):
        assert client.get("/", headers={"host": host}).status_code == 421, host
    assert client.get("/", headers={"host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize("path", ["/case/0/accept", "/case/0/label", "/add?source=x"])
def test_a_change_needs_the_token_of_the_page(tmp_path: Path, path: str) -> None:
    place = make_changed(tmp_path, "coast")
    before = files_of(place)
    client = client_of(session_of(tmp_path))
    assert client.post(path).status_code == 403
    assert client.post(path, headers={"x-review-token": "guess"}).status_code == 403
    foreign = {**token_of(client), "origin": "https://evil.example"}
    assert client.post(path, headers=foreign).status_code == 403
    assert client.get(path, headers=token_of(client)).status_code in (404, 405)
    assert files_of(place) == before


def test_every_answer_is_held_to_a_strict_policy(tmp_path: Path) -> None:
    make_case(tmp_path, "coast")
    client = client_of(session_of(tmp_path))
    for path in ("/", "/case/0", "/static/view.js", "/told", "/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), path
    framed = client.get("/page/0").headers["content-security-policy"]
    assert "sandbox allow-same-origin" in framed
    assert "script-src" not in framed
    assert client.get("/").headers["cache-control"] == "no-store"


def test_files_of_the_review_alone_are_served(tmp_path: Path) -> None:
    make_case(tmp_path, "coast")
    client = client_of(session_of(tmp_path))
    assert client.get("/static/review.js").status_code == 200
    for name in ("labels.toml", "..%2fguard.py", "%2fetc%2fpasswd", "review_case.html"):
        assert client.get(f"/static/{name}").status_code == 404, name


def test_a_label_is_changed_over_the_wire(tmp_path: Path) -> None:
    place = make_case(tmp_path, "coast")
    client = client_of(session_of(tmp_path))
    values = {"block": block_of(place, PROMO), "label": "keep"}
    answer = client.post("/case/0/label", json=values, headers=token_of(client)).json()
    assert answer["block"]["name"] == "content"
    assert answer["block"]["note"].startswith("was ")
    assert PROMO in answer["clean"]
    assert "changed" in answer["changes"]
    for wrong in ({}, {"block": "1", "label": "keep"}, {"block": True, "label": "keep"}, []):
        sent = client.post("/case/0/label", json=wrong, headers=token_of(client))
        assert sent.status_code == 400, wrong


def test_cases_are_settled_over_the_wire(tmp_path: Path) -> None:
    make_changed(tmp_path, "coast")
    client = client_of(session_of(tmp_path))
    token = token_of(client)
    assert client.post("/case/0/accept", headers=token).json()["still"] == []
    assert client.post("/case/0/dance", headers=token).status_code == 404
    assert client.post("/case/7/accept", headers=token).status_code == 404
    assert client.get("/told?since=x").status_code == 400
    told = client.get("/told?since=0").json()
    assert "accepted" in told["rows"]["0"]


def test_the_list_lets_the_checks_begin(tmp_path: Path) -> None:
    make_changed(tmp_path, "coast")
    session = session_of(tmp_path)
    client = client_of(session)
    assert client.get("/told?since=0").json() == {"until": 0, "rows": {}, "busy": False}
    client.get("/told?since=0&begin")
    while client.get("/told?since=0").json()["busy"]:
        time.sleep(0.05)
    assert "changed" in client.get("/told?since=0").json()["rows"]["0"]
    assert "wants" in client.get("/").text


def test_a_file_becomes_a_case_that_waits(tmp_path: Path) -> None:
    page = (make_case(tmp_path / "elsewhere", "coast") / "page.html").read_bytes()
    home = tmp_path / "cases"
    client = client_of(session_of(home))
    query = "/add?source=page.html&name=fresh&url=https://gazette.example/dark"
    answer = client.post(query, content=page, headers=token_of(client))
    assert answer.json() == {"number": 0, "name": "fresh"}
    case = read_case(home / "fresh")
    assert case.url == "https://gazette.example/dark"
    assert (home / "fresh" / "expected.md.new").is_file()
    again = client.post(query, content=page, headers=token_of(client))
    assert (again.status_code, "already" in again.text) == (409, True)
    assert client.get("/case/0").status_code == 200


def test_a_path_becomes_a_case(tmp_path: Path) -> None:
    source = make_case(tmp_path / "elsewhere", "coast") / "page.html"
    client = client_of(session_of(tmp_path / "cases"))
    answer = client.post(f"/add?source={source}", headers=token_of(client))
    assert answer.json()["name"] == "lighthouse-went-dark"
    for wrong in ("/no/such/page", str(tmp_path), f"{source}#12"):
        assert (
            client.post(f"/add?source={quote(wrong)}", headers=token_of(client)).status_code == 409
        )
    empty = client.post("/add?name=..%2fout", content=b"<p>Hi", headers=token_of(client))
    assert (empty.status_code, sorted(path.name for path in tmp_path.iterdir())) == (
        409,
        ["cases", "elsewhere"],
    )
    assert client.post("/add", headers=token_of(client)).status_code == 400


def test_a_record_of_an_archive_becomes_a_case(tmp_path: Path) -> None:
    page = (make_case(tmp_path / "elsewhere", "coast") / "page.html").read_bytes()
    address = "https://gazette.example/dark"
    parts = gz([record(1), record(2, http(page), url=address)])
    crawl = tmp_path / "crawl.warc.gz"
    crawl.write_bytes(b"".join(parts))
    client = client_of(session_of(tmp_path / "cases"))
    source = quote(f"{crawl}#{len(parts[0])}")
    answer = client.post(f"/add?source={source}", headers=token_of(client))
    assert answer.json()["name"] == "lighthouse-went-dark"
    case = read_case(tmp_path / "cases" / "lighthouse-went-dark")
    assert (case.url, case.page.read_bytes()) == (address, page)
    source = quote(f"{crawl}#{len(parts[0]) - 1}")
    answer = client.post(f"/add?source={source}", headers=token_of(client))
    assert (answer.status_code, "holds no page" in answer.text) == (409, True)
