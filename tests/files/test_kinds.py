"""Names: no path, no marks of direction, no name that a system keeps for itself."""

import pytest

from app.files.kinds import LONGEST_NAME, kind_of, tidy
from app.kit.errors import Invalid


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\win.txt", "win.txt"),
        ("/absolute/a.csv", "a.csv"),
        ("c:\\x\\y.png", "y.png"),
        ("c:evil.png", "c_evil.png"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ("a\u2066b\u2069\u200e.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul.tar.txt", "_nul.tar.txt"),
        ("com1.csv", "_com1.csv"),
        (" .hidden.pdf. ", "hidden.pdf"),
        (".pdf", "pdf"),
        ("", "document"),
        ("...", "document"),
        ('a<b>"c|d?.pdf', "a_b__c_d_.pdf"),
    ],
)
def test_a_name_is_kept_without_what_misleads(sent: str, kept: str) -> None:
    assert tidy(sent) == kept


def test_a_long_name_is_cut_before_its_ending() -> None:
    kept = tidy("ж" * 500 + ".docx")
    assert len(kept) == LONGEST_NAME
    assert kept.endswith("ж.docx")


def test_a_tidy_name_is_tidy() -> None:
    for sent in ("a/b\\..\u202e.pdf", "COM1 .pdf", "x" * 300, ". . .txt", "\u0344.pdf"):
        assert tidy(tidy(sent)) == tidy(sent)


def test_the_kind_is_that_of_the_last_ending_alone() -> None:
    assert kind_of("a.exe.PDF").name == "pdf"
    for name in ("a.pdf.exe", "pdf", "a.", "a.html", "a.svg"):
        with pytest.raises(Invalid):
            kind_of(name)
