"""What can be chosen in the forms of an assessment: what its request and its questionnaire hold."""

from collections.abc import Sequence

from markupsafe import escape

from app.assessment import service
from app.assessment.schemas import EvidenceView
from app.requests import access
from app.requests import service as dossier
from app.requests.tables import AssistanceRequest
from app.web.assessment.reading import answered, kind_of, pack_of
from app.web.forms import Choices, Field, as_typed
from app.web.visit import Visit


def at_hand(desk: Visit) -> AssistanceRequest:
    """Return the request that the address is about."""
    return desk.about or desk.request(desk.http.path_params["ref"])


def topics(desk: Visit) -> Choices:
    """Return the topics of the five areas."""
    request = at_hand(desk)
    return [(one.code, one.label) for one in pack_of(desk, request).areas.topics]


def areas(desk: Visit) -> Choices:
    """Return the five areas."""
    request = at_hand(desk)
    return [(one.code, one.label) for one in pack_of(desk, request).areas.areas]


def groups(desk: Visit) -> Choices:
    """Return the stakeholder groups."""
    request = at_hand(desk)
    sections = pack_of(desk, request).questionnaire.sections
    return [(one.code, one.label) for section in sections for one in section.groups]


def findings(desk: Visit) -> Choices:
    """Return the findings of the request."""
    request = at_hand(desk)
    found = desk.open_part(service.findings(desk.session, request)) if desk.within() else []
    return [(str(one.number), as_typed(one.number, one.text)) for one in found]


def needs(desk: Visit) -> Choices:
    """Return the needs of the request."""
    request = at_hand(desk)
    found = [one for one in dossier.needs(desk.session, request) if not one.dropped]
    return [(str(one.number), as_typed(one.number, one.text)) for one in found]


def countries(desk: Visit) -> Choices:
    """Return the countries of the request."""
    request = at_hand(desk)
    standing = access.standing_of(desk.session, request)
    return [(one, one) for one in sorted(standing.countries)]


def evidence(desk: Visit) -> Choices:
    """Return the evidence that an answer has, by its place."""
    request = at_hand(desk)
    row = service.chosen(desk.session, request, kind_of(desk))
    known = answered(desk, row).get(desk.http.path_params["code"]) if desk.within() else None
    return evidence_choices(known.evidence if known else ())


def evidence_choices(rows: Sequence[EvidenceView]) -> Choices:
    """Return pieces of evidence as choices, by their place."""
    return [(str(place), escape(one.source)) for place, one in enumerate(rows)]


def documents(desk: Visit) -> Choices:
    """Return the documents of the request."""
    request = at_hand(desk)
    rows = dossier.attachments(desk.session, request) if desk.within() else []
    return [(str(one.id), escape(one.name)) for one in rows]


def risk_fields(desk: Visit) -> tuple[Field, ...]:
    """Return the fields of the crime and risk assessment, as the questionnaire has them."""
    request = at_hand(desk)
    sections = pack_of(desk, request).questionnaire.sections
    return tuple(
        Field(
            one.code,
            "many" if one.choices else "prose",
            one.label,
            one.text,
            required=one.required,
            choices=tuple((code, code) for code in one.choices),
        )
        for section in sections
        for one in section.risk_fields
    )
