"""What the pages of an assessment show: which one is meant, its questions, answers and levels."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args
from urllib.parse import quote

from app.assessment import service
from app.assessment.schemas import AnswerView, AssessmentView, Kind
from app.assessment.tables import Assessment
from app.directory import service as directory
from app.engine.packs import Pack
from app.engine.questionnaires import Questionnaire
from app.kit.errors import Blocker, NotFound
from app.requests import access
from app.requests.tables import AssistanceRequest
from app.web.frame import about
from app.web.mending import Missing
from app.web.visit import Visit

PART = "assessment"
ROOT = "/requests/{ref}/assessment"
KINDS: tuple[Kind, ...] = get_args(Kind)


def kind_of(desk: Visit) -> Kind | None:
    """Return which kind the address means; None for the one that opens the gate."""
    given = desk.http.query_params.get("kind", "")
    return next((one for one in KINDS if one == given), None)


def place(desk: Visit, ref: str, end: str = "", mark: str = "") -> str:
    """Return an address within the assessment that is meant."""
    kind = kind_of(desk)
    whole = about(ref, PART) + (f"/{end}" if end else "")
    return whole + (f"?kind={kind}" if kind else "") + (f"#{quote(mark)}" if mark else "")


MENDED = {
    "sections/{section}": ("read_assessment", "section_unanswered"),
    "edit": ("edit_assessment", "dates_missing", "team_missing", "hosts_missing"),
    "visits": ("add_visit", "visit_missing"),
    "consultations": ("add_consultation", "consultation_missing"),
    "findings": ("add_finding", "finding_missing"),
    "risk": (
        *("put_risk", "risk_missing", "risk_undated", "risk_authorless", "risk_in_future"),
        *("risk_field_missing", "risk_group_missing"),
    ),
    "sign": ("sign", "unsigned"),
    "acknowledgements": ("acknowledge", "not_acknowledged"),
    "countersignature": ("countersign", "not_countersigned"),
}
"""Where an assessment is mended: the operation that mends it, and what it lacks, by its reasons."""
PLACES = {
    f"{PART}.{lack}": (end, operation)
    for end, (operation, *lacking) in MENDED.items()
    for lack in lacking
}


def mended(desk: Visit, ref: str, lacks: Iterable[Blocker]) -> list[Missing]:
    """Return what an assessment lacks, each with where this person can mend it."""
    found = []
    for lack in lacks:
        end, operation = PLACES.get(lack.code, ("", ""))
        open_ = end and desk.may(operation)
        end = end.format_map(dict(lack.params))
        found.append(Missing(lack, place(desk, ref, end) if open_ else ""))
    return found


def chosen(desk: Visit, request: AssistanceRequest) -> Assessment | None:
    """Return the assessment that is meant; None where there is none yet."""
    try:
        return service.chosen(desk.session, request, kind_of(desk))
    except NotFound:
        return None


def whole(
    desk: Visit, request: AssistanceRequest, row: Assessment
) -> tuple[AssessmentView, tuple[Blocker, ...]]:
    """Return an assessment whole, and everything that it lacks.

    Raises Forbidden for who may not read within the request. Pages show it as plain values.
    """
    access.require_within(desk.session, desk.actor, request)
    return service.view_of(desk.session, desk.shelf, request, row)


def pack_of(desk: Visit, request: AssistanceRequest) -> Pack:
    """Return the pack that a request follows."""
    return desk.shelf.get(request.workflow, request.workflow_version)


def statements(questionnaire: Questionnaire) -> dict[str, str]:
    """Return the words of every question, in English, by its code."""
    return dict(_statements(questionnaire))


def _statements(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for section in questionnaire.sections:
        yield from ((one.code, one.text) for one in section.rights_questions)
        for block in section.blocks:
            yield from ((one.code, one.text) for one in block.questions)


def answered(desk: Visit, row: Assessment) -> dict[str, AnswerView]:
    """Return the answers by question."""
    return {one.question: one for one in service.answers(desk.session, row)}


def names_of(
    desk: Visit, view: AssessmentView, answers: Mapping[str, AnswerView]
) -> dict[int, str]:
    """Return the names of who signed, acknowledged and answered."""
    signed = [one.by for one in (view.signature, view.countersignature) if one]
    seen = [one.by for one in view.acknowledgements]
    return directory.names(desk.session, [*signed, *seen, *(one.by for one in answers.values())])
