"""What must come of a cell, exactly: from the row of the table, the definition, and what is there."""

from dataclasses import dataclass
from typing import Any

from app.engine.definition import WorkflowDefinition
from app.policy import sight
from tests.policy.findings import BEFORE, LATER, OPEN, Outcome
from tests.policy.ground import Subject
from tests.policy.matrix import Operation
from tests.policy.people import Principal


def sees(who: Principal, subject: Subject) -> bool:
    """Whether a request is there for a principal, by the sets of `policy.sight`."""
    own, draft = who.country == subject.country, subject.state == "draft"
    stands_there = subject.state == "screening"
    ways = {
        sight.EVERYTHING: True,
        sight.DESK: not draft,
        sight.SCREENING: not draft and (subject.level != "confidential" or stands_there),
        sight.DRAFTS: own,
        sight.COUNTRY: own and not draft,
        sight.ENTITY: who.entity == subject.entity,
        sight.PROGRAM: own and not draft and subject.level == "ordinary",
    }
    return any(there for roles, there in ways.items() if who.role in roles)


def reads_within(who: Principal, subject: Subject) -> bool:
    """Whether a principal who sees a request may read what lays weaknesses open."""
    if who.role in sight.ENTITY:
        return subject.accepted
    return who.role not in sight.PROGRAM


@dataclass(frozen=True, slots=True)
class Rights:
    """The roles that a definition names."""

    definition: WorkflowDefinition

    def acts(self, state: str, act: str) -> tuple[str, ...] | None:
        """Return who may do an act in a state; None when the state has no such act."""
        return self.definition.states[state].acts.get(act)

    def withdraw(self, state: str) -> set[str] | None:
        """Return who may withdraw in a state: the move that the matrix tries; None: nobody."""
        held = [
            e.transition.by
            for e in self.definition.edges
            if e.source == state and e.transition.trigger == "withdraw"
        ]
        return {role for by in held for role in by} if held else None


def expected(
    operation: Operation, who: Principal, subject: Subject | None, rights: Rights
) -> Outcome:
    """Return what must come of a call, by the row that its description carries."""
    policy = operation.policy
    if policy["relation"] == "none":
        named = (operation.name, who.name)
        return OPEN.get(named) or OPEN.get(operation.name) or Outcome(operation.success)
    if not who.valid:
        return Outcome(401, _unknown(who))
    if refused := _at_the_desk(policy, who):
        return Outcome(403, refused)
    if subject is None:
        return _unbarred(operation, who, "")
    return _towards(operation, who, subject, rights)


def _unknown(who: Principal) -> str:
    if who.cookie:
        return "session.invalid"
    return "token.invalid" if who.token else "token.missing"


def _at_the_desk(policy: dict[str, Any], who: Principal) -> str:
    """Return the code with which the table alone refuses, or nothing."""
    if policy["scope"] != "none" and policy["scope"] not in who.scopes:
        return "token.scope"
    if "roles" in policy and who.role not in policy["roles"]:
        return "policy.role"
    bare = policy["assurance"] == "step_up"  # no principal of the matrix has stepped up
    return "assurance.step_up" if bare else ""


def _towards(operation: Operation, who: Principal, subject: Subject, rights: Rights) -> Outcome:
    """Return what must come of a call about a request that the table itself lets pass."""
    policy = operation.policy
    reaches = policy["relation"] == "request" and who.role in policy.get("beyond", ())
    if not reaches and not sees(who, subject):
        return Outcome(404, "request.unknown")
    if policy.get("within") and not reads_within(who, subject):
        return Outcome(403, "part.restricted")
    thing, lacking = BEFORE.get(operation.name, ("", None))
    if lacking is not None and thing not in subject.things:
        return lacking
    barred = _by_state(policy, who, subject, rights)
    return barred or _unbarred(operation, who, subject.name)


def _by_state(
    policy: dict[str, Any], who: Principal, subject: Subject, rights: Rights
) -> Outcome | None:
    """Return what the definition says against it: not in this state, or not by this role.

    Of several acts the kind of what is there decides: the matrix has full assessments alone, so
    that a government's act in its self-assessment never counts.
    """
    if "moves" in policy:
        able = rights.withdraw(subject.state)
        if able is None:
            return Outcome(409, "transition.not_from_here")
        return None if who.role in able else Outcome(403, "transition.role")
    if "acts" not in policy:
        return None
    tried = [act for act in policy["acts"] if act != "self_assessment.write"]
    held = [rights.acts(subject.state, act) for act in tried]
    known = [roles for roles in held if roles is not None]
    if not known:
        return Outcome(409, "act.not_in_this_state")
    return None if any(who.role in roles for roles in known) else Outcome(403, "act.role")


def _unbarred(operation: Operation, who: Principal, relation: str) -> Outcome:
    """Return what comes of a call that no right stands against: success, unless told otherwise."""
    for told in LATER.get(operation.name, ()):
        if told.fits(relation, who):
            return told.outcome
    return Outcome(operation.success)
