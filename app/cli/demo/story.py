"""The play: each act takes a request one stage further, by calls that real people would make.

`country` keys choose the players of that country; every date is reckoned from `today`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.cli.demo.stage import Stage

ESTABLISHED = frozenset({"A1", "B1", "E4", "D7"})
"""Topics in which the country of the play has an established practice, with evidence for it."""
IMPROVED = frozenset({"A3b", "C7", "D6", "D9", "E2"})
"""Topics in which it has one at the second look, after the help."""

RISK = {
    "threats_systems": "Ransomware against hospitals and the payment network.",
    "threats_gain": "Fraud by mobile money and stolen identities; the poor suffer most.",
    "threats_content": "Images of abuse spread by messaging services.",
    "regional_factors": "A fast growing mobile economy and few trained investigators.",
    "national_factors": "Procedural law does not yet cover data held abroad.",
    "sectors": ["health", "financial_systems"],
    "likelihood": "likely",
    "impact": "major",
    "sources": "Police statistics, interviews with two hospitals and the central bank.",
}
GROUPS = (
    *("police", "justice_officials", "ict_regulators", "policymakers", "legislators"),
    *("cybersecurity_experts", "ngos", "academia", "technical_community"),
    *("network_suppliers", "financial_institutions"),
)


@dataclass
class Story:
    """One request on its way: the stage, the countries that ask, and the day of the play."""

    stage: Stage
    countries: Sequence[str]
    today: date
    reference: str = ""

    @property
    def path(self) -> str:
        """The path of the request."""
        return f"/requests/{self.reference}"

    def who(self, part: str, nth: int = 0) -> str:
        """Return the key of a player of the (first) country."""
        return f"{part}:{self.countries[nth]}"

    def file(self, body: dict[str, Any]) -> str:
        """File a draft."""
        filed = self.stage.add(self.who("coordinator"), "/requests", body)
        self.reference = filed["reference"]
        self.stage.tell(f"    {self.reference} is drafted: {body['title']}.")
        return self.reference

    def submit(self) -> None:
        """Submit the draft."""
        self.stage.move(self.who("coordinator"), self.reference, "submit")

    def triage(self) -> None:
        """Say whose matter it is and start the assessment."""
        matter = {"internal": False, "reason": "A Member State asks for its own institutions."}
        self.stage.change("desk", "PUT", f"{self.path}/matter", matter, self.path)
        self.stage.move("desk", self.reference, "start_assessment")

    def assess(self, kind: str = "comprehensive") -> None:
        """Plan, visit, ask, consult, find, sign, acknowledge and countersign."""
        self.prepare_assessment(kind)
        self.sign_assessment(kind)

    def prepare_assessment(self, kind: str = "comprehensive") -> None:
        """Do everything of an assessment but the signatures."""
        assessor, room = self.who("assessor"), f"{self.path}/assessment"
        which = f"?kind={kind}"
        plan: dict[str, Any] = {
            "kind": kind,
            "starts_on": str(self.today - timedelta(days=12)),
            "ends_on": str(self.today - timedelta(days=2)),
            "place": "The capital and one county",
            "team": [{"name": "Lead assessor", "entity": "unodc", "role": "lead"}],
            "hosts": [{"name": "Director of ICT security", "office": "Ministry of ICT"}],
        }
        if kind == "rapid":
            plan["comprehensive_due"] = str(self.today + timedelta(days=60))
        self.stage.add(assessor, room, plan)
        for country in self.countries:
            self.stage.add(assessor, f"{room}/visits{which}", self._visit(country))
        self._answer(assessor, room, which)
        for group in GROUPS:
            held = str(self.today - timedelta(days=5))
            consulted = {"group": group, "held_on": held, "who": f"Two members of {group}"}
            self.stage.add(assessor, f"{room}/consultations{which}", consulted)
        risk = {"content": RISK, "dated": str(self.today - timedelta(days=3))}
        self.stage.obtain(assessor, "PUT", f"{room}/risk{which}", risk)
        self._find(assessor, room, which)
        self.stage.tell(f"    {assessor} records visits, answers with evidence, risks, findings.")

    def sign_assessment(self, kind: str = "comprehensive") -> None:
        """Sign, acknowledge for every country, and countersign as another person."""
        room, which = f"{self.path}/assessment", f"?kind={kind}"
        whole = f"{room}{which}"
        self.stage.change(self.who("assessor"), "POST", f"{room}/sign{which}", None, whole)
        for nth, country in enumerate(self.countries):
            seen = {"country": country, "note": "Seen and acknowledged."}
            who = self.who("government", nth)
            self.stage.change(who, "POST", f"{room}/acknowledgements{which}", seen, whole)
        path = f"{room}/countersignature{which}"
        self.stage.change(self.who("coordinator"), "POST", path, None, whole)
        self.stage.tell(
            "    signed by the assessor, acknowledged, countersigned by another person."
        )

    def _visit(self, country: str) -> dict[str, str]:
        return {
            "country": country,
            "place": "The capital",
            "host": "Ministry of ICT",
            "starts_on": str(self.today - timedelta(days=10)),
            "ends_on": str(self.today - timedelta(days=4)),
        }

    def _answer(self, assessor: str, room: str, which: str) -> None:
        """Answer whatever the questionnaire asks next, until it asks nothing more."""
        standing = ESTABLISHED | (IMPROVED if which.endswith("reassessment") else frozenset())
        for _ in range(6):
            asked = self.stage.read(assessor, f"{room}/questionnaire{which}")
            left = [
                (block["topic"], question)
                for section in asked["sections"]
                for block in section["blocks"]
                for question in block["next"]
            ]
            left += [
                ("", question) for section in asked["sections"] for question in section["questions"]
            ]
            if not left:
                return
            for topic, question in left:
                body = self._given(standing, topic, question)
                self.stage.obtain(
                    assessor, "PUT", f"{room}/answers/{question['code']}{which}", body
                )

    def _given(
        self, standing: frozenset[str], topic: str, question: dict[str, Any]
    ) -> dict[str, Any]:
        level = question["level"]
        yes = level is None or level == 2 or (level == 3 and topic in standing)
        evidence = {
            "kind": "document",
            "source": question["evidence_hint"] or "Interview with the ministry",
            "dated": str(self.today - timedelta(days=6)),
            "in_country": True,
        }
        return {
            "value": "yes" if yes else "no",
            "note": "Seen during the visit." if yes else "Not in place.",
            "evidence": [evidence] if yes else [],
        }

    def _find(self, assessor: str, room: str, which: str) -> None:
        """Record one finding a need and let the need rest on it."""
        for need in self.stage.read(assessor, f"{self.path}/needs")["items"]:
            finding = {
                "topic": need["topic"] or f"{need['area']}1",
                "text": f"The visit confirms it: {need['text']}",
                "risk_factor": "Few trained staff",
            }
            found = self.stage.add(assessor, f"{room}/findings{which}", finding)
            if which not in ("?kind=reassessment", "?kind=self"):
                rests = {"findings": [found["number"]], "number": need["number"]}
                self.stage.add(assessor, f"{room}/needs", rests)

    def complete_assessment(self) -> None:
        """Complete the assessment stage."""
        self.stage.move(self.who("coordinator"), self.reference, "complete_assessment")

    def screen(self, outcome: str = "") -> str:
        """Give every verdict that is open, decide and confirm; return the outcome."""
        room = f"{self.path}/screening"
        for nth, country in enumerate(self.countries):
            for subject in ("sharing", "publication"):
                word = {"country": country, "subject": subject, "given": True}
                self.stage.add(self.who("government", nth), f"{self.path}/consents", word)
        self.stage.change("screener", "POST", f"{room}/recheck", {}, room)
        self.judge()
        derived = self.stage.read("screener", room)["derived"]["outcome"]
        decided = {"outcome": outcome or derived, "reason": "As the findings show."}
        self.stage.change("screener", "POST", f"{room}/decision", decided, room)
        self.stage.change("screener2", "POST", f"{room}/confirmation", {}, room)
        self.stage.tell(f"    derived by rule: {derived}; decided and confirmed by two persons.")
        return str(decided["outcome"])

    def judge(self) -> None:
        """Write every verdict and finding that is still open, each on the tag of the one before."""
        room = f"{self.path}/screening"
        seen = self.stage.obtain("screener", "GET", room)
        for principle in seen.body["principles"]:
            for criterion in principle["criteria"]:
                verdict = verdict_on(criterion)
                if verdict:
                    path = f"{room}/criteria/{criterion['code']}"
                    who = reviewer_of(principle)
                    seen = self.stage.obtain(who, "PUT", path, verdict, seen.tag)
        for principle in seen.body["principles"]:
            path = f"{room}/principles/{principle['code']}"
            finding = finding_on(principle)
            seen = self.stage.obtain(reviewer_of(principle), "PUT", path, finding, seen.tag)

    def pass_screening(self) -> None:
        """Move a passed request on to matching."""
        self.stage.move("screener", self.reference, "pass_screening")

    def propose(self) -> dict[str, Any]:
        """Prepare a proposal and return it."""
        path = f"{self.path}/matching/proposals"
        proposal: dict[str, Any] = self.stage.add("desk", path, None)
        return proposal

    def offer(self) -> dict[str, Any]:
        """Prepare a proposal and offer it to its entities."""
        proposal = self.propose()
        self.stage.move("desk", self.reference, "offer_match")
        return proposal

    def leave_unserved(self, need: int) -> None:
        """State that nobody is left who may be asked for a need."""
        body = {"apart": "unserved", "reason": "Nobody is left who may be asked."}
        self.stage.change("desk", "PUT", f"{self.path}/needs/{need}/mark", body, self.path)

    def offer_again(self) -> dict[str, Any]:
        """Offer what somebody is left for; of the rest state that nobody is."""
        for one in self.propose()["content"]["uncovered"]:
            self.leave_unserved(one["need"])
        return self.offer()

    def respond(self, entity: str, *, accepted: bool = True, reason: str = "") -> None:
        """Answer an offer for one entity."""
        body = {"entity": entity, "accepted": accepted, "reason": reason}
        path = f"{self.path}/matching/responses"
        self.stage.change(f"focal:{entity}", "POST", path, body, self.path)
        word = "accepts" if accepted else "declines"
        self.stage.tell(f"    focal:{entity} {word}.")

    def consent(self, *, given: bool = True, reason: str = "") -> None:
        """Give every country's word on the match."""
        for nth, country in enumerate(self.countries):
            body = {"country": country, "given": given, "reason": reason}
            path = f"{self.path}/matching/consents"
            self.stage.change(self.who("government", nth), "POST", path, body, self.path)
        state = self.stage.state("desk", self.reference)
        self.stage.tell(f"    the country {'consents' if given else 'refuses'}: now in {state}.")


def reviewer_of(principle: dict[str, Any]) -> str:
    """Return who screens by a principle."""
    return "reviewer" if principle["reviewer_role"] == "rights_reviewer" else "screener"


def verdict_on(criterion: dict[str, Any]) -> dict[str, Any] | None:
    """Return a verdict for a criterion that is open or that a rule found wanting."""
    if criterion["verdict"] in ("met", "waived", "not_applicable", "met_with_condition"):
        return None
    if criterion["verdict"] is None:
        return {"verdict": "met", "reason": "Examined with the documents of the request."}
    if criterion["modality"] == "W":
        return {"verdict": "waived", "reason": "Not possible within this request."}
    if criterion["modality"] == "C":
        return {"verdict": "met", "reason": "Considered: the entities act together."}
    return {
        "verdict": "met_with_condition",
        "reason": "The plan can still bring it about.",
        "condition": f"Cover {criterion['code']} in the work plan.",
    }


def finding_on(principle: dict[str, Any]) -> dict[str, Any]:
    """Return the best finding that a principle's criteria allow."""
    finding = {"finding": principle["best"], "reason": "As its criteria were found."}
    if principle["best"] == "partly":
        finding["condition"] = "Report on it with the first progress report."
    return finding
