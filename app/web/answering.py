"""What is said to a proposal: by entities that are asked, and by the government of a country."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from app.kit.errors import NotFound
from app.kit.text import Name, Prose
from app.matching import service as matching
from app.matching.schemas import MatchConsentBody, ProposalView, ResponseBody
from app.requests import access, concerns
from app.requests import service as dossier
from app.requests.tables import AssistanceRequest
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices, as_typed
from app.web.frame import about, of_request
from app.web.labels import named
from app.web.texts import marked
from app.web.visit import Visit, router

api = router()
TAB = "matching"
Answer = Literal["accept", "partly", "decline"]
ANSWERS: Choices = (
    ("accept", marked("We accept all that we are asked for")),
    ("partly", marked("We accept, but leave out some needs")),
    ("decline", marked("We decline")),
)


class AnswerBody(BaseModel):
    """What an entity answers, in the words of a form."""

    entity: Name
    answer: Answer
    declined_needs: tuple[int, ...] = Field((), max_length=200)
    reason: Prose = Field("", validate_default=True)

    @field_validator("declined_needs")
    @classmethod
    def _fitting(cls, needs: tuple[int, ...], so_far: ValidationInfo) -> tuple[int, ...]:
        """Hold what is left out to the answer."""
        answer = so_far.data.get("answer")
        if answer == "accept" and needs:
            raise ValueError("you accept everything: leave out no need, or accept a part")
        if answer == "partly" and not needs:
            raise ValueError("say which needs you leave out")
        return needs if answer == "partly" else ()

    @field_validator("reason")
    @classmethod
    def _given(cls, reason: str, so_far: ValidationInfo) -> str:
        """Take no decline without its reason (F53)."""
        if so_far.data.get("answer") in ("partly", "decline") and not reason:
            raise ValueError("say why: the desk and the country read it")
        return reason


class DecisionBody(MatchConsentBody):
    """What a country says to a match; a refusal is not taken without its reason (F19)."""

    reason: Prose = Field("", validate_default=True)

    @field_validator("reason")
    @classmethod
    def _given(cls, reason: str, so_far: ValidationInfo) -> str:
        """Take no refusal without its reason."""
        if so_far.data.get("given") is False and not reason:
            raise ValueError("say why: the desk and the entities read it")
        return reason


def at_hand(desk: Visit, request: AssistanceRequest) -> ProposalView | None:
    """Return the latest proposal, as far as it is for who reads."""
    rows = matching.proposals(desk.session, request, desk.own())
    if not rows:
        return None
    view: ProposalView = desk.open_part(matching.view_of(desk.session, rows[-1]))
    return view


def to_answer(desk: Visit, view: ProposalView | None) -> list[str]:
    """Return the own entities that a proposal asks and that have not answered it."""
    if view is None or view.status != "offered":
        return []
    said = {one.entity for one in view.responses}
    return sorted(concerns.own_entities(desk.actor).intersection(view.entities) - said)


def to_consent(desk: Visit, request: AssistanceRequest, view: ProposalView | None) -> Sequence[str]:
    """Return the own countries that have not spoken on a proposal that every entity accepted."""
    if view is None or view.status != "accepted":
        return []
    own = set(access.standing_of(desk.session, request).countries)
    said = {
        one.country
        for one in dossier.consents(desk.session, request)
        if one.subject == "match" and one.proposal == view.number
    }
    return sorted(own.intersection(desk.actor.countries("government")) - said)


def _about(
    desk: Visit, params: Params, values: dict[str, str], fields: tuple[str, ...] = ()
) -> Subject:
    """Return the subject of an answer: with who is asked for what."""
    request = desk.request(params["ref"])
    texts = {one.number: one.text for one in dossier.needs(desk.session, request)}
    shown = {"proposal": at_hand(desk, request), "texts": texts}
    way = (about(params["ref"], TAB), marked("Matching"))
    return of_request(request, way, values=values, shown=shown, fields=fields)


def _answering(desk: Visit, params: Params) -> Subject:
    own = _own(desk)
    whole = () if _divisible(desk) else ("entity", "answer", "reason")
    return _about(desk, params, {"entity": own[0][0] if len(own) == 1 else ""}, whole)


def _respond(desk: Visit, params: Params, body: AnswerBody) -> str:
    accepted = body.answer != "decline"
    told = body.model_dump(include={"entity", "declined_needs", "reason"})
    sent = ResponseBody(accepted=accepted, **told)
    desk.sent = (sent,)
    request = desk.request_to_change(params["ref"])
    matching.respond(desk.session, desk.shelf, desk.actor, request, sent)
    desk.settle(request)
    return _still(desk, params)


def _still(desk: Visit, params: Params) -> str:
    """Return where to go on to: home, where the answer has ended what one sees of the request."""
    try:
        access.find(desk.session, desk.actor, params["ref"])
    except NotFound:
        return "/"
    return about(params["ref"], TAB)


def _consenting(desk: Visit, params: Params) -> Subject:
    own = _countries(desk)
    return _about(desk, params, {"country": own[0][0] if len(own) == 1 else ""})


def _consent(desk: Visit, params: Params, body: DecisionBody) -> str:
    request = desk.request_to_change(params["ref"])
    sent = MatchConsentBody(**body.model_dump())
    desk.sent = (sent,)
    matching.consent(desk.session, desk.shelf, desk.actor, request, sent)
    desk.settle(request)
    return about(params["ref"], TAB)


def _here(desk: Visit) -> AssistanceRequest:
    return desk.request(desk.http.path_params["ref"])


def _own(desk: Visit) -> Choices:
    return named(desk, to_answer(desk, at_hand(desk, _here(desk))))


def _countries(desk: Visit) -> Choices:
    request = _here(desk)
    return [(one, one) for one in to_consent(desk, request, at_hand(desk, request))]


def _asked_needs(desk: Visit) -> Choices:
    """Return the needs that the own entities are asked to answer for."""
    request = _here(desk)
    view, own = at_hand(desk, request), set(concerns.own_entities(desk.actor))
    asked = view.assignments if view else []
    mine = {one.need for one in asked if one.entity in own and one.part == "lead"}
    needs = dossier.needs(desk.session, request)
    return [(str(n.number), as_typed(n.number, n.text)) for n in needs if n.number in mine]


def _divisible(desk: Visit) -> bool:
    """Whether one can accept a part: of one need there is none."""
    return len(_asked_needs(desk)) > 1


def _answers(desk: Visit) -> Choices:
    return [one for one in ANSWERS if one[0] != "partly" or _divisible(desk)]


LEAF = "request/offer_leaf.html"
ACTS = (
    Act(
        "respond",
        "/requests/{ref}/matching/answer",
        marked("Answer the offer"),
        _answering,
        _respond,
        AnswerBody,
        marked("Answer"),
        marked(
            "An acceptance binds your entity to the needs that you do not leave out. A decline "
            "takes a reason; you see nothing newer of the request then."
        ),
        {"entity": _own, "answer": _answers, "declined_needs": _asked_needs},
        leaf=LEAF,
    ),
    Act(
        "consent",
        "/requests/{ref}/matching/consent",
        marked("Decide for your country"),
        _consenting,
        _consent,
        DecisionBody,
        marked("Decide"),
        marked("Once every country consents delivery begins. A refusal takes a reason (F19)."),
        {"country": _countries},
        leaf=LEAF,
    ),
)
acts.install(api, ACTS)
