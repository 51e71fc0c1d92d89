"""What people send to a screening: verdicts, findings, a recheck, the decision and its second."""

from typing import Any, get_args

from app.engine.principles import OutcomeCode
from app.requests.tables import AssistanceRequest
from app.screening import service
from app.screening.rules import is_more_lenient
from app.screening.schemas import (
    ConfirmationBody,
    CriterionBody,
    DecisionBody,
    PrincipleBody,
    PrincipleView,
    ScreeningView,
)
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices
from app.web.frame import about, crumbs
from app.web.screening.reading import (
    PART,
    ROOT,
    criterion_in,
    findings_for,
    names_of,
    pairs,
    principle_in,
    said_of,
    verdicts_for,
)
from app.web.texts import marked
from app.web.visit import Visit


def _seen(desk: Visit, params: Params) -> ScreeningView:
    """Return the round that an act is about."""
    request = desk.request(params["ref"])
    service.current(desk.session, request)
    desk.hold_acts()
    view = service.view_of(desk.session, desk.shelf, desk.reader, request)
    opened: ScreeningView = desk.open_part(view)
    return opened


def _subject(view: ScreeningView, *more: tuple[str, str], **kept: Any) -> Subject:
    way = crumbs(view.reference, (about(view.reference, PART), marked("Screening")), *more)
    return Subject(revision=view.revision, crumbs=way, **kept)


def _one_criterion(desk: Visit, params: Params) -> Subject:
    view = _seen(desk, params)
    one = criterion_in(view, params["code"])
    of = principle_in(view, one.code.partition(".")[0])
    return _subject(view, _place(view, of), values=said_of(one), shown={"one": one})


def _one_principle(desk: Visit, params: Params) -> Subject:
    view = _seen(desk, params)
    one = principle_in(view, params["code"])
    return _subject(view, _place(view, one), values=said_of(one), shown={"one": one})


def _place(view: ScreeningView, one: PrincipleView) -> tuple[str, str]:
    return f"{about(view.reference, PART)}/principles/{one.code}", one.label


def _decision(desk: Visit, params: Params) -> Subject:
    view = _seen(desk, params)
    return _subject(view, shown={"round": view, "names": names_of(desk, view, [], None)})


def _at_hand(desk: Visit, params: Params) -> AssistanceRequest:
    request = desk.request(params["ref"])
    desk.matches(service.current(desk.session, request).revision)
    return request


def _put_criterion(desk: Visit, params: Params, body: CriterionBody) -> str:
    request, code = _at_hand(desk, params), params["code"]
    service.write_criterion(desk.session, desk.shelf, desk.actor, request, (code, body))
    return f"{about(params['ref'], PART)}/principles/{code.partition('.')[0]}#c-{code}"


def _put_principle(desk: Visit, params: Params, body: PrincipleBody) -> str:
    request, code = _at_hand(desk, params), params["code"]
    service.write_principle(desk.session, desk.shelf, desk.actor, request, (code, body))
    return f"{about(params['ref'], PART)}/principles/{code}#c-{code}"


def _recheck(desk: Visit, params: Params, _body: Any) -> str:
    request = _at_hand(desk, params)
    service.recheck(desk.session, desk.shelf, desk.actor, request)
    return about(params["ref"], PART)


def _decide(desk: Visit, params: Params, body: DecisionBody) -> str:
    request = _at_hand(desk, params)
    service.decide(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], PART)


def _confirm(desk: Visit, params: Params, body: ConfirmationBody) -> str:
    request = _at_hand(desk, params)
    service.confirm(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], PART)


def _verdicts(desk: Visit) -> Choices:
    code = desk.http.path_params["code"]
    return verdicts_for(criterion_in(_now(desk), code))


def _findings(desk: Visit) -> Choices:
    return findings_for(principle_in(_now(desk), desk.http.path_params["code"]))


def _outcomes(desk: Visit) -> Choices:
    """Return the outcome that the findings lead to, and every stricter one."""
    derived = _now(desk).derived.outcome
    every: tuple[OutcomeCode, ...] = get_args(OutcomeCode)
    return pairs(one for one in every if derived is None or not is_more_lenient(one, derived))


def _now(desk: Visit) -> ScreeningView:
    request = desk.about or desk.request(desk.http.path_params["ref"])
    service.current(desk.session, request)
    return service.view_of(desk.session, desk.shelf, desk.reader, request)


CRITERION = Act(
    "put_criterion",
    ROOT + "/criteria/{code}",
    marked("Verdict on a criterion"),
    _one_criterion,
    _put_criterion,
    CriterionBody,
    choices={"verdict": _verdicts},
    leaf="screening/one.html",
)
PRINCIPLE = Act(
    "put_principle",
    ROOT + "/principles/{code}/finding",
    marked("Finding on a principle"),
    _one_principle,
    _put_principle,
    PrincipleBody,
    choices={"finding": _findings},
    leaf="screening/one.html",
)
ACTS = (
    CRITERION,
    PRINCIPLE,
    Act(
        "recheck",
        ROOT + "/recheck",
        marked("Let the rules look again"),
        _decision,
        _recheck,
        button=marked("Look again"),
        binding=marked(
            "Rules answer anew from what the file holds today. What people found stays, except"
            " where facts no longer allow it. A decision on a verdict that changes lapses."
        ),
    ),
    Act(
        "decide",
        ROOT + "/decide",
        marked("Decide the outcome"),
        _decision,
        _decide,
        DecisionBody,
        marked("Decide"),
        marked("It binds the request once a second person has confirmed it."),
        choices={"outcome": _outcomes},
        leaf="screening/outcome_leaf.html",
    ),
    Act(
        "confirm",
        ROOT + "/confirm",
        marked("Confirm the decision"),
        _decision,
        _confirm,
        ConfirmationBody,
        marked("Confirm"),
        marked("You sign as the second person. The request can then be moved by this outcome."),
        leaf="screening/outcome_leaf.html",
    ),
)
