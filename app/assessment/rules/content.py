"""What completion lacks in what was found out: areas, claims, risk, rights, voices (F16, F17)."""

from collections.abc import Iterator, Mapping
from datetime import date

from app.assessment.rules.facts import AnswerFact, Lack, RiskFact, happened, is_evidenced
from app.assessment.rules.view import View
from app.engine.questionnaires import (
    TRIAGE_LEVEL,
    RightsQuestion,
    RiskField,
    Section,
    SectionKind,
)

SIDES = ("state", "non_state")


def areas(view: View) -> Iterator[Lack]:
    """Say which areas are neither answered at triage depth nor waived with a reason (F32)."""
    sections = view.sections(SectionKind.MATURITY)
    waived = set(view.record.waived_areas) if view.rule.waivable else set()
    if sections and all(section.area in waived for section in sections):
        yield Lack("assessment.all_areas_waived", {}, "F32")
    for section in sections:
        if section.area in waived:
            yield from _waiver(section, view.record.waived_areas)
            continue
        blocks = view.questionnaire.required_blocks(view.record.kind, section)
        missing = [b.triage.code for b in blocks if b.triage.code not in view.answers]
        if missing:
            yield _unanswered(section, missing)


def _waiver(section: Section, reasons: Mapping[str, str]) -> Iterator[Lack]:
    if not reasons[str(section.area)].strip():
        yield Lack("assessment.waiver_without_reason", {"area": str(section.area)}, "F32")


def _unanswered(section: Section, codes: list[str]) -> Lack:
    params: dict[str, str | int] = {
        "section": section.code,
        "count": len(codes),
        "questions": ", ".join(codes),
    }
    return Lack("assessment.section_unanswered", params, ", ".join(section.cite))


def claims(view: View) -> Iterator[Lack]:
    """Say which claim of level 3 or above no evidence shows (F17)."""
    for block in view.questionnaire.blocks:
        for question in block.questions:
            answer = view.answers.get(question.code)
            if answer is None or question.level < TRIAGE_LEVEL or answer.value != "yes":
                continue
            if not is_evidenced(answer, view.today):
                params: dict[str, str | int] = {"question": question.code, "level": question.level}
                yield Lack("assessment.claim_without_evidence", params, "F17, F32")


def rights(view: View) -> Iterator[Lack]:
    """Say which rights questions have neither a yes nor a reason (F16)."""
    for section in view.sections(SectionKind.RIGHTS):
        asked = view.questionnaire.required_rights(view.record.kind, section)
        missing = [q.code for q in asked if not _is_explained(q, view.answers)]
        if missing:
            yield _unanswered(section, missing)


def _is_explained(question: RightsQuestion, answers: Mapping[str, AnswerFact]) -> bool:
    """Return whether a rights question has a yes, or another answer that says why."""
    answer = answers.get(question.code)
    return answer is not None and (answer.value == "yes" or bool(answer.note.strip()))


def risk(view: View) -> Iterator[Lack]:
    """Say what the crime and risk assessment lacks (F17)."""
    for section in view.sections(SectionKind.RISK):
        if view.record.risk is None:
            yield Lack("assessment.risk_missing", {}, "F17")
        else:
            yield from _risk_head(view.record.risk, view.today)
            yield from _risk_fields(section.risk_fields, view.record.risk)


def _risk_head(risk: RiskFact, today: date) -> Iterator[Lack]:
    if risk.author_id is None:
        yield Lack("assessment.risk_authorless", {}, "F17")
    if risk.dated is None:
        yield Lack("assessment.risk_undated", {}, "F17")
    elif risk.dated > today:
        yield Lack("assessment.risk_in_future", {}, "F17")


def _risk_fields(fields: tuple[RiskField, ...], risk: RiskFact) -> Iterator[Lack]:
    named = {one.code for one in fields if _is_named(one, risk)}
    for one in fields:
        if one.required and one.code not in named:
            cite = ", ".join(one.cite)
            yield Lack("assessment.risk_field_missing", {"field": one.code}, cite)
    for group in sorted({one.one_of for one in fields if one.one_of}):
        if not named & {one.code for one in fields if one.one_of == group}:
            yield Lack("assessment.risk_group_missing", {"group": group}, "F17")


def _is_named(field: RiskField, risk: RiskFact) -> bool:
    """Return whether a field has words, or one of its choices where it offers some."""
    content = risk.fields.get(field.code, "")
    words = [content] if isinstance(content, str) else list(content)
    if field.choices:
        return bool(words) and set(words) <= set(field.choices)
    return any(word.strip() for word in words)


def consultations(view: View) -> Iterator[Lack]:
    """Say which side, State or non-State, was not heard (F18, F20)."""
    heard = {
        one.group
        for one in view.record.consultations
        if one.consulted
        and one.who.strip()
        and one.author_id is not None
        and happened(one.held_on, view.today)
    }
    for section in view.sections(SectionKind.STAKEHOLDERS):
        sides = {group.side for group in section.groups if group.code in heard}
        for side in SIDES:
            if side not in sides:
                cite = ", ".join(section.cite)
                yield Lack("assessment.consultation_missing", {"side": side}, cite)


def findings(view: View) -> Iterator[Lack]:
    """Say that nothing was found: help would rest on no result (F32)."""
    if view.record.findings < 1:
        yield Lack("assessment.finding_missing", {}, "F32")
