"""Interests that one declares: in an entity or a country, of which one judges nothing meanwhile."""

from fastapi import Response
from pydantic import BaseModel, Field, ValidationInfo, field_validator

from app.directory import interests
from app.directory.schemas import InterestBody, InterestView
from app.kit import clock
from app.kit.errors import NotFound
from app.kit.text import Alpha3, FilledProse, Instant, Name
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.administration import entities_of
from app.web.own import CRUMB
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
INTERESTS = ("/account/interests", marked("Interests"))


@api.get("/account/interests")
def page_interests(desk: AtVisit) -> Response:
    """List what one has declared, recusals included."""
    rows = interests.interests(desk.session, desk.actor.person_id or 0)
    views = [InterestView.model_validate(row) for row in rows]
    shown = {"interests": views, "now": clock.now(), "crumbs": (CRUMB,)}
    return desk.page("account/interests.html", shown)


class InterestForm(BaseModel):
    """What one has an interest in: an entity or a country, by name."""

    entity: Name | None = None
    country: Alpha3 | None = Field(None, validate_default=True)
    reason: FilledProse
    valid_from: Instant | None = None
    valid_to: Instant | None = None

    @field_validator("country")
    @classmethod
    def _one(cls, country: str | None, so_far: ValidationInfo) -> str | None:
        """Take one of both."""
        if (country is None) == (so_far.data.get("entity") is None):
            raise ValueError("choose an entity or a country, and one of them")
        return country


def _declare(desk: Visit, _params: Params, body: InterestForm) -> str:
    told = body.model_dump(exclude={"entity", "country"}, exclude_none=True)
    value = body.entity or body.country or ""
    sent = InterestBody(kind="entity" if body.entity else "country", value=value, **told)
    desk.sent = (sent,)
    interests.declare(desk.session, desk.actor, sent)
    return INTERESTS[0]


def _end_interest(desk: Visit, params: Params, _body: BaseModel) -> str:
    interests.end(desk.session, desk.actor, int(params["number"]))
    return INTERESTS[0]


def _interest(desk: Visit, params: Params) -> Subject:
    """Return which interest ends. Raises NotFound."""
    known = interests.interests(desk.session, desk.actor.person_id or 0)
    found = [InterestView.model_validate(row) for row in known if row.id == int(params["number"])]
    if not found:
        raise NotFound("interest.unknown", "You have declared no such interest.")
    return Subject({}, None, (CRUMB, INTERESTS), shown={"interest": found[0]})


ACTS = (
    Act(
        "declare_interest",
        "/account/interests/new",
        marked("Declare an interest"),
        lambda _desk, _params: Subject({}, None, (CRUMB, INTERESTS)),
        _declare,
        InterestForm,
        marked("Declare"),
        marked("You judge nothing of theirs while it lasts."),
        {"entity": entities_of},
    ),
    Act(
        "end_interest",
        "/account/interests/{number:int}/end",
        marked("End an interest"),
        _interest,
        _end_interest,
        button=marked("End it"),
        binding=marked(
            "You may judge what is theirs again from then on. That you declared it stays."
        ),
        leaf="account/interest_leaf.html",
    ),
)
acts.install(api, ACTS)
