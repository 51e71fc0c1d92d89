"""What people write in a round: verdicts on criteria, findings on principles, and a recheck."""

from datetime import date

from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Pack, Shelf
from app.engine.principles import Criterion, Principle
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Forbidden, Invalid, NotFound
from app.requests import access, timeline
from app.requests.tables import AssistanceRequest
from app.screening.rules import RULES, ceiling, cited, exceeds
from app.screening.schemas import CriterionBody, PrincipleBody
from app.screening.service import sealed
from app.screening.service.evidence import gather
from app.screening.service.rounds import (
    by_rule,
    changed,
    current,
    ruled,
    serving_kinds,
    take_part,
    verdicts_of,
)
from app.screening.tables import CriterionFinding, PrincipleFinding, Screening

FACTS = frozenset(
    {"assessment_complete", "risk_assessment_attached", "interventions_rest_on_findings"}
)
"""Rules that report plain facts: nobody finds more than they do (F17, F32, F41)."""
ORDER = ("met", "partly", "not_met")


def write_criterion(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    written: tuple[str, CriterionBody],
) -> Screening:
    """Write a person's verdict on one criterion, over a rule's if there is one.

    Raises NotFound, Forbidden for another reviewer's principle, Blocked for a waiver that is not
    open or a verdict better than the facts allow, Conflict when no round is open.
    """
    code, body = written
    roles = access.permit(session, shelf, actor, request, "screening.write")
    pack = shelf.get(request.workflow, request.workflow_version)
    if code not in pack.principles.criterion_by_code:
        raise NotFound("criterion.unknown", f"There is no criterion {code}.")
    criterion = pack.principles.criterion_by_code[code]
    _reviews(pack.principles.principle_of(code), roles)
    row = current(session, request)
    _waivable(criterion, body.verdict)
    _dated(body.due_on)
    _supported(session, pack, request, (criterion, body.verdict))
    found = session.get(CriterionFinding, (row.id, code))
    if found is None:
        found = CriterionFinding(screening_id=row.id, criterion=code, evidence={}, ruled="")
    before = (found.verdict, found.reason, found.condition, found.due_on, found.by)
    found.verdict, found.reason = body.verdict, body.reason
    found.condition, found.due_on = body.condition, body.due_on
    found.by, found.at = actor.person_id, clock.now()
    if before == (found.verdict, found.reason, found.condition, found.due_on, found.by):
        return row
    session.add(found)
    take_part(session, row, actor)
    told = {"criterion": code, "verdict": body.verdict, "cite": cited(criterion)}
    told |= {"overruled": found.ruled} if found.ruled not in ("", body.verdict) else {}
    timeline.record(session, actor, request, "criterion_found", told)
    changed(session, actor, request, row)
    return row


def _reviews(principle: Principle, roles: frozenset[str]) -> None:
    if principle.reviewer_role not in roles:
        raise Forbidden(
            "screening.reviewer",
            f"Findings on {principle.code} take the role {principle.reviewer_role}.",
        )


def _waivable(criterion: Criterion, verdict: str) -> None:
    """Refuse to set an unqualified criterion aside, by whichever name."""
    params = {"criterion": criterion.code}
    if verdict == "waived" and criterion.modality != "W":
        reason = Blocker("screening.not_waivable", cited(criterion), params)
        raise Blocked("screening.not_waivable", "This criterion cannot be waived.", (reason,))
    answerable = criterion.modality == "M" and criterion.rule and criterion.rule not in FACTS
    if verdict == "not_applicable" and answerable:
        reason = Blocker("screening.always_applies", cited(criterion), params)
        raise Blocked("screening.always_applies", "This criterion always applies.", (reason,))


def _dated(due_on: date | None) -> None:
    if due_on is not None and due_on < clock.today():
        raise Invalid("condition.due_past", "The date of the condition has passed already.")


def _supported(
    session: Session, pack: Pack, request: AssistanceRequest, wish: tuple[Criterion, str]
) -> None:
    """Refuse a verdict that is better than plain facts allow (F17, F32)."""
    criterion, verdict = wish
    if criterion.rule is None or criterion.rule not in FACTS:
        return
    bound = RULES[criterion.rule](gather(session, pack, request.id, clock.now())).verdict
    if exceeds(verdict, bound):
        params = {"criterion": criterion.code, "best": bound}
        reason = Blocker("screening.beyond_evidence", cited(criterion), params)
        raise Blocked("screening.beyond_evidence", "The evidence does not allow it.", (reason,))


