"""Going back to what a version of the compendium said, and withdrawing an entry: by proposals."""

from pydantic import Field

from app.compendium import service as compendium
from app.compendium.entries import KINDS, Kind
from app.compendium.schemas import ChangeBody, ChangesBody
from app.kit import clock
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.changing import Proposal, kind_of, proposed
from app.web.compendium import CRUMB
from app.web.texts import marked
from app.web.visit import Visit, router

api = router()
VERSIONS = ("/compendium/versions", marked("Versions"))


class GoingBack(Proposal):
    """Why to go back, and with which kinds of entries."""

    kinds: list[Kind] = Field(default_factory=list, max_length=len(KINDS))


def _version(desk: Visit, params: Params) -> Subject:
    found = compendium.version(desk.session, int(params["number"]))
    return Subject({}, None, (CRUMB, VERSIONS), (f"{found.number}: {found.source}",))


def _go_back(desk: Visit, params: Params, body: GoingBack) -> str:
    sent = ChangesBody(
        kind="restore",
        title=body.why_title,
        reason=body.why,
        effective_at=body.effective_at,
        restores=int(params["number"]),
        kinds=body.kinds,
    )
    return proposed(desk, sent)


def _entry(desk: Visit, params: Params) -> Subject:
    kind, code = kind_of(params), str(params["code"])
    compendium.history(desk.session, code, kind, clock.now())
    return Subject({}, None, (CRUMB, (f"/compendium/entries/{kind}/{code}", code)), (code,))


def _withdraw(desk: Visit, params: Params, body: Proposal) -> str:
    change = ChangeBody(kind=kind_of(params), code=params["code"], withdraw=True)
    sent = ChangesBody(
        title=body.why_title, reason=body.why, effective_at=body.effective_at, changes=[change]
    )
    return proposed(desk, sent)


ACTS = (
    Act(
        "propose_change",
        "/compendium/versions/{number:int}/return",
        marked("Go back to a version"),
        _version,
        _go_back,
        GoingBack,
        marked("Propose"),
        marked("What was said then becomes a new version, once a second person agrees."),
        left_out=("claim",),
        called="propose_return",
    ),
    Act(
        "propose_change",
        "/compendium/withdraw/{kind}/{code}",
        marked("Propose to withdraw the entry"),
        _entry,
        _withdraw,
        Proposal,
        marked("Propose"),
        marked("A second person reviews it. Until then nothing changes for any request."),
        left_out=("claim",),
        called="propose_withdrawal",
    ),
)
acts.install(api, ACTS)
