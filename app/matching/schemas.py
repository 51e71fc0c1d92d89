"""What doors take and give for the matching room."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from app.kit.text import Alpha3, FilledProse, Name, Prose
from app.matching.optimiser import AssignmentOut, CandidateIn, Proposal
from app.matching.portfolio import Plan
from app.requests.schemas import Body, ConsentView, View
from app.requests.tables import Mark

MOST_NEEDS = 200
MOST_AGAIN = 30
Place = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ResponseBody(Body):
    """What an entity answers to the proposal offered to it; a decline takes a reason.

    One that accepts may leave out some of the needs it would answer for: `declined_needs`.
    """

    entity: Name
    accepted: bool
    reason: Prose = ""
    declined_needs: Annotated[tuple[Place, ...], Field(max_length=MOST_NEEDS)] = ()


class AskAgain(Body):
    """An entity that declined and is to be asked once more, and why: a deliberate act (F41)."""

    entity: Name
    reason: FilledProse


class ProposalBody(Body):
    """What a new proposal is to do beside what the rules say."""

    ask_again: Annotated[tuple[AskAgain, ...], Field(max_length=MOST_AGAIN)] = ()


class NeedMark(Body):
    """Whether an entity is to answer for a need at all, and why; empty: it is.

    `internal` to the organizations (F2), `outside` every mandate (F15), or `unserved`: nobody who
    may be asked is left.
    """

    apart: Mark
    reason: FilledProse


class MatchConsentBody(Body):
    """What a country says to the accepted proposal; a refusal takes a reason (F19)."""

    country: Alpha3
    given: bool
    reason: Prose = ""


class ResponseView(View):
    """What an entity answered."""

    entity: str
    accepted: bool
    reason: str
    declined_needs: list[int]
    kept: bool
    at: datetime


class OfferView(View):
    """What one's entity was asked, and what it said; `state` stands still once it is out."""

    reference: str
    entity: str
    part: str
    standing: str
    since: datetime
    state: str
    answers: list[ResponseView]


class ProposalLine(View):
    """A proposal in a list."""

    number: int
    status: str
    lead: str | None
    entities: list[str]
    prepared_at: datetime


class ConflictView(View):
    """Somebody who had a hand in the screening and is tied to an entity that is proposed (C7)."""

    person_id: int
    entity: str


class ProposalView(ProposalLine):
    """A proposal with its reasons and all that it rests on; `inputs_hash` is their sha256.

    `assignments` say who is asked for which need. `conflicts` flag that the screening before it was
    not free of the entities it names. An entity reads its own part alone: what compares is null.
    """

    assignments: list[AssignmentOut]
    content: Proposal | None
    inputs: dict[str, Any] | None
    inputs_hash: str | None
    responses: list[ResponseView]
    conflicts: list[ConflictView] | None


class ReasonBody(Body):
    """Why a proposal stands though its basis has changed."""

    reason: FilledProse


class BasisView(View):
    """What a version of the compendium meant for a request: noted, flagged or renewed.

    A flagged proposal waits until the desk confirms it with a reason, or matches again.
    """

    version: int
    treatment: str
    proposal: int | None
    entries: list[str]
    at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None
    reason: str


class OutcomeView(View):
    """What a proposal would say: who leads, who helps, who is heard, which needs stay open."""

    lead: str | None
    entities: list[str]
    consult: list[str]
    uncovered: list[int]


class ImpactLine(View):
    """What a change of the compendium would mean for one open request, and how."""

    reference: str
    stage: str
    state: str
    treatment: str
    proposal: int | None
    before: OutcomeView
    after: OutcomeView


class ImpactView(View):
    """What a proposed change would mean: for how many of those looked at, for which, and how."""

    moment: datetime | None
    entries: list[str]
    considered: int
    requests: list[ImpactLine]


class MatchingView(View):
    """Where the matching of a request stands.

    `revision` is the request's. `candidates` and `outlook` are computed now, on the version
    `compendium`; `proposal` is the latest one as it was stored. `basis` is what later versions of
    the compendium meant for it. `waiting` are entities that were asked and that nobody reaches now:
    nothing is lost, and nothing counts as declined. An entity that is asked finds itself here, the
    proposal in which it is asked, and no other.
    """

    revision: int
    candidates: list[CandidateIn]
    outlook: Proposal | None
    proposal: ProposalView | None
    consents: list[ConsentView]
    compendium: int
    basis: list[BasisView] | None
    waiting: list[str]


class PortfolioBody(Body):
    """For how many quarters to plan, the present one first, and how many of them help takes."""

    quarters: Annotated[int, Field(ge=1, le=8)] = 4
    lasts: Annotated[int, Field(ge=1, le=4)] = 2


class PortfolioLine(View):
    """A portfolio in a list; `status` is waiting, planned or failed.

    `gap` says how far from the best its plan can be at most, as a part of what it costs.
    """

    number: int
    status: str
    quarters: int
    lasts: int
    asked_at: datetime
    planned_at: datetime | None
    gap: float | None


class PortfolioView(PortfolioLine):
    """A plan for all open requests at once, which proposes and binds nobody.

    It rests on the needs as of a day and on a version of the compendium; `problem_hash` is the
    sha256 of all that it rests on.
    """

    as_of: date | None
    compendium: int | None
    problem_hash: str | None
    plan: Plan | None
