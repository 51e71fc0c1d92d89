"""Raw SQL as an administrator would type it, past every rule of the program."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.kit.db import Database

AT = "'2026-01-01T00:00:00.000000Z'"
REQUEST = (
    "INSERT INTO requests (id, reference, workflow, workflow_version, workflow_hash, state, stage,"
    " revision, title, summary, language, authority, sector, regional, cyber_labelled,"
    " internal_reason, urgency, urgency_reason, cross_border, framework_outcome, created_by,"
    " created_at, since, updated_at) VALUES ({id}, 'TA-2026-9000{id}', 'needs_assessment', 1, 'x',"
    " '{state}', '{stage}', 1, 'A title', '', 'en', '', '', false, true, '', 'ordinary', '', '',"
    f" '', 901, {AT}, {AT}, {AT})"
)
ASSESSMENT = (
    "INSERT INTO assessments (id, request_id, kind, status, revision, questionnaire, place, team,"
    " hosts, waived_areas, created_by, created_at, signed_by, countersigned_by, completed_at)"
    " VALUES ({id}, {request}, '{kind}', '{status}', 1, 'q', '', '[]', '[]', '{{}}', 901,"
    f" {AT}, 901, 902, {AT})"
)
RECORD = (
    "INSERT INTO assessment_records (request_id, assessment_id, kind, completed_at, valid_until,"
    f" reused, summary) VALUES ({{request}}, {{id}}, '{{kind}}', {AT}, '2099-01-01', false, '{{{{}}}}')"
)
VISIT = (
    'INSERT INTO visits (assessment_id, country, place, host, starts_on, ends_on, "by")'
    " VALUES ({id}, 'KEN', 'Nairobi', 'The ministry', '2026-01-01', '{ends}', 901)"
)
ACKNOWLEDGED = (
    'INSERT INTO acknowledgements (assessment_id, country, "by", at, note)'
    f" VALUES ({{id}}, 'KEN', 901, {AT}, '')"
)
ACTIVITY = (
    "INSERT INTO activities (request_id, component_id, number, need_id, title, kind, status,"
    " reason, objectives, targets, starts_on, ends_on, revision, created_by, changed_at) VALUES"
    " ({request}, {request}, {number}, {request}, 'Help', '{kind}', 'planned', '', '[]', '[]',"
    f" '2026-01-01', '2026-02-01', 1, 901, {AT})"
)
EVENT = (
    "INSERT INTO request_events (request_id, number, at, kind, data)"
    f" VALUES ({{request}}, {{number}}, {AT}, 'moved', '{{{{}}}}')"
)
NEED = (
    "INSERT INTO needs (id, request_id, number, area, topic, text, kind, sector, sensitivities,"
    " priority, origin, dropped) VALUES ({id}, {id}, 1, 'A', '', 'A need', '', '', '[]', 3,"
    " 'country', false)"
)
PROGRAMME = (
    "INSERT INTO joint_programmes (id, request_id, title, lead, framework_outcome, revision,"
    f" opened_at) VALUES ({{id}}, {{id}}, 'Together', 'UNODC', '', 1, {AT})"
)
COMPONENT = (
    "INSERT INTO components (id, programme_id, entity, title) VALUES ({id}, {id}, 'UNODC', 'Help')"
)


@dataclass(frozen=True, slots=True)
class Shell:
    """A database at which statements are typed, each call in one transaction."""

    database: Database

    def type(self, *statements: str) -> None:
        """Run statements; whatever the database says against them is raised."""
        with self.database.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def refusal(self, *statements: str) -> str:
        """Return the words with which the database refuses; empty when it does not."""
        try:
            self.type(*statements)
        except sa.exc.DBAPIError as fault:
            return str(fault.orig)
        return ""

    def people(self) -> None:
        """Add the two persons whom every row names."""
        for number in (901, 902):
            self.type(
                "INSERT INTO people (id, name, language, program, created_at)"
                f" VALUES ({number}, 'Person {number}', 'en', false, {AT})"
            )

    def request(self, number: int) -> None:
        """Add a request with a need, a programme and a component, all of the same number."""
        self.type(REQUEST.format(id=number, state="assessment", stage="assessment"))
        self.type(*(part.format(id=number) for part in (NEED, PROGRAMME, COMPONENT)))

    def assessment(self, number: int, request: int, kind: str = "comprehensive") -> None:
        """Add a running assessment with a record that it serves the request."""
        self.type(
            ASSESSMENT.format(id=number, request=request, kind=kind, status="running"),
            RECORD.format(id=number, request=request, kind=kind),
        )

    def complete(self, number: int) -> None:
        """Complete an assessment as it should be: visited, acknowledged, then completed."""
        self.type(
            VISIT.format(id=number, ends="2026-01-02"),
            ACKNOWLEDGED.format(id=number),
            f"UPDATE assessments SET status = 'completed' WHERE id = {number}",
        )