def write_principle(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    written: tuple[str, PrincipleBody],
) -> Screening:
    """Write a finding on a whole principle.

    Raises NotFound, Forbidden for another reviewer's principle, Invalid when infringing is said of
    a principle that rules answer, Blocked for a finding better than its criteria and the assessment
    allow, Conflict when no round is open.
    """
    code, body = written
    roles = access.permit(session, shelf, actor, request, "screening.write")
    principle = _principle(shelf, request, code)
    _reviews(principle, roles)
    row = current(session, request)
    if body.infringing and principle.rule_decides:
        raise Invalid("screening.infringing", "Only the principle of law and rights is infringed.")
    _dated(body.due_on)
    _within(session, row, principle, body)
    found = session.get(PrincipleFinding, (row.id, code))
    if found is None:
        found = PrincipleFinding(screening_id=row.id, principle=code)
    before = {name: getattr(found, name) for name in (*type(body).model_fields, "by")}
    for name, value in body.model_dump().items():
        setattr(found, name, value)
    found.by, found.at = actor.person_id or 0, clock.now()
    if before == body.model_dump() | {"by": found.by}:
        return row
    session.add(found)
    take_part(session, row, actor)
    told = {"principle": code, "finding": body.finding, "cite": cited(principle)}
    told |= {"infringing": "yes"} if body.infringing else {}
    timeline.record(session, actor, request, "principle_found", told)
    changed(session, actor, request, row)
    return row


def _principle(shelf: Shelf, request: AssistanceRequest, code: str) -> Principle:
    pack = shelf.get(request.workflow, request.workflow_version)
    for principle in pack.principles.principles:
        if principle.code == code:
            return principle
    raise NotFound("principle.unknown", f"There is no principle {code}.")


def _within(session: Session, row: Screening, principle: Principle, body: PrincipleBody) -> None:
    verdicts = {code: one.verdict for code, one in verdicts_of(session, row.id).items()}
    bound = ceiling(principle, verdicts, serving_kinds(session, row.request_id, clock.now()))
    if ORDER.index(body.finding) < ORDER.index(bound.best):
        raise Blocked(
            "screening.beyond_evidence",
            f"On its criteria and evidence {principle.code} is {bound.best} at best.",
            bound.reasons,
        )


def recheck(session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest) -> Screening:
    """Let the rules look again at what is there today.

    Verdicts that people wrote stay, beside what the rule says now; only where the facts no longer
    allow them they give way (F17, F32). Raises Conflict when no round is open.
    """
    access.permit(session, shelf, actor, request, "screening.write")
    pack = shelf.get(request.workflow, request.workflow_version)
    row = current(session, request)
    now = clock.now()
    found = verdicts_of(session, row.id)
    told: dict[str, str] = {}
    refreshed = False
    for code, answer in ruled(session, pack, request.id, now).items():
        one = found.get(code) or CriterionFinding(screening_id=row.id, criterion=code)
        fact = pack.principles.criterion_by_code[code].rule in FACTS
        kept = one.by is not None and not (fact and exceeds(one.verdict, answer.verdict))
        before = (one.verdict, one.reason, one.condition)
        seen = sealed.evidence_of(session, request.id, one)
        shown = (one.ruled, seen) if kept else (answer.verdict, seen)
        refreshed |= shown != (answer.verdict, list(answer.evidence))
        if seen != list(answer.evidence):
            sealed.put_evidence(session, request.id, one, answer.evidence)
        if kept:
            one.ruled = answer.verdict
        elif one.by is not None or before != (answer.verdict, answer.reason, answer.condition):
            session.add(by_rule(one, answer, now))
            told[code] = answer.verdict
    if told:
        timeline.record(session, actor, request, "screening_rechecked", {"changed": told})
        changed(session, actor, request, row)
    elif refreshed:  # the same verdicts on other evidence: nothing lapses, but the document differs
        row.revision += 1
    session.flush()
    return row
