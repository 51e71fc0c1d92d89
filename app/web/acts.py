"""Acts: what people send by pages. Each has one address, which shows its form and takes it.

An act is named after the operation of the policy table that it carries out; the endpoint, its row
and its form follow from it. Where something stands against it, the same page comes back with the
words that were typed, what is wrong, and, where another was quicker, what stands there now.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ValidationError

from app.kit.errors import Blocker, Conflict, Forbidden, Invalid, Refusal, Stale
from app.web import forms, persons
from app.web.errors import AGAIN
from app.web.forms import Choices, Fault, Field
from app.web.labels import CHOICES
from app.web.pages import go, render
from app.web.tell import told
from app.web.visit import ASKS, ONCE, AtVisit, Visit
from app.wiring.desk import SAFE

Params = Mapping[str, Any]
PLAIN = "act.html"


class Empty(BaseModel):
    """The body of an act that asks for nothing but the decision itself."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: what is kept now, and its revision.

    `crumbs` lead back: places with their names. `lines` tell what will happen and to whom. `title`
    stands in the place of the act's own, `fields` narrow its form, `more` is for its own template.
    `shown` is what the leaf of the act's page tells of it, as far as it is for who reads. `lacks`
    are fields without which it cannot go on, each with the reason.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    revision: int | None = None
    crumbs: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    title: str = ""
    fields: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)
    lacks: Mapping[str, Blocker] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that people send: its operation, address, form, and what carries it out.

    `called` is what its page is called after where another act carries out the same operation.

    `body` is what is sent, or gives it by the address; `fixed` is what of it no field asks for.
    `find` returns the subject (it raises what the service would for one that may not be seen);
    `carry_out` does it and returns the address to go on to, or a page that is shown this once.
    `binding` tells what it does, to whom. `title`, `button` and `binding` are English texts.
    A `template` of its own stands for the plain one wherever the subject gives it `more`.
    What fields are called stands in `labels`; `fields` makes those that no body's schema knows.
    `leaf` is a template that tells, above the form, what it is about.
    Of an answer that is `shown_once` nothing is kept: to send it twice is two acts. What is typed
    in a form that is not `drafted` is too delicate to be kept in a browser. What may be done
    `anywhere` hangs, for some of its bodies, on no act of the present state.
    """

    operation: str
    path: str
    title: str
    find: Callable[[Visit, Params], Subject]
    carry_out: Callable[[Visit, Params, Any], str | Response]
    body: type[BaseModel] | Callable[[Params], type[BaseModel]] = Empty
    button: str = "Save"
    binding: str = ""
    choices: Mapping[str, Callable[[Visit], Choices]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    fixed: Callable[[Visit, Params], Mapping[str, Any]] | None = None
    template: str = PLAIN
    fields: Callable[[Visit], Sequence[Field]] | None = None
    leaf: str = ""
    shown_once: bool = False
    drafted: bool = True
    anywhere: bool = False
    called: str = ""

    @property
    def page(self) -> str:
        """The name of its page, by which the policy table knows it."""
        return f"page_{self.called or self.operation}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is shown: fields, what stands in them, and what is wrong.

    `asked`: it comes back because something of it was asked, and not to be sent.
    """

    act: Act
    fields: tuple[Field, ...]
    values: Mapping[str, Any]
    subject: Subject
    once: str
    faults: Mapping[str, Fault] = field(default_factory=dict)
    now: Mapping[str, Any] | None = None
    asked: bool = False


def install(api: APIRouter, acts: Sequence[Act]) -> None:
    """Give every act its route."""
    for act in acts:
        api.add_api_route(act.path, endpoint_of(act), methods=["GET", "POST"])


def endpoint_of(act: Act) -> Callable[..., Response]:
    """Return the endpoint of an act, called after its operation."""

    def perform(desk: AtVisit) -> Response:
        params = dict(desk.http.path_params)
        if desk.http.method in SAFE:
            return _opened(desk, act, params)
        return _sent(desk, act, params)

    perform.__name__ = act.page
    perform.__doc__ = act.title
    return perform


def body_of(act: Act, params: Params) -> type[BaseModel]:
    """Return what is sent to an address of an act."""
    return act.body if isinstance(act.body, type) else act.body(params)


def fields_for(desk: Visit, act: Act, params: Params) -> tuple[Field, ...]:
    """Return the fields of an act's form."""
    body = body_of(act, params)
    names = {name: f"{body.__name__}.{name}" for name in body.model_fields}
    own = {name: CHOICES[by] for name, by in names.items() if by in CHOICES}
    asked = {**CHOICES, **own, **act.choices}
    wanted = {name: asked[name](desk) for name in names if name in asked}
    return (*own_fields(act, body, wanted), *(act.fields(desk) if act.fields else ()))


