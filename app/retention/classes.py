"""The classes of all rows: what belongs to a request and goes with it, what only its time ends.

Every table of the database stands on this page once; a test compares. A text, document or sealed
column of a request's part is blanked, or named among those that may stay because no person's words
are in it: codes, states, references.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.accounts import tables as accounts
from app.assessment import tables as assessment
from app.delivery import tables as delivery
from app.directory import tables as directory
from app.files import tables as files
from app.kit.db import Base
from app.knowledge import tables as knowledge
from app.matching import tables as matching
from app.outbox import tables as outbox
from app.requests import tables as dossier
from app.requests.tables import AssistanceRequest
from app.screening import tables as screening
from app.webhooks import tables as webhooks


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong to a request, found by their column `by`, which points at `key` of `of`.

    An erasure drops them, or with `blanks` puts these values in place of what they say; `keeps`
    are the other columns that could hold a text.
    """

    rows: type[Base]
    by: str = "request_id"
    of: type[Base] = AssistanceRequest
    key: str = "id"
    blanks: Mapping[str, Any] | None = None
    keeps: tuple[str, ...] = ()


def texts(*names: str) -> dict[str, Any]:
    """Return blanks for columns of text."""
    return dict.fromkeys(names, "")


ASSESSMENT: dict[str, Any] = {"by": "assessment_id", "of": assessment.Assessment}
SCREENING: dict[str, Any] = {"by": "screening_id", "of": screening.Screening}
ACTIVITY: dict[str, Any] = {"by": "activity_id", "of": delivery.Activity}

PARTS = (
    # what was found in the country; numbers, levels and days stay
    Part(assessment.Evidence, by="answer_id", of=assessment.Answer),
    Part(assessment.Answer, **ASSESSMENT),
    Part(assessment.RiskAssessment, **ASSESSMENT),
    Part(assessment.Visit, **ASSESSMENT, blanks=texts("place", "host"), keeps=("country",)),
    Part(assessment.Consultation, **ASSESSMENT, blanks=texts("who", "note"), keeps=("group",)),
    Part(assessment.Acknowledgement, **ASSESSMENT, blanks=texts("note"), keeps=("country",)),
    Part(
        assessment.Assessment,
        blanks={"place": "", "team": [], "hosts": [], "waived_areas": {}},
        keeps=("kind", "status", "questionnaire"),
    ),
    Part(dossier.AssessmentRecord, blanks={"summary": {}}, keeps=("kind",)),
    Part(dossier.Finding, blanks=texts("text", "risk_factor"), keeps=("topic",)),
    Part(dossier.NeedFinding, by="need_id", of=dossier.Need, blanks={}),
    # screening: verdicts stay, words go
    Part(
        screening.CriterionFinding,
        **SCREENING,
        blanks=texts("reason", "condition") | {"evidence": {}},
        keeps=("criterion", "verdict", "ruled"),
    ),
    Part(
        screening.PrincipleFinding,
        **SCREENING,
        blanks=texts("reason", "condition"),
        keeps=("principle", "finding"),
    ),
    Part(screening.ScreeningHand, **SCREENING, blanks={}),
    Part(screening.Appeal, blanks=texts("grounds", "reason"), keeps=("outcome",)),
    Part(screening.Screening, blanks=texts("reason"), keeps=("principles", "outcome")),
    # matching: who helped with what stays
    Part(matching.ResponseRow, by="proposal_id", of=matching.ProposalRow),
    Part(matching.ProposalRow),
    Part(matching.BasisChange, blanks=texts("reason"), keeps=("treatment", "entries")),
    Part(dossier.Assignment, blanks={}, keeps=("entity", "part", "mandate", "cite")),
    Part(dossier.Involvement, blanks={}, keeps=("entity", "part", "standing")),
    # delivery: days, states and measures stay
    Part(delivery.Indicator, **ACTIVITY, blanks=texts("name", "unit")),
    Part(delivery.ActivityFinding, **ACTIVITY, blanks={}),
    Part(
        delivery.Activity,
        blanks=texts("title", "reason") | {"objectives": [], "targets": []},
        keeps=("kind", "status"),
    ),
    Part(
        delivery.Component,
        by="programme_id",
        of=delivery.JointProgramme,
        blanks=texts("title"),
        keeps=("entity",),
    ),
    Part(delivery.JointProgramme, blanks=texts("title", "framework_outcome"), keeps=("lead",)),
    Part(delivery.ProgressReport),
    Part(
        delivery.Closing,
        blanks=texts("impact", "no_impact_reason", "lesson", "no_lesson_reason"),
    ),
    Part(knowledge.KnowledgeEntry),
    # the dossier and its parts
    Part(
        dossier.Need,
        blanks=texts("text", "sector") | {"sensitivities": []},
        keeps=("area", "topic", "kind", "origin", "apart"),
    ),
    Part(dossier.Element, blanks=texts("reason"), keeps=("element", "verdict")),
    Part(dossier.Clarification, blanks=texts("question", "answer")),
    Part(dossier.StandingWork),
    Part(dossier.TextVersion),
    Part(dossier.Comment),
    Part(
        dossier.Condition,
        blanks=texts("text", "met_note"),
        keeps=("criterion", "cite"),
    ),
    Part(dossier.Consent, blanks=texts("reason"), keeps=("country", "subject")),
    # what was held in confidence: without the key nothing of it opens, in no backup either
    Part(dossier.RequestKey),
    Part(dossier.ProtectedPart),
    Part(dossier.Opening, blanks=texts("reason"), keeps=("part",)),
    Part(dossier.NamedGrant, blanks=texts("reason"), keeps=("part",)),
    Part(dossier.Lowering, blanks=texts("reason"), keeps=("before", "after", "ended")),
    Part(
        dossier.AttachmentContent,
        by="attachment_id",
        of=dossier.Attachment,
    ),
    Part(
        files.StoredFile,
        by="id",
        of=dossier.Attachment,
        key="file_id",
        blanks={"place": None, "wrapped": None, "upload_key": None}
        | texts("sha256", "sent_sha256"),
        keeps=("id", "status", "reason", "kind", "scan"),
    ),
    Part(dossier.Attachment),
    # who stood aside and who looked in an emergency
    Part(
        directory.Interest,
        by="value",
        key="reference",
        blanks=texts("reason"),
        keeps=("kind", "value"),
    ),
    Part(dossier.GlassReading, by="glass_id", of=dossier.GlassBreak),
    Part(dossier.GlassBreak, blanks=texts("reason", "ticket", "note")),
    # what is to be told of it, and the request itself
    Part(webhooks.Delivery),
    Part(outbox.Notice, by="event_id", of=dossier.RequestEvent),
    Part(dossier.Deadline, blanks={}, keeps=("state",)),
    Part(dossier.RequestCountry, blanks={}, keeps=("country",)),
    Part(
        AssistanceRequest,
        by="id",
        blanks=texts("title", "summary", "authority", "sector", "internal_reason")
        | texts("urgency_reason", "cross_border", "framework_outcome"),
        keeps=(
            *("reference", "workflow", "workflow_hash", "state", "stage", "came_from"),
            *("language", "urgency", "level", "head"),
        ),
    ),
)
"""What belongs to a request, in the order of an erasure: parts before what they are parts of."""

