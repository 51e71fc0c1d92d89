"""Moving a request: the one endpoint that fires transitions, through the queue of commits."""

from fastapi import Request, Response

from app.api.deps import Reference
from app.api.problems import CHANGES
from app.requests.schemas import StatusView
from app.wiring.commits import Commits
from app.wiring.moving import FAULT, MoveBody, wish_of
from app.wiring.strict import StrictRoute, api_router

api = api_router("requests", StrictRoute)


@api.post("/requests/{ref}/transitions", response_model=StatusView, responses=CHANGES)
async def move_request(http: Request, ref: Reference, body: MoveBody) -> Response:
    """Fire a transition; it is durable when the answer comes."""
    fault: Exception | None = http.scope.get(FAULT)
    if fault is not None:
        raise fault
    commits: Commits = http.app.state.commits
    wish = wish_of(http, http.app.state.house, ref, (body, await http.body()))
    return await commits.submit(wish)
