"""An assessment carried out through the API, from the request to the countersignature."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.engine.questionnaires import Questionnaire
from app.kit import clock
from tests.assessment.samples import RISK, Q
from tests.factories.clients import Answer, Client, Clients

TODAY = clock.today().isoformat()
LAW = {"kind": "law", "source": "Act 12 of 2021", "dated": "2021-05-01", "in_country": True}
FINDING = {"topic": "A3", "text": "Offences by computer are not yet defined.", "risk_factor": ""}
PLAN = {
    "kind": "comprehensive",
    "starts_on": TODAY,
    "ends_on": TODAY,
    "place": "Nairobi",
    "team": [{"name": "Amina", "entity": "unodc", "role": "lead"}],
    "hosts": [{"name": "Otieno", "office": "Ministry of ICT"}],
}


def triage(questionnaire: Questionnaire = Q) -> list[str]:
    return [block.triage.code for block in questionnaire.blocks]


def rights(questionnaire: Questionnaire = Q) -> list[str]:
    return [one.code for section in questionnaire.sections for one in section.rights_questions]


@dataclass
class Field:
    """A filed request in the assessment stage, and the people around it."""

    clients: Clients
    reference: str
    country: str = "KEN"

    @property
    def path(self) -> str:
        return f"/requests/{self.reference}/assessment"

    @property
    def coordinator(self) -> Client:
        return self.clients.as_("resident_coordinator", country=self.country)

    @property
    def assessor(self) -> Client:
        return self.clients.as_("assessor", country=self.country)

    @property
    def government(self) -> Client:
        return self.clients.as_("government", country=self.country)

    @property
    def desk(self) -> Client:
        return self.clients.as_("desk_officer")

    def plan(self, **more: Any) -> Answer:
        return self.assessor.post(self.path, PLAN | more)

    def answer(self, code: str, *evidence: dict[str, Any], value: str = "yes") -> Answer:
        body = {"value": value, "note": "As told.", "evidence": list(evidence)}
        return self.assessor.call("PUT", f"{self.path}/answers/{code}", body)

    def visit(self, country: str | None = None, ends_on: str = TODAY) -> Answer:
        body = {"place": "Nairobi", "host": "Ministry of ICT", "starts_on": TODAY}
        body |= {"country": country or self.country, "ends_on": ends_on}
        return self.assessor.post(f"{self.path}/visits", body)

    def consult(self, group: str) -> Answer:
        body = {"group": group, "held_on": TODAY, "who": "Its head"}
        return self.assessor.post(f"{self.path}/consultations", body)

    def write_risk(self) -> Answer:
        body = {"content": dict(RISK.fields), "dated": TODAY}
        return self.assessor.call("PUT", f"{self.path}/risk", body)

    def find(self) -> Answer:
        return self.assessor.post(f"{self.path}/findings", FINDING)

    def signed_by(self, person: Client, step: str = "sign", json: Any = None) -> Answer:
        return person.change("POST", f"{self.path}/{step}", json, of=self.path)

    def acknowledge(self, person: Client | None = None, country: str | None = None) -> Answer:
        body = {"country": country or self.country}
        return self.signed_by(person or self.government, "acknowledgements", body)

    def countersign(self, person: Client | None = None) -> Answer:
        return self.signed_by(person or self.coordinator, "countersignature")

    def read(self) -> Answer:
        return self.assessor.get(self.path).ok()

    def step(self, part: str) -> None:
        """Do one part of what is done between plan and signature."""
        steps: dict[str, Callable[[], list[Answer]]] = {
            "answers": lambda: [self.answer(code, LAW) for code in triage()],
            "rights": lambda: [self.answer(code) for code in rights()],
            "visit": lambda: [self.visit()],
            "consultation": lambda: [self.consult("police"), self.consult("academia")],
            "risk": lambda: [self.write_risk()],
            "finding": lambda: [self.find()],
        }
        for made in steps[part]():
            made.ok()

    def carry_out(self) -> None:
        """Do everything that a comprehensive assessment takes up to the signature."""
        for part in ("answers", "rights", "visit", "consultation", "risk", "finding"):
            self.step(part)

    def complete(self) -> None:
        """Plan, carry out, sign, acknowledge and countersign."""
        self.plan().ok()
        self.carry_out()
        self.signed_by(self.assessor).ok()
        self.acknowledge().ok()
        self.countersign().ok()


def in_assessment(clients: Clients, country: str = "KEN", *, urgent: bool = False) -> Field:
    """File a request and bring it to the assessment."""
    coordinator = clients.as_("resident_coordinator", country=country)
    desk = clients.as_("desk_officer")
    body = {
        "countries": [country],
        "title": "Laws against cybercrime",
        "summary": "The country asks for help with its laws against cybercrime.",
        "authority": "Ministry of ICT, letter 12 of 2026",
        "needs": [{"area": "A", "topic": "A3", "text": "Offences by computer in the penal code"}],
    }
    reference = coordinator.post("/requests", body).ok().body["reference"]
    path = f"/requests/{reference}"
    if urgent:
        coordinator.change("PUT", f"{path}/urgency", {"reason": "An attack is going on."}).ok()
    coordinator.move(reference, "submit").ok()
    if urgent:
        settled = {"confirmed": True, "reason": "Seen."}
        desk.change("PUT", f"{path}/urgency/settlement", settled).ok()
    matter = {"internal": False, "reason": "A request of the State."}
    desk.change("PUT", f"{path}/matter", matter).ok()
    desk.move(reference, "start_assessment").ok()
    return Field(clients, reference, country)