LOGGED = {"request_events", "ledger_entries"}
"""Emptied entry by entry, as the log allows: the digests stay, and with them the chain."""

MENTIONING = {"stored_answers", "request_words"}
"""What repeats a request elsewhere: answers to calls that were repeated, the index of words."""

PLAIN = frozenset({"trigger", "from", "to", "cite", "cause", "workflow", "version", "sha256"})
"""What an event may say and keep: the words of the definition, no person's."""

STAYS: dict[str, str] = {
    "people": "directory",
    "role_grants": "directory",
    "api_tokens": "directory",
    "access_epoch": "directory",
    "delegations": "directory",
    "accounts": "accounts",
    "second_factors": "accounts",
    "recovery_codes": "accounts",
    "web_sessions": "accounts",
    "one_time_links": "accounts",
    "attempts": "accounts",
    "person_joins": "accounts",
    "call_counts": "accounts",
    "letters": "accounts",
    "countries": "reference",
    "country_groups": "reference",
    "reference_counts": "reference",
    "saved_searches": "directory",
    "webhooks": "directory",
    "entities": "compendium",
    "compendium_entries": "compendium",
    "compendium_proposals": "compendium",
    "compendium_reminders": "compendium",
    "compendium_versions": "compendium",
    "portfolios": "planning",
    "relay_marks": "machinery",
    "kept_counts": "machinery",
    "executors": "machinery",
    "ledger_heads": "log",
    "ledger_marks": "log",
    "ledger_anchors": "log",
    "legal_holds": "erasures",
    "erasures": "erasures",
}
"""What belongs to no request, by class; it ends with the person, the office or the installation."""


@dataclass(frozen=True, slots=True)
class Term:
    """Rows that are dropped `after` so long past the moment in their column `since`."""

    what: str
    rows: type[Base]
    since: str
    after: timedelta


ANSWERS_KEPT = timedelta(hours=48)
"""How long a call may be repeated with its Idempotency-Key (reliability of retries)."""

TERMS = (
    Term("answers to repeated calls", dossier.StoredAnswer, "at", ANSWERS_KEPT),
    Term("notices that were read", outbox.Notice, "read_at", timedelta(days=90)),
    Term("notices", outbox.Notice, "at", timedelta(days=365)),
    Term("sessions that were ended", accounts.WebSession, "ended_at", timedelta(days=30)),
    Term("sessions that ran out", accounts.WebSession, "expires_at", timedelta(days=30)),
    Term("one-time links", accounts.OneTimeLink, "expires_at", timedelta(days=30)),
    Term("tries to sign in", accounts.Attempt, "last_at", timedelta(days=2)),
    Term("portfolios", matching.PortfolioRow, "asked_at", timedelta(days=365)),
    Term("letters", outbox.Letter, "sent_at", timedelta(days=30)),
    Term("deliveries of webhooks", webhooks.Delivery, "at", timedelta(days=90)),
    Term("webhooks that were ended", webhooks.Webhook, "ended_at", timedelta(days=91)),
)
"""What ends by itself."""
