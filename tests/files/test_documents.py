"""Documents through the API: what is taken, what is refused, and how it is given out."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.files.inspection import parent
from app.files.inspection.parent import Look
from app.files.kinds import KINDS
from app.requests.service import documents
from tests.files import honest
from tests.files.desk import Intake
from tests.files.hostile import hostile

INERT = {
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def let_in(desk: Intake, corpus: Mapping[str, tuple[bytes, str]]) -> list[str]:
    """Hand every document in and return the names of those that can be fetched again."""
    answers = {name: desk.send(name, content) for name, (content, _) in corpus.items()}
    assert {answer.status_code for answer in answers.values()} <= {201, 422}
    fetched = [one["name"] for one in desk.listed() if desk.fetch(one["id"]).status_code == 200]
    return [*fetched, *(name for name, answer in answers.items() if answer.status_code == 201)]


def test_of_the_whole_hostile_corpus_nothing_is_stored_or_served(desk: Intake) -> None:
    corpus = hostile()
    assert let_in(desk, corpus) == []
    assert all(row.place is None and row.wrapped is None for row in desk.rows())
    desk.sweep()
    assert desk.stored() == set()


def test_a_service_that_trusts_the_declared_type_would_be_caught(
    desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "look", lambda _document, _kind: Look(""))
    corpus = hostile()
    some = {name: corpus[name] for name in ("page.pdf", "drawing.png", "macro.docx")}
    assert len(let_in(desk, some)) == 2 * len(some)


def test_every_kind_is_taken_and_given_out_as_an_inert_download(intake: Intake) -> None:
    kinds = set()
    for name, content in honest.honest().items():
        taken = intake.send(name, content, declared="text/html")
        assert taken.status_code == 201, (name, taken.text)
        shown = taken.json()
        kinds.add(shown["type"])
        assert (shown["status"], shown["reason"], shown["name"]) == ("released", "", name)
        assert shown["media_type"] == KINDS[shown["type"]].media_type
        got = intake.fetch(shown["id"])
        assert got.status_code == 200
        assert {header: got.headers[header] for header in INERT} == INERT
        assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert int(got.headers["content-length"]) == len(got.content) == shown["size"]
        if shown["type"] not in {"png", "jpeg"}:
            assert got.content == content
    assert kinds == set(KINDS)
    assert intake.events() == ["attachment_added"] * len(honest.honest())


def test_a_refused_document_says_why_and_is_not_given_out(intake: Intake) -> None:
    content, reason = hostile()["script.pdf"]
    refused = intake.send("script.pdf", content)
    assert (refused.status_code, refused.json()["code"]) == (422, "attachment.refused")
    assert refused.json()["detail"] == documents.why(reason)
    (shown,) = intake.listed()
    assert (shown["status"], shown["reason"]) == ("refused", reason)
    got = intake.fetch(shown["id"])
    assert (got.status_code, got.json()["code"]) == (409, "attachment.refused")
    assert intake.events() == ["attachment_refused"]


def test_what_lies_in_the_store_is_sealed_and_tells_no_name(desk: Intake, tmp_path: Path) -> None:
    desk.send("the name of a witness.txt", b"the story of a witness")
    (place,) = (tmp_path / "files").iterdir()
    assert len(place.name) == 40
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert b"witness" not in place.read_bytes()
    assert b"witness" not in place.name.encode()


@pytest.mark.parametrize("what", ["changed", "cut", "gone", "another"])
def test_a_file_that_was_changed_is_refused_with_an_alarm(
    intake: Intake, tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    number = intake.send("a.txt", b"one" * 50_000).json()["id"]
    (place,) = (tmp_path / "files").iterdir()
    sealed = place.read_bytes()
    if what == "changed":
        place.write_bytes(sealed[:-30] + bytes([sealed[-30] ^ 1]) + sealed[-29:])
    elif what == "cut":
        place.write_bytes(sealed[:70_000])
    elif what == "gone":
        place.unlink()
    else:
        intake.send("b.txt", b"two" * 50_000)
        (other,) = set((tmp_path / "files").iterdir()) - {place}
        place.write_bytes(other.read_bytes())
    with caplog.at_level(logging.ERROR, "entente.files"):
        got = intake.fetch(number)
    assert (got.status_code, got.json()["code"]) == (409, "attachment.damaged")
    assert "file.damaged" in caplog.text


def test_rights_are_asked_at_each_download(intake: Intake) -> None:
    number = intake.send("a.txt", b"words").json()["id"]
    stranger = intake.clients.as_("resident_coordinator", country="PER")
    assert intake.fetch(number, stranger).status_code == 404
    assert intake.fetch(number + 1).status_code == 404
    nobody = intake.clients.anonymous()
    assert intake.fetch(number, nobody).status_code == 401
    headers = {"Authorization": f"Bearer {stranger.token}"}
    refused = intake.clients.http.post(
        intake.path, files={"file": ("a.txt", b"x")}, headers=headers
    )
    assert refused.status_code == 404
    assert len(intake.rows()) == 1


def test_a_document_past_the_size_is_refused_and_leaves_nothing(
    desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = desk.clients.house.settings.upload_limit
    refused = desk.send("a.txt", b"a" * (most + 1))
    assert (refused.status_code, refused.json()["code"]) == (413, "attachment.too_large")
    assert desk.send("b.txt", b"a" * (most + 70_000)).status_code == 413
    assert (desk.rows(), desk.stored()) == ([], set())
    assert desk.send("c.txt", b"a" * most).status_code == 201


def test_a_request_holds_so_many_documents_and_no_more(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 2)
    content, _ = hostile()["script.pdf"]
    for name in ("a.txt", "b.txt"):
        assert intake.send("script.pdf", content).status_code == 422  # does not count
        assert intake.send(name, b"words").status_code == 201
    refused = intake.send("c.txt", b"words")
    assert (refused.status_code, refused.json()["code"]) == (409, "attachment.too_many")
    assert "2" in refused.json()["detail"]


def test_a_country_fills_its_room_and_no_more(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = intake.clients.house.settings.model_copy(update={"files_quota": 10})
    monkeypatch.setattr(intake.clients.house, "settings", quota)
    assert intake.send("a.txt", b"ten bytes!").status_code == 201
    refused = intake.send("b.txt", b"x")
    assert (refused.status_code, refused.json()["code"]) == (409, "attachment.quota")
    other = Intake(
        intake.clients, intake.clients.as_("resident_coordinator", country="PER"), intake.reference
    )
    filing = {"title": "Other", "countries": ["PER"]}
    other.reference = other.coordinator.post("/requests", filing).ok().body["reference"]
    assert other.send("a.txt", b"words").status_code == 201


def test_the_same_call_with_its_key_takes_a_document_once(intake: Intake) -> None:
    first, again = (intake.send("a.txt", b"words", **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert intake.send("a.txt", b"other", **{"Idempotency-Key": "k"}).status_code == 422
    assert len(intake.listed()) == 1


def test_a_name_is_shown_and_given_back_in_the_open(desk: Intake) -> None:
    shown = desk.send("../x/تقرير\u202e.pdf", honest.pdf()).json()
    assert shown["name"] == "تقرير.pdf"
    told = desk.fetch(shown["id"]).headers["content-disposition"]
    assert told == "attachment; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf"
