"""Message catalogues: every label once, translations kept, nothing changed without cause."""

from pathlib import Path

from scripts.messages import TRANSLATED, gather, labels, renew

PACK = "title: A way\nstates:\n  draft: {label: Draft, public: In work, text: not shown}\n"


def pack(folder: Path, text: str) -> Path:
    path = folder / "definitions" / "way" / "v1.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return folder


def test_every_label_people_see_is_gathered_wherever_it_stands() -> None:
    told = {"a": [{"label": "One"}], "title": "Two", "text": "no"}
    assert list(labels(told, TRANSLATED["definitions"])) == ["One", "Two"]
    assert list(labels(told, TRANSLATED["areas"])) == ["One", "Two", "no"]


def test_a_translation_outlives_the_next_gathering(tmp_path: Path) -> None:
    folder = tmp_path / "locales"
    assert renew(gather(pack(tmp_path, PACK)), folder, "fr") == (0, 3)
    catalogue = folder / "fr.po"
    text = catalogue.read_text("utf-8").replace(
        'msgid "Draft"\nmsgstr ""', 'msgid "Draft"\nmsgstr "Brouillon"'
    )
    catalogue.write_text(text, "utf-8")
    grown = PACK + "  closed: {label: Closed}\n"
    assert renew(gather(pack(tmp_path, grown)), folder, "fr") == (1, 4)
    assert 'msgstr "Brouillon"' in catalogue.read_text("utf-8")


def test_gathering_twice_changes_nothing(tmp_path: Path) -> None:
    template = gather(pack(tmp_path, PACK))
    renew(template, tmp_path, "ar")
    catalogue = tmp_path / "ar.po"
    first = catalogue.read_bytes()
    renew(gather(tmp_path), tmp_path, "ar")
    assert catalogue.read_bytes() == first
