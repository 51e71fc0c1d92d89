"""The desk: one HTTP request's actor, transaction, language and conditions.

An endpoint is a plain function that runs in one worker thread inside one transaction, which is
committed before the answer leaves: what answers 2xx is durable.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from app.accounts.limits import hold_exports
from app.accounts.sessions import csrf_of
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.db import Clash, Overtaken
from app.kit.errors import Invalid, Refusal, Stale
from app.kit.text import preferred
from app.lifecycle import service as lifecycle
from app.requests import access, concerns, duties, nets
from app.requests.service import glass
from app.requests.service.reading import Reader
from app.requests.tables import AssistanceRequest
from app.wiring import answers
from app.wiring.callers import credential_of
from app.wiring.entitlement import entitled, rule_of
from app.wiring.house import House, number_in
from app.wiring.masking import Onlooker, hold_fields, keeps_back, masked, to_json
from app.wiring.refusals import ACTOR
from app.wiring.tags import matches, seen, tag_of

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
READ_SIZE = 1 << 18
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Desk:
    """What an endpoint works with. `session` and `actor` are set when the transaction begins.

    `condition` is the entity tag that was seen last, `key` what makes a repeated call one call; a
    page's door takes both from the form. `changes` says whether what is found may be changed.
    `credentials` are the headers that say who calls, in whose name, and through which opening.
    """

    session: Session
    actor: Actor

    def __init__(self, http: Request, body: bytes) -> None:
        """Take the HTTP request; nothing is read from the database yet."""
        self.http = http
        self.body = body
        self.house: House = http.app.state.house
        self.rule = rule_of(http.scope)
        self.about: AssistanceRequest | None = None
        self.sent: tuple[BaseModel, ...] = ()
        self._inside = False
        self.language = preferred(http.headers.get("accept-language", "en"))
        self.condition = http.headers.get("if-match")
        self.key = http.headers.get("idempotency-key")
        self.changes = http.method not in SAFE
        self.credentials: Mapping[str, str] = http.headers

    @property
    def shelf(self) -> Shelf:
        """The packs."""
        return self.house.shelf

    @property
    def reader(self) -> Reader:
        """Who reads, in which language."""
        return Reader(self.actor, self.language, self.house.texts)

    @property
    def csrf(self) -> str | None:
        """What the session of this call sends along with changes; None when it is a token's."""
        if not self.actor.credential.startswith("session:"):
            return None
        return csrf_of(self.house.ring, credential_of(self.http.headers))

    def carry_out(self, work: Callable[[], Response]) -> Response:
        """Run an endpoint in one transaction, at most once for its Idempotency-Key."""
        response = self.look(work)
        if self.actor.credential.startswith("session:"):
            self.house.touch(credential_of(self.http.headers))
        return response

    def look(self, work: Callable[[], Response]) -> Response:
        """Do the same without counting as use of a session: what a page repeats by itself."""
        if self.http.method in SAFE:
            if self.rule.hourly:  # counted before it costs anything
                with self.stage(keep=True) as session:
                    hold_exports(session, self.house.settings.export_limit, self.actor.person_id)
            database, recorded = self.house.database, "break-glass" in self.credentials
            with database.writing() if recorded else database.reading() as session:
                self._enter(session)
                return work()
        key = answers.key_of(self.key) if self.http.method == "POST" else None
        try:
            return self._once(work, key)
        except (Refusal, Clash, Overtaken):
            answer = self._given(key)
            if answer is None:
                raise
            return answer

    def _once(self, work: Callable[[], Response], key: str | None) -> Response:
        with self.house.database.writing() as session:
            self._enter(session)
            if key is None:
                return work()
            claim = self.claim(key)
            stored = answers.look_up(session, [claim]).get(claim.identity)
            if stored is not None:
                return stored.replay(claim)
            response = work()
            answers.keep(session, [answers.stored(claim, response)], clock.now())
            return response

    def answered(self) -> Response | None:
        """Return what the same call with the same key was answered before, if it was."""
        return self._given(answers.key_of(self.key))

    @contextmanager
    def stage(self, *, keep: bool) -> Iterator[Session]:
        """Give one stage of a call that takes several its own transaction, kept or not."""
        database = self.house.database
        with database.writing() if keep else database.reading() as session:
            self._enter(session)
            yield session

    def _given(self, key: str | None) -> Response | None:
        """Return what a call with the same key was answered elsewhere while this one waited."""
        if key is None:
            return None
        with self.house.database.reading() as session:
            self._enter(session)
            claim = self.claim(key)
            stored = answers.look_up(session, [claim]).get(claim.identity)
            return stored.replay(claim) if stored else None

    def claim(self, key: str) -> answers.Claim:
        """Return what identifies this call: who, which key, and a fingerprint of what was sent."""
        sent = answers.fingerprint(self.http, self.body)
        return answers.Claim(self.actor.person_id or 0, key, sent, answers.about(self.http))

    def _enter(self, session: Session) -> None:
        self.session = session
        told = self.credentials
        self.actor = entitled(self.house, session, told, self.rule)
        if "break-glass" in told:
            opened = number_in(told["break-glass"])
            call = (self.http.method, self.http.url.path)
            self.actor = glass.look(session, self.actor, opened, call)
        nets.enter(session, self.actor)
        self.http.scope[ACTOR] = self.actor
        if "ref" not in self.http.path_params:
            hold_fields(self.sent, self._roles)

    def request(self, reference: str) -> AssistanceRequest:
        """Return a visible request: locked if this call may change it.

        Raises NotFound; Forbidden when who changes it is recused. Acts and moves of the definition
        are judged where they are carried out.
        """
        request = self.found(reference)
        if self.changes and not (self.rule.acts or self.rule.moves):
            duties.stand_back(self.actor, reference)
        return request

    def found(self, reference: str) -> AssistanceRequest:
        """Return the same to whoever sees it, recused or not. Raises NotFound."""
        self.about = access.find(self.session, self.actor, reference, lock=self.changes)
        hold_fields(self.sent, self._roles)
        return self.about

    def request_within(self, reference: str) -> AssistanceRequest:
        """Return a visible request whose restricted parts this person may read.

        Raises NotFound, Forbidden.
        """
        request = self.request(reference)
        access.require_within(self.session, self.actor, request)
        self._inside = True
        return request

    def request_to_change(self, reference: str) -> AssistanceRequest:
        """Return a visible request for a change that needs If-Match.

        Raises NotFound, Unconditional (no If-Match) or Stale (another revision).
        """
        request = self.request(reference)
        self.matches(request.revision)
        return request

    def request_to_add(self, reference: str) -> AssistanceRequest:
        """Return a visible request to add a part to; If-Match is held against it when given."""
        return self.to_add(self.request(reference))

    def to_add(self, request: AssistanceRequest) -> AssistanceRequest:
        """Return a request that is at hand; If-Match is held against it when given."""
        if self.condition is not None:
            self.matches(request.revision)
        return request

    def matches(self, revision: int) -> None:
        """Hold If-Match against a revision. Raises Unconditional, Malformed or Stale."""
        if not matches(self.condition, revision):
            raise Stale(revision)

    def once_only(self) -> None:
        """Refuse an Idempotency-Key where the answer holds a secret that is shown only once."""
        if self.key is not None:
            raise Invalid("idempotency.secret", "A secret is shown once: send no Idempotency-Key.")

    def settle(self, request: AssistanceRequest) -> None:
        """Let the system make the moves that an act has made possible."""
        self.session.flush()
        lifecycle.settle(self.session, self.shelf, access.standing_of(self.session, request))
        self.session.expire_all()

    def written(self, content: BaseModel | list[Any] | dict[str, Any]) -> bytes:
        """Return the JSON of an answer, without what this person may not read of it."""
        return to_json(self.open_part(content))

    def open_part(self, content: Any) -> Any:
        """Return content without what this person may not read of it."""
        if not keeps_back(content):
            return content
        asked = (cache(self._roles), self.rule.reads, cache(self.within))
        return masked(content, Onlooker(*asked, cache(self.own)))

    def within(self) -> bool:
        """Whether the restricted parts of the request that is answered about may be read."""
        if self.about is not None and not self._inside:
            self._inside = access.reads_within(self.session, self.actor, self.about)
        return self._inside

    def own(self) -> frozenset[str] | None:
        """Return the entities for whose sake alone the request is seen; None when otherwise."""
        if self.about is None:
            return concerns.own_entities(self.actor) or None
        return concerns.bounds(self.session, self.actor, self.about)

    def _roles(self) -> frozenset[str]:
        """Return the roles held towards the request that is answered about, or held at all."""
        if self.about is not None:
            return access.standing_of(self.session, self.about).roles(self.actor)
        return frozenset(grant.role for grant in self.actor.grants)

    def show(
        self, content: BaseModel | list[Any] | dict[str, Any], revision: int | None = None
    ) -> Response:
        """Answer with one thing; with a revision it carries a strong ETag, and 304 is possible."""
        body = self.written(content)
        tag = f'"{revision}"' if revision is not None else tag_of(body)
        headers = {"ETag": tag, "Content-Language": self.language}
        if self.http.method in SAFE and tag in seen(self.http.headers.get("if-none-match")):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    def created(
        self, content: BaseModel | dict[str, Any], location: str, revision: int | None = None
    ) -> Response:
        """Answer 201 with what was made and where it is."""
        body = self.written(content)
        tag = f'"{revision}"' if revision is not None else tag_of(body)
        headers = {"ETag": tag, "Location": location, "Content-Language": self.language}
        return Response(body, 201, media_type="application/json", headers=headers)


async def open_desk(http: Request) -> Desk:
    """Give an endpoint its desk."""
    kind = http.headers.get("content-type", "")
    return Desk(http, await (form_of(http) if kind.startswith(FORMS) else http.body()))


async def form_of(http: Request) -> bytes:
    """Return what identifies a form, whose stream has been read by now: names, texts, digests."""
    parts: list[tuple[str, str, str]] = []
    for name, value in (await http.form()).multi_items():
        if isinstance(value, UploadFile):
            digest = hashlib.sha256()
            while piece := await value.read(READ_SIZE):
                digest.update(piece)
            await value.seek(0)
            parts.append((name, value.filename or "", digest.hexdigest()))
        else:
            parts.append((name, "", value))
    return json.dumps(parts).encode()


AtDesk = Annotated[Desk, Depends(open_desk)]
