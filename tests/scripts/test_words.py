"""What is counted at the end of a words pack is what its examples say."""

from app.config import ROOT
from app.engine.packs import read_model
from app.engine.words import Lexicon
from scripts.words import counts, section

FILE = ROOT / "workflows/words/un_cyber/v1.yaml"


def test_the_counts_in_a_words_pack_are_those_of_its_examples() -> None:
    text = FILE.read_text("utf-8")
    words = read_model(FILE, Lexicon)
    assert text.endswith(section(words)), "run `python -m scripts.words`"
    assert counts(words)["D9"]["attack"] > 5
