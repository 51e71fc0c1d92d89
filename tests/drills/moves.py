"""Every transition of the definition as one call that fires it, and the situation it begins in."""

from dataclasses import dataclass, field
from typing import Any

from tests.drills.situations import ASKED, COUNTRY

COORDINATOR, GOVERNMENT = f"coordinator:{COUNTRY}", f"government:{COUNTRY}"


@dataclass(frozen=True)
class Firing:
    """One transition from one state: by whom, by which call, in which situation."""

    trigger: str
    source: str
    situation: str
    who: str
    method: str = "POST"
    path: str = "/transitions"
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the drills call it."""
        return f"{self.trigger} from {self.source}"


def _fires(trigger: str, source: str, who: str, situation: str = "", **form: str) -> Firing:
    body = {"trigger": trigger, "form": form}
    return Firing(trigger, source, situation or source, who, body=body)


def _acts(
    trigger: str, source: str, situation: str, who: str, path: str, body: dict[str, Any]
) -> Firing:
    return Firing(trigger, source, situation, who, "POST", path, body)


BEFORE = ("triage", "assessment", "screening")
PLAIN = (
    *("draft", "triage", "clarification", "set_aside", "assessment", "screening", "revision"),
    *("declined", "appeal", "matching", "unmatched", "offered", "consent"),
)
WHERE = {"clarification": "clarification_triage", "set_aside": "silent"}
RESPONSE, CONSENT = "/matching/responses", "/matching/consents"


def firings(entity: str) -> list[Firing]:
    """Return every transition from every source; `entity` is the last that answers the offer."""
    focal = f"focal:{entity}"
    yes = {"entity": entity, "accepted": True}
    no = {"entity": entity, "accepted": False, "reason": "No staff this year."}
    given = {"country": COUNTRY, "given": True}
    refused = {"country": COUNTRY, "given": False, "reason": "Other plans."}
    said = {"answer": "The high court."}
    return [
        _fires("submit", "draft", COORDINATOR),
        _fires("redirect", "triage", "desk", "internal"),
        _fires("redirect_non_cyber", "triage", "desk", "nothing_cyber"),
        _fires("start_assessment", "triage", "desk", "external"),
        *(_acts("await_clarification", s, s, "desk", "/clarifications", ASKED) for s in BEFORE),
        *(
            Firing(
                f"take_up_again to {s}",
                "clarification",
                f"clarification_{s}",
                COORDINATOR,
                "PUT",
                "/clarifications/1/answer",
                said,
            )
            for s in BEFORE
        ),
        _fires("set_aside", "clarification", "desk", "overdue"),
        _fires("revive", "set_aside", "desk", "answered"),
        _fires("complete_assessment", "assessment", COORDINATOR, "assessed"),
        _fires("pass_screening", "screening", "screener", "passing"),
        _fires("return_for_revision", "screening", "screener", "returning"),
        _fires("decline", "screening", "screener", "declining"),
        _fires("resubmit", "revision", COORDINATOR),
        *(
            _fires("reopen_assessment", source, "desk", reason="New facts.")
            for source in ("revision", "screening", "matching", "unmatched")
        ),
        _fires("appeal", "declined", GOVERNMENT, grounds="The facts are others."),
        _fires("let_decline_stand", "declined", "desk", "late"),
        _fires("uphold_decline", "appeal", "desk2", reason="As found."),
        _fires("grant_appeal", "appeal", "desk2", reason="Heard."),
        _fires("offer_match", "matching", "desk", "proposed"),
        _fires("find_no_match", "matching", "desk", "nobody"),
        _fires("match_again", "unmatched", "desk", reason="A new mandate."),
        _fires("end_unmatched", "unmatched", "desk", reason="Nobody can help."),
        _acts("match_accepted", "offered", "accepting", focal, RESPONSE, yes),
        _acts("match_declined", "offered", "accepting", focal, RESPONSE, no),
        _fires("withdraw_offer", "offered", "desk", reason="An error."),
        _fires("withdraw_offer", "consent", "desk", reason="An error."),
        _acts("begin_delivery", "consent", "consent", GOVERNMENT, CONSENT, given),
        _acts("consent_refused", "consent", "consent", GOVERNMENT, CONSENT, refused),
        _fires("offer_replacement", "delivery", "desk", "sought"),
        _acts("replacement_accepted", "delivery", "reoffered", focal, RESPONSE, yes),
        _acts("replacement_declined", "delivery", "reoffered", focal, RESPONSE, no),
        _fires("withdraw_replacement", "delivery", "desk", "reoffered", reason="An error."),
        _acts("take_over", "delivery", "taking_over", GOVERNMENT, CONSENT, given),
        _acts("replacement_refused", "delivery", "taking_over", GOVERNMENT, CONSENT, refused),
        _fires("complete_delivery", "delivery", "desk", "delivered"),
        _fires("resume_delivery", "evaluation", "desk", reason="One course is missing."),
        _fires("close", "evaluation", "desk2", "closing"),
        *(_fires("withdraw", s, COORDINATOR, WHERE.get(s, "")) for s in PLAIN),
        *(
            _fires("withdraw", s, COORDINATOR, closing_note="What was done is handed over.")
            for s in ("delivery", "evaluation")
        ),
    ]
