"""A file of the compendium by pages: compared, shown, and only then proposed."""

import csv
import io
import re

import httpx2
import pytest

from tests.web.conftest import Hall
from tests.web.readers import Reader, words_of

PLACE = "/compendium/import"
PROPOSE = f"{PLACE}/propose"
WHY = {"why_title": "ITU's yearly list", "why": "Sent by its focal point in a spreadsheet."}


def edited(reader: Reader, code: str, **cells: str) -> bytes:
    """Take the compendium out as CSV, and return the row of one entry with other cells."""
    rows = list(csv.reader(io.StringIO(reader.page("/compendium/export/csv"))))
    head, row = rows[0], next(one for one in rows if one[1] == code)
    for name, text in cells.items():
        row[head.index(name)] = text
    made = io.StringIO()
    csv.writer(made).writerows([head, row])
    return made.getvalue().encode()


def compared(reader: Reader, name: str, content: bytes, status: int = 200) -> str:
    """Send a file, and return the page that comes back."""
    answer = reader.post(PLACE, reader.form(PLACE), files={"file": (name, content)})
    assert answer.status_code == status, words_of(answer.text)
    return answer.text


def test_a_file_is_compared_shown_and_then_proposed_for_a_second_person(
    desk: Reader, hall: Hall
) -> None:
    content = edited(desk, "itu.users", text="Helps all who use it.", topics="D2; D7")
    shown = compared(desk, "list.csv", content)
    told = words_of(shown)
    assert "Helps all who use it." in told
    assert "itu.users" in told
    assert "Helps all who use it." not in desk.page("/compendium/changes"), "nothing is proposed"
    bare = desk.send(PLACE, {}, shown, to=PROPOSE)
    assert bare.status_code == 422
    assert 'id="why_title-fault"' in bare.text
    assert "Helps all who use it." in words_of(bare.text), "the difference is shown again"
    sent = desk.send(PLACE, WHY, bare.text, to=PROPOSE)
    assert sent.status_code == 303, words_of(sent.text)
    change = desk.page(sent.headers["location"])
    assert "Helps all who use it." in words_of(change)
    second = hall.reader("desk_officer", nth=2)
    done = second.send(f"{sent.headers['location']}/review", {"approved": "yes"})
    assert done.status_code == 303, words_of(done.text)
    assert "Helps all who use it." in words_of(desk.page("/compendium/entities/itu"))
    late = desk.send(PLACE, WHY, bare.text, to=PROPOSE, once="another-form-of-the-same")
    assert late.status_code == 409, "what the file rested on was overtaken"


def test_a_file_that_says_what_stands_has_nothing_to_propose(desk: Reader) -> None:
    whole = desk.page("/compendium/export/yaml").encode()
    told = words_of(compared(desk, "mine.yaml", whole))
    assert "there is nothing to propose" in told
    assert "The change in one line" not in told


def test_an_entry_is_withdrawn_and_comes_back_with_a_version_that_still_said_it(
    desk: Reader, hall: Hall
) -> None:
    second, entry = hall.reader("desk_officer", nth=2), "itu.policy"
    page, place = f"/compendium/entries/mandate/{entry}", f"/compendium/withdraw/mandate/{entry}"

    def approved(sent: httpx2.Response) -> None:
        assert sent.status_code == 303, words_of(sent.text)
        done = second.send(f"{sent.headers['location']}/review", {"approved": "yes"})
        assert done.status_code == 303, words_of(done.text)

    assert place in desk.page(page)
    approved(desk.send(place, WHY))
    assert place not in desk.page(page), "it is withdrawn"
    assert entry not in desk.page("/compendium/entities/itu")
    back = "/compendium/versions/1/return"
    assert back in desk.page("/compendium/versions")
    approved(desk.send(back, WHY))
    assert entry in desk.page("/compendium/entities/itu")
    assert "Version 3" in words_of(desk.page(page)), "by a new version"
    unknown = desk.get("/compendium/versions/999/return")
    assert unknown.status_code == 404


def test_every_entry_that_cannot_be_taken_is_named_with_what_is_wrong(desk: Reader) -> None:
    wrong = b"""mandate:
- {code: itu.users, provenance: guessed}
- {code: unodc.electronic_evidence, topics: [Z9], role: 7}
"""
    shown = words_of(compared(desk, "mine.yaml", wrong, 422))
    told = re.sub(" (?=[,:.])", "", shown)  # values are isolated, and so words of their own
    for one in (
        "Mandate itu.users, Provenance: Choose one of those offered.",
        "Mandate unodc.electronic_evidence, Topics/0: This is not written as expected.",
        "Mandate unodc.electronic_evidence, Role: ",
    ):
        assert one in told
    assert "Input should be" not in told
    alone = words_of(compared(desk, "mine.yaml", b"mandate: [{code: itu.users, role: 7}]", 422))
    assert re.search("stands below. Role ?: (Choose|This)", alone)


@pytest.mark.parametrize(
    ("name", "content"),
    [("note.txt", b"a note"), ("list.csv", b"kind,code,colour\r\n"), ("mine.yaml", b"&a [*a]")],
)
def test_a_file_that_cannot_be_read_comes_back_with_why(
    desk: Reader, name: str, content: bytes
) -> None:
    back = compared(desk, name, content, 422)
    assert f'action="{PLACE}"' in back, "another file can be chosen"
    nothing = desk.post(PLACE, desk.form(PLACE))
    assert nothing.status_code == 422


def test_an_entity_brings_in_its_own_entries_alone(hall: Hall) -> None:
    unesco = hall.reader("focal_point", entity="unesco")
    shown = compared(unesco, "a.csv", edited(unesco, "itu.policy", text="Otherwise."))
    refused = unesco.send(PLACE, WHY, shown, to=PROPOSE)
    assert refused.status_code == 403
    assert "Otherwise." in words_of(refused.text)
    assert hall.reader("government", "KEN").get(PLACE).status_code == 403
