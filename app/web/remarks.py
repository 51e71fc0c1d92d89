"""What people add beside a request: remarks, consents of the countries, recusals."""

from fastapi import Response

from app.directory import holders
from app.directory.schemas import RecusalBody
from app.requests import access
from app.requests import service as dossier
from app.requests.schemas import CommentBody, CommentView, ConsentBody, ConsentView
from app.requests.service import recusals
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices
from app.web.frame import about, framed, of_request
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PART, NAME = "remarks", marked("Remarks")
CONSENTS = ("consents", marked("Consents"))


@api.get("/requests/{ref}/remarks")
def page_remarks(desk: AtVisit, ref: str) -> Response:
    """Show the remarks, oldest first, and who has stood back."""
    request = desk.request(ref)
    rows = dossier.comments(desk.session, request)
    shown = {
        "remarks": [CommentView.model_validate(row) for row in rows],
        "names": holders.names(desk.session, {row.by for row in rows if row.by}),
        "recused": recusals.recusals(desk.session, desk.actor, request),
    }
    return framed(desk, request, PART, "request/remarks.html", **shown)


@api.get("/requests/{ref}/consents")
def page_consents(desk: AtVisit, ref: str) -> Response:
    """Show what the countries decided on sharing and publication, oldest first."""
    request = desk.request(ref)
    rows = dossier.consents(desk.session, request)
    shown = {
        "consents": [ConsentView.model_validate(row) for row in rows],
        "speaks": bool(access.standing_of(desk.session, request).countries & _spoken_for(desk)),
    }
    return framed(desk, request, CONSENTS[0], "request/consents.html", **shown)


def _remark(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    return of_request(request, (about(params["ref"], PART), NAME))


def _add(desk: Visit, params: Params, body: CommentBody) -> str:
    request = desk.request_to_add(params["ref"])
    dossier.add_comment(desk.session, desk.shelf, desk.actor, request, body.text)
    return about(params["ref"], PART)


def _consenting(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    own = access.standing_of(desk.session, request).countries & _spoken_for(desk)
    if not own:
        access.permit(desk.session, desk.shelf, desk.actor, request, "consent.write")
    values = {"country": min(own), "subject": "sharing"} if len(own) == 1 else {}
    return of_request(request, (about(params["ref"], CONSENTS[0]), CONSENTS[1]), values=values)


def _spoken_for(desk: Visit) -> frozenset[str]:
    """Return the countries for which this person speaks."""
    return desk.actor.countries("resident_coordinator") | desk.actor.countries("government")


def _own_countries(desk: Visit) -> Choices:
    return [(code, code) for code in sorted(_spoken_for(desk))]


def _consent(desk: Visit, params: Params, body: ConsentBody) -> str:
    request = desk.request_to_add(params["ref"])
    dossier.consent(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], CONSENTS[0])


def _standing_back(desk: Visit, params: Params) -> Subject:
    request = desk.found(params["ref"])
    subject = of_request(request, (about(params["ref"], PART), NAME))
    return Subject({}, None, subject.crumbs, subject.lines)


def _recuse(desk: Visit, params: Params, body: RecusalBody) -> str:
    request = desk.to_add(desk.found(params["ref"]))
    recusals.recuse(desk.session, desk.actor, request, body.reason)
    return about(params["ref"], PART)


ACTS = (
    Act(
        "add_comment",
        "/requests/{ref}/remarks/new",
        marked("Remark on the request"),
        _remark,
        _add,
        CommentBody,
        marked("Add the remark"),
        marked("Everybody who sees this request reads it; a remark is not taken back."),
    ),
    Act(
        "add_consent",
        "/requests/{ref}/consents/new",
        marked("Record what your country decides"),
        _consenting,
        _consent,
        ConsentBody,
        marked("Record it"),
        marked(
            "It binds your country, on sharing with those who are to help or on publishing a "
            "summary. Publication can be taken back at any time (F19)."
        ),
        choices={"country": _own_countries},
        anywhere=True,
    ),
    Act(
        "recuse",
        "/requests/{ref}/recusal",
        marked("Stand back from this request"),
        _standing_back,
        _recuse,
        RecusalBody,
        marked("Stand back for good"),
        marked("You act in this request no more, in any role. Nobody takes it back (C7)."),
    ),
)
acts.install(api, ACTS)
