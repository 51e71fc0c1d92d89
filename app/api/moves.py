"""Moving a request: the one endpoint that fires transitions, through the queue of commits."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.api.deps import Reference
from app.api.problems import CHANGES
from app.kit.errors import Malformed, Unconditional
from app.kit.text import Name, Prose, preferred
from app.lifecycle.moves import Move, Moved
from app.requests.schemas import Body, StatusView
from app.requests.service.reading import Reader, label
from app.wiring import answers
from app.wiring.commits import Commits, Wish
from app.wiring.house import House, bearer

api = APIRouter(tags=["requests"])


class MoveBody(Body):
    """A wish to move a request: which transition, what its form asks, and a remark."""

    trigger: Name
    form: dict[Name, Any] = Field(default_factory=dict, max_length=20)
    comment: Prose = ""


def seen_revision(header: str | None) -> int | None:
    """Return the revision that If-Match names; None for `*`. Raises Unconditional, Malformed."""
    if header is None:
        raise Unconditional("if_match.missing", 'Say what you saw last: If-Match: "<revision>".')
    tag = header.strip()
    if tag == "*":
        return None
    number = tag[1:-1]
    if tag[:1] != '"' or tag[-1:] != '"' or not number.isdecimal() or len(number) > 18:
        raise Malformed("if_match.malformed", 'If-Match takes one entity tag such as "7", or *.')
    return int(number)


@api.post("/requests/{ref}/transitions", response_model=StatusView, responses=CHANGES)
async def move_request(http: Request, ref: Reference, body: MoveBody) -> Response:
    """Fire a transition; it is durable when the answer comes."""
    house: House = http.app.state.house
    commits: Commits = http.app.state.commits
    revision = seen_revision(http.headers.get("if-match"))
    language = preferred(http.headers.get("accept-language", "en"))
    key = answers.key_of(http.headers.get("idempotency-key"))
    wish = Wish(
        token=bearer(http.headers.get("authorization")),
        move=lambda actor: Move(actor, ref, body.trigger, revision, body.form, body.comment),
        show=lambda actor, moved: _shown(house, Reader(actor, language, house.texts), moved),
        key=key,
        fingerprint=answers.fingerprint(http, await http.body()) if key else "",
    )
    return await commits.submit(wish)


def _shown(house: House, reader: Reader, moved: Moved) -> Response:
    standing = moved.standing
    state = house.shelf.get(standing.workflow, standing.version).definition.states[standing.state]
    view = StatusView(
        reference=standing.reference,
        state=standing.state,
        stage=state.stage,
        label=label(reader, state),
        turn=list(state.turn),
        revision=standing.revision,
        since=standing.since,
        due=standing.due_at,
    )
    headers = {"ETag": f'"{standing.revision}"', "Content-Language": reader.language}
    return Response(view.model_dump_json(), 200, headers, "application/json")
