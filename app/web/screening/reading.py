"""What the pages of a screening show: the round at hand, an appeal, names, and what may be said."""

from collections.abc import Iterable
from typing import Any, get_args

from app.directory import service as directory
from app.engine.principles import FindingCode, VerdictCode
from app.kit.errors import Blocker, NotFound
from app.requests.tables import AssistanceRequest
from app.screening import service
from app.screening.schemas import (
    AppealView,
    CriterionView,
    PrincipleView,
    ReasonView,
    ScreeningView,
)
from app.web.forms import Choices
from app.web.frame import about
from app.web.mending import Missing
from app.web.visit import Visit

PART = "screening"
ROOT = "/requests/{ref}/screening"


def latest(desk: Visit, request: AssistanceRequest) -> ScreeningView | None:
    """Return the latest round; None before the first."""
    try:
        return service.view_of(desk.session, desk.shelf, desk.reader, request)
    except NotFound:
        return None


def appeal_of(desk: Visit, request: AssistanceRequest) -> AppealView | None:
    """Return the appeal; None when none was made."""
    try:
        return AppealView.model_validate(service.appeal_of(desk.session, request))
    except NotFound:
        return None


def names_of(
    desk: Visit, view: ScreeningView | None, rounds: list[Any], appeal: AppealView | None
) -> dict[int, str]:
    """Return the names of all who had a hand in it."""
    numbers: set[int | None] = {appeal.by, appeal.heard_by} if appeal else set()
    decided = [one for one in (view.decision if view else None, *rounds) if one]
    for one in decided:
        numbers |= {one.decided_by, one.confirmed_by}
    for principle in view.principles if view else ():
        numbers |= {principle.by, *(one.by for one in principle.criteria)}
    return directory.names(desk.session, numbers)


def principle_in(view: ScreeningView, code: str) -> PrincipleView:
    """Return a principle of a round. Raises NotFound."""
    found = next((one for one in view.principles if one.code == code), None)
    if found is None:
        raise NotFound("principle.unknown", f"There is no principle {code}.")
    return found


def criterion_in(view: ScreeningView, code: str) -> CriterionView:
    """Return a criterion of a round. Raises NotFound."""
    found = [one for p in view.principles for one in p.criteria if one.code == code]
    if not found:
        raise NotFound("criterion.unknown", f"There is no criterion {code}.")
    return found[0]


def grounds_of(
    desk: Visit, request: AssistanceRequest, reasons: Iterable[Blocker | ReasonView]
) -> list[Missing]:
    """Return reasons with the place of the criterion or principle that each is about."""
    principles = desk.shelf.get(request.workflow, request.workflow_version).principles.principles
    home = {one.code: part.code for part in principles for one in (part, *part.criteria)}
    found = []
    for reason in reasons:
        code = str(reason.params.get("criterion") or reason.params.get("principle") or "")
        place = f"{PART}/principles/{home[code]}#h-{code}" if code in home else ""
        why = Blocker(reason.code, reason.cite, reason.params)
        found.append(Missing(why, about(request.reference, place) if place else ""))
    return found


def verdicts_for(criterion: CriterionView) -> Choices:
    """Return what may be said of a criterion: only one that need not always be met is waived."""
    open_ones = [one for one in get_args(VerdictCode) if one != "waived"]
    return pairs([*open_ones, "waived"] if criterion.modality == "W" else open_ones)


def findings_for(principle: PrincipleView) -> Choices:
    """Return what may be found of a principle: nothing better than its criteria allow."""
    order: tuple[str, ...] = get_args(FindingCode)
    return pairs(order[order.index(principle.best) :])


def pairs(codes: Iterable[str]) -> Choices:
    """Return codes as choices, each called by its own words."""
    return [(str(one), str(one)) for one in codes]


def said_of(one: CriterionView | PrincipleView) -> dict[str, Any]:
    """Return what a person said of it, to stand in the form; a rule's word is nobody's."""
    return one.model_dump() if one.by is not None else {}