def own_fields(
    act: Act, body: type[BaseModel], choices: Mapping[str, Choices], at: str = ""
) -> tuple[Field, ...]:
    """Return the fields that a body has, but for those that the act leaves out."""
    made = forms.fields_of(body.model_json_schema(), choices, act.left_out)
    return tuple(replace(one, at=at) for one in made)


def narrowed(fields: Sequence[Field], names: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields of these names, in their order; all where none is named."""
    known = {one.name: one for one in fields}
    return tuple(known[name] for name in names or known if name in known)


def _opened(desk: Visit, act: Act, params: Params) -> Response:
    subject = act.find(desk, params)
    if not act.anywhere:
        desk.hold_acts()
    fields = narrowed(fields_for(desk, act, params), subject.fields)
    given = {name: desk.http.query_params[name] for name in desk.http.query_params}
    fields = persons.asked(desk, fields, {**subject.values, **given})
    values = forms.shown_values(fields, {**subject.values, **given})
    return page(desk, Sheet(act, fields, values, subject, once(act)))


def _sent(desk: Visit, act: Act, params: Params) -> Response:
    desk.changes = False
    subject, against = _subject(desk, act, params)
    desk.changes = True
    fields = narrowed(fields_for(desk, act, params), subject.fields)
    fields = persons.asked(desk, fields, subject.values)
    typed = forms.typed_again(fields, desk.form)
    sheet = Sheet(act, fields, typed, Subject(), desk.key or "")
    if desk.form.get(ASKS):
        return page(
            desk, replace(sheet, subject=subject, once=str(desk.form.get(ONCE, "")), asked=True)
        )
    shown_again(desk, sheet, params)
    if open_still := persons.unsettled(fields, desk.form):
        raise Unfit(open_still)
    try:
        fixed = act.fixed(desk, params) if act.fixed else {}
        body = body_of(act, params).model_validate({**forms.read(fields, desk.form), **fixed})
    except ValidationError as fault:
        raise (against or Unfit(forms.faults_of(fault))) from fault
    desk.sent = (body,)
    done = act.carry_out(desk, params, body)
    return go(done) if isinstance(done, str) else done


def once(act: Act) -> str:
    """Return what makes a form that is sent twice one act; nothing where no answer is kept."""
    return "" if act.shown_once else secrets.token_urlsafe(16)


def _subject(desk: Visit, act: Act, params: Params) -> tuple[Subject, Refusal | None]:
    """Return what an act is about; nothing, and why, where it cannot be done: words are kept."""
    try:
        return act.find(desk, params), None
    except (Conflict, Forbidden) as refusal:
        way = ((f"/requests/{desk.about.reference}", desk.about.reference),) if desk.about else ()
        return Subject(crumbs=way), refusal


class Unfit(Invalid):
    """What was typed cannot be taken; `faults` says why, by field."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        """Keep the faults."""
        super().__init__("body.invalid", "Some fields cannot be taken.")
        self.faults = faults


def shown_again(desk: Visit, sheet: Sheet, params: Params) -> None:
    """Leave, for whatever stands against it, how the form comes back."""

    def again(refusal: Refusal, status: int) -> Response:
        desk.changes = False
        with desk.stage(keep=False):
            subject, _ = _subject(desk, sheet.act, params)
            kept = forms.shown_values(sheet.fields, subject.values)
            back = Sheet(
                sheet.act,
                sheet.fields,
                sheet.values,
                subject,
                once(sheet.act),
                refusal.faults if isinstance(refusal, Unfit) else {},
                kept if isinstance(refusal, Stale) and subject.values else None,
            )
            return page(desk, back, status, refusal)

    desk.http.scope[AGAIN] = again


def page(desk: Visit, sheet: Sheet, status: int = 200, refusal: Refusal | None = None) -> Response:
    """Return the page of a form."""
    lacks = sheet.subject.lacks
    fields = tuple(replace(one, lacks=lacks.get(one.name)) for one in sheet.fields)
    sheet = replace(sheet, fields=fields)
    return render(
        desk.http,
        sheet.act.template if sheet.subject.more else PLAIN,
        status,
        face=desk.face,
        shown={
            **sheet.subject.more,
            **desk.open_part(dict(sheet.subject.shown)),
            "sheet": sheet,
            "crumbs": sheet.subject.crumbs,
            "fault": told(refusal) if refusal else None,
        },
    )
