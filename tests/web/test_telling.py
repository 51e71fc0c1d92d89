"""What events say on the timeline: in words, in the language of the page, never as they are kept."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from app.engine.packs import Pack, load_shelf
from app.kit.speech import speech
from app.lifecycle.vocabulary import VOCABULARY
from app.requests.schemas import EventView
from app.web.telling import Teller
from app.web.texts import speaking
from tests.web.speeches import NO_PACKS

WORKFLOWS = Path(__file__).parents[2] / "workflows"
RAW = re.compile(r"[{}\[\]']|None|True|False|\b[a-z]+_[a-z_]+|\d{4}-\d\d-\d\d")
"""What a value looks like as it is kept."""
EVENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "request_opened",
        {"workflow": "needs_assessment@2", "sha256": "8109", "countries": ["FJI", "TON"]},
    ),
    (
        "moved",
        {
            "trigger": "withdraw",
            "from": "triage",
            "to": "withdrawn",
            "cite": "F19",
            "form": {"reason": "No longer needed."},
            "comment": "So be it",
            "cause": 3,
        },
    ),
    ("clarification_asked", {"questions": [1, 2], "due_on": "2026-11-22"}),
    (
        "answer_recorded",
        {
            "assessment": "comprehensive",
            "question": "rights.surveillance",
            "value": "not_applicable",
            "before": None,
        },
    ),
    ("risk_assessed", {"fields": ["impact", "threats_gain"]}),
    ("request_edited", {"fields": ["summary", "cyber_labelled"]}),
    ("assessment_plan_edited", {"fields": ["starts_on", "waived_a"]}),
    ("screening_rechecked", {"changed": {"P6.3": "met_with_condition"}}),
    ("need_marked", {"need": 2, "from": "", "to": "outside_the_system", "reason": "{odd} 'words'"}),
    (
        "proposal_prepared",
        {
            "proposal": 1,
            "entities": ["unodc", "un_women"],
            "uncovered": [],
            "asked_again": [{"entity": "itu", "reason": "It has staff now"}],
        },
    ),
    ("glass_broken", {"glass": 4, "until": "2026-11-22T10:00:00+00:00", "reason": "Fire"}),
    ("consent_recorded", {"country": "KEN", "subject": "sharing", "given": False}),
    ("activity_planned", {"kind": "advisory_note", "findings": [5], "actual": 42.0}),
    ("named_grant_asked", {"until": "when it ends", "due_on": "soon", "part": "a_part"}),
)
KNOWN = dict(EVENTS)
TYPED = ("{odd} 'words'",)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_shelf(WORKFLOWS, VOCABULARY).latest("needs_assessment")


def event(kind: str, data: dict[str, Any]) -> EventView:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return EventView(number=9, at=at, actor="system", on_behalf=None, kind=kind, data=data)


def way(pack: Pack, data: dict[str, Any]) -> tuple[str, ...] | None:
    with speaking(speech("en", NO_PACKS, {})):
        found = Teller(pack, "/").way(event("migrated", data))
        return found and tuple(map(plain, found))


def told(pack: Pack, kind: str, data: dict[str, Any], language: str = "en") -> dict[str, str]:
    """Return what an event says, its marks taken off: by what each fact is called."""
    names = {one.code: one.name for one in pack.mandates.entities}
    with speaking(speech(language, NO_PACKS, names)):
        facts = Teller(pack, "/requests/TA-2026-00001/timeline").facts(event(kind, data))
        return {plain(one.name): plain(one.value) for one in facts}


def plain(shown: str) -> str:
    return unescape(re.sub("<[^>]+>", "", shown))


@pytest.mark.parametrize(("kind", "data"), EVENTS, ids=[kind for kind, _ in EVENTS])
def test_no_fact_of_an_event_is_shown_as_it_is_kept(
    pack: Pack, kind: str, data: dict[str, Any]
) -> None:
    found = told(pack, kind, data)
    assert found
    for name, value in found.items():
        assert value, f"{name} says nothing"
        assert value in TYPED or not RAW.search(f"{name}: {value}"), f"{name}: {value}"


def test_where_a_request_moved_is_said_once_by_state_or_by_version(pack: Pack) -> None:
    versions = {"from": {"version": 1, "state": "triage"}, "to": {"version": 2, "state": "triage"}}
    assert way(pack, versions) == ("version 1, Triage", "version 2, Triage")
    assert way(pack, {"from": "planned", "to": "running"}) == ("Planned", "Running")
    assert way(pack, {"from": "", "to": "outside_the_system"}) is None
    assert not told(pack, "migrated", versions)


def test_facts_have_the_names_and_words_of_the_house(pack: Pack) -> None:
    moved = told(pack, "moved", KNOWN["moved"])
    assert moved == {
        "Step": "Withdraw",
        "Paragraphs": "F19",
        "Reason": "No longer needed.",
        "Remark": "So be it",
        "Follows from": "Event 3",
    }
    assert told(pack, "request_opened", KNOWN["request_opened"])["Countries"] == "Fiji and Tonga"
    assert told(pack, "screening_rechecked", KNOWN["screening_rechecked"]) == {
        "P6.3 Sovereign rights": "Met with condition"
    }
    assert told(pack, "request_edited", KNOWN["request_edited"]) == {
        "What changed": "What the country asks for and The country itself calls it a matter of "
        "cybersecurity or cybercrime"
    }
    again = told(pack, "proposal_prepared", KNOWN["proposal_prepared"])
    assert (again["Asked again"], again["Reason"]) == ("ITU", "It has staff now")


def test_facts_are_told_in_the_language_of_the_page(pack: Pack) -> None:
    assert told(pack, "consent_recorded", KNOWN["consent_recorded"], language="fr") == {
        "Pays": "Kenya",
        "Objet": "Communication",
        "Accord": "non",
    }


def test_what_people_typed_is_never_translated_and_stays_text(pack: Pack) -> None:
    reason = told(pack, "entity_declined", {"reason": "draft"}, language="fr")
    assert list(reason.values()) == ["draft"], "a word that happens to be one of ours"
    odd = event("moved", {"form": {"reason": "<b>"}, "entities": ["<i>"]})
    with speaking(speech("en", NO_PACKS, {})):
        shown = [str(one.value) for one in Teller(pack, "/").facts(odd)]
    assert not any("<b>" in one or "<i>" in one for one in shown)
