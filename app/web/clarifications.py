"""Questions to the country and its answers: several asked at once, answered wholly or partly."""

from fastapi import Response

from app.kit import clock
from app.kit.errors import NotFound
from app.requests import service as dossier
from app.requests.schemas import AnswerBody, AskBody
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.frame import about, framed, of_request
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PART = "clarifications"
NAME = marked("Clarifications")


@api.get("/requests/{ref}/clarifications")
def page_clarifications(desk: AtVisit, ref: str) -> Response:
    """Show the questions to the country, what is answered, and what is due."""
    request = desk.request_within(ref)
    asked = dossier.clarifications(desk.session, request)
    shown = {"questions": asked, "today": clock.today()}
    return framed(desk, request, PART, "request/clarifications.html", **shown)


def _asking(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    return of_request(request, (about(params["ref"], PART), NAME))


def _ask(desk: Visit, params: Params, body: AskBody) -> str:
    request = desk.request_to_add(params["ref"])
    dossier.ask(desk.session, desk.shelf, desk.actor, request, body)
    desk.settle(request)
    return about(params["ref"], PART)


def _question(desk: Visit, params: Params) -> Subject:
    ref, number = params["ref"], params["number"]
    request = desk.request(ref)
    asked = [one for one in dossier.clarifications(desk.session, request) if one.number == number]
    if not asked:
        raise NotFound("clarification.unknown", f"There is no question {number}.")
    known = desk.open_part(asked[0])
    way = (about(ref, PART), NAME)
    subject = of_request(request, way, values={"answer": known.answer, "partial": False})
    return Subject(subject.values, subject.revision, subject.crumbs, (known.question,))


def _answer(desk: Visit, params: Params, body: AnswerBody) -> str:
    request = desk.request_to_change(params["ref"])
    given = (int(params["number"]), body)
    dossier.answer(desk.session, desk.shelf, desk.actor, request, given)
    desk.settle(request)
    return about(params["ref"], PART)


ACTS = (
    Act(
        "ask",
        "/requests/{ref}/clarifications/new",
        marked("Ask the country"),
        _asking,
        _ask,
        AskBody,
        marked("Send the questions"),
        marked(
            "The country's coordinators and government are told, and the clock of this stage "
            "stops until every question is answered."
        ),
    ),
    Act(
        "answer",
        "/requests/{ref}/clarifications/{number:int}/answer",
        marked("Answer a question"),
        _question,
        _answer,
        AnswerBody,
        marked("Send the answer"),
        marked("The answer goes to the desk. Once every question is answered the work goes on."),
    ),
)
acts.install(api, ACTS)
