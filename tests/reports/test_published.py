"""What everyone is told: totals without small numbers, and what countries consent to publish."""

import json
from collections import defaultdict
from itertools import product
from typing import Any

import sqlalchemy as sa

from app.kit import clock
from app.reports.rules import published
from app.requests.service import publication
from app.requests.tables import AssistanceRequest, Consent
from tests.factories.clients import Clients
from tests.reports.ground import lay


def told(clients: Clients, path: str) -> Any:
    """Return what somebody without any credential is answered."""
    answer = clients.http.get(f"/api/v1/public/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def consent(clients: Clients, reference: str, country: str, *, given: bool) -> None:
    """Let a country say yes or no, as its government does where the state lets it."""
    own = sa.select(AssistanceRequest.id).where(AssistanceRequest.reference == reference)
    by = clients.as_("government", country).person_id
    with clients.office.writing() as session:
        said = {"subject": publication.PUBLICATION, "given": given, "by": by, "at": clock.now()}
        number = session.scalars(own).one()
        session.add(Consent(request_id=number, country=country, **said))


def change(clients: Clients, reference: str, **values: Any) -> None:
    which = AssistanceRequest.reference == reference
    with clients.office.writing() as session:
        session.execute(sa.update(AssistanceRequest).where(which).values(values))


def test_a_request_is_published_while_each_of_its_countries_consents(clients: Clients) -> None:
    made = lay(clients)

    def listed() -> list[str]:
        return [line["reference"] for line in told(clients, "requests")["items"]]

    assert listed() == []
    for name in ("kenya", "draft", "held", "secret", "uganda"):
        country = {"held": "FJI", "secret": "FJI", "uganda": "UGA"}.get(name, "KEN")
        consent(clients, made[name], country, given=True)
    consent(clients, made["both"], "KEN", given=True)
    assert listed() == [made["uganda"], made["kenya"]]
    consent(clients, made["both"], "UGA", given=True)
    assert listed() == [made["both"], made["uganda"], made["kenya"]]
    first = told(clients, "requests?limit=2")
    assert [line["reference"] for line in first["items"]] == [made["both"], made["uganda"]]
    (rest,) = told(clients, f"requests?limit=2&cursor={first['next']}")["items"]
    assert rest == {
        "reference": made["kenya"],
        "title": "Help kenya",
        "summary": "Some.",
        "language": "en",
        "countries": ["KEN"],
        "areas": ["D"],
        "status": "Received",
        "filed_on": str(clock.today()),
    }
    consent(clients, made["both"], "UGA", given=False)
    change(clients, made["uganda"], level="confidential")
    assert listed() == [made["kenya"]]
    change(clients, made["kenya"], title="", summary="")  # as an erasure leaves it
    assert listed() == []


def test_totals_tell_no_small_number_and_nothing_that_is_held_in_confidence(
    clients: Clients,
) -> None:
    lay(clients)
    coordinator = clients.as_("resident_coordinator", "WSM")
    for _ in range(5):
        body = {"countries": ["WSM"], "title": "Help", "needs": [{"area": "B", "text": "x"}]}
        reference = coordinator.post("/requests", body).ok().body["reference"]
        change(clients, reference, state="triage", filed_at=clock.now())

    def figures() -> dict[str, int]:
        found = told(clients, "figures")
        assert (found["as_of"], found["smallest"]) == (str(clock.today()), 5)
        told_of = [*found["regions"], *found["groups"], *found["areas"], *found["stages"]]
        largest = max(line["requests"] or 0 for line in told_of)
        assert found["at_least"] >= largest, "the whole is never less than a part that is told"
        lines = [
            (f"{table} {line['code']}", line["requests"])
            for table in ("stages", "regions", "groups", "areas")
            for line in found[table]
        ]
        assert len(lines) == 6 + 5 + 3 + 5
        return {code: count for code, count in lines if count} | {"": found["at_least"]}

    # of Oceania there are eight, of which five are new; one is Fiji's, and two are held
    assert figures() == {
        "stages intake": 5,
        "regions Oceania": 5,
        "groups SIDS": 5,
        "areas B": 5,
        "": 5,
    }
    change(clients, reference, level="restricted")
    assert figures() == {"stages intake": 5, "regions Oceania": 5, "groups SIDS": 5, "": 5}
    assert "canary" not in json.dumps(told(clients, "figures"))
    with clients.house.database.writing() as session:
        told_one = sa.select(AssistanceRequest).where(AssistanceRequest.stage == "intake").limit(1)
        one = session.scalars(told_one.where(AssistanceRequest.level == "ordinary")).one()
        one.state, one.stage = "assessment", "assessment"
    found = told(clients, "figures")
    assert not any(line["requests"] for line in found["stages"])
    assert found["at_least"] == 5, "the region tells of five, though no stage does"


def test_an_answer_is_kept_by_its_tag(clients: Clients) -> None:
    first = clients.http.get("/api/v1/public/figures")
    assert first.headers["cache-control"] == "public, max-age=300"
    again = clients.http.get(
        "/api/v1/public/figures", headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert clients.http.get("/api/v1/public/requests").headers["cache-control"] == "no-cache"
    assert clients.http.get("/api/v1/public/requests?cursor=x").status_code == 400


def test_two_tables_of_the_same_requests_together_tell_no_count_of_one_two_or_three() -> None:
    """Every way of parting up to 24 requests by two tables of three and two lines."""
    most = 24
    parts = {
        size: [one for one in product(range(most + 1), repeat=size) if sum(one) <= most]
        for size in (2, 3)
    }
    by_sum: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for one in parts[2]:
        by_sum[sum(one)].append(one)
    possible: dict[tuple[Any, ...], list[set[int]]] = {}
    for stages in parts[3]:
        for regions in by_sum[sum(stages)]:
            cells = (*stages, *regions)
            known = tuple(published(cell) for cell in cells)
            found = possible.setdefault(known, [set() for _ in cells])
            for place, cell in enumerate(cells):
                found[place].add(cell)
    assert len(possible) > 100
    pinned = [
        (known, values)
        for known, found in possible.items()
        for values in found
        if len(values) == 1 and values & {1, 2, 3}
    ]
    assert pinned == []
