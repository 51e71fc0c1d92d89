"""Workflows over the API: the definition, its picture, and what the checker proved of it."""

from xml.etree import ElementTree as ET

import pytest

from tests.factories.clients import Clients

ONE = "/workflows/needs_assessment/1"


def test_every_version_is_listed_with_its_digest(clients: Clients) -> None:
    reader = clients.as_("auditor")
    listed = reader.get("/workflows").ok().body["items"]
    packs = [clients.house.shelf.get("needs_assessment", version) for version in (1, 2)]
    digests = {f"needs_assessment@{pack.version}": pack.sha256 for pack in packs}
    assert digests == {w["label"]: w["sha256"] for w in listed}
    assert reader.get("/workflows", accept_language="fr").body["items"][0]["title"] == (
        "Assistance technique contre la cybercriminalité et pour la cybersécurité"
    )


def test_a_definition_is_shown_as_its_file_says_it(clients: Clients) -> None:
    shown = clients.as_("government", country="KEN").get(ONE).ok()
    assert (shown.body["name"], shown.body["version"]) == ("needs_assessment", 1)
    assert shown.body["definition"]["initial"] == "draft"
    step = shown.body["definition"]["transitions"][0]
    assert (step["trigger"], step["from"], step["to"]) == ("submit", ["draft"], "triage")
    again = clients.as_("government", country="KEN").get(ONE, if_none_match=shown.headers["etag"])
    assert again.status == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/workflows/needs_assessment/99", 404),
        ("/workflows/nothing/1/check", 404),
        ("/workflows/nothing/1/diagram", 404),
        ("/workflows/needs_assessment/0", 422),
        ("/workflows/needs_assessment/9999999999/diagram", 422),
        (f"{ONE}/diagram?format=gif", 422),
    ],
)
def test_what_is_not_there_is_refused(clients: Clients, path: str, status: int) -> None:
    assert clients.as_("auditor").get(path).status == status


@pytest.mark.parametrize("path", ["/workflows", ONE, f"{ONE}/diagram", f"{ONE}/check"])
def test_a_stranger_reads_no_workflow(clients: Clients, path: str) -> None:
    assert clients.anonymous().get(path).status == 401


def test_the_picture_is_an_image_that_may_run_nothing(clients: Clients) -> None:
    drawn = clients.as_("auditor").get(f"{ONE}/diagram").ok()
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "default-src 'none'" in drawn.headers["content-security-policy"]
    assert ET.fromstring(drawn.body).get("role") == "img"  # noqa: S314 - our own picture
    again = clients.as_("auditor").get(f"{ONE}/diagram", if_none_match=drawn.headers["etag"])
    assert again.status == 304


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("", "*/*", "image/svg+xml"),
        ("", "text/vnd.mermaid", "text/vnd.mermaid"),
        ("", "text/html, text/vnd.mermaid;q=0.9", "text/vnd.mermaid"),
        ("?format=mermaid", "image/svg+xml", "text/vnd.mermaid"),
        ("?format=svg", "text/vnd.mermaid", "image/svg+xml"),
    ],
)
def test_mermaid_text_comes_for_the_asking(
    clients: Clients, query: str, accept: str, kind: str
) -> None:
    drawn = clients.as_("auditor").get(f"{ONE}/diagram{query}", accept=accept).ok()
    assert drawn.headers["content-type"].startswith(kind)
    assert drawn.headers["vary"].lower() == "accept, accept-language"
    assert drawn.body.startswith("stateDiagram-v2") == (kind == "text/vnd.mermaid")


@pytest.mark.parametrize(
    ("query", "asked", "language"),
    [("", "fr", "fr"), ("?language=zh", "fr", "zh"), ("", "de", "en")],
)
def test_the_picture_is_drawn_in_the_language_that_is_asked_for(
    clients: Clients, query: str, asked: str, language: str
) -> None:
    auditor = clients.as_("auditor")
    drawn = auditor.get(f"{ONE}/diagram{query}", accept_language=asked).ok()
    assert drawn.headers["content-language"] == language
    said = {"en": ">Draft<", "fr": ">Brouillon<", "zh": ">草稿<"}
    assert [name for name, text in said.items() if text in drawn.body] == [language]


def test_the_check_tells_what_is_proved(clients: Clients) -> None:
    told = clients.as_("auditor").get(f"{ONE}/check").ok().body
    assert told["passed"]
    assert told["faults"] == []
    gate = told["proofs"][0]
    assert (gate["never_reach"], gate["without"]) == ("delivery", "assessment.completed")
    assert gate["holds"]
    assert all(proof["path"] == [] for proof in told["proofs"])
