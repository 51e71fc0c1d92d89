"""Likeness to what was written before: words counted, the same each time, with the words shown."""

from app.engine.likeness import MOST, Counts, counted, features

WRITTEN = {
    "road": ("Repair the old bridge.", "The old bridge is closed."),
    "court": ("The judge wants proof.", "Proof for the judge."),
}
READ = counted("en", WRITTEN)


def names(language: str, text: str) -> set[str]:
    return {name for name, _, _ in features(language, text)}


def spoken(text: str) -> dict[str, tuple[str, ...]]:
    found = READ.like(features("en", text))
    return {code: tuple(text[a:b] for a, b in like.spans) for code, like in found.items()}


def test_a_word_counts_whole_by_two_beginnings_and_with_the_word_after_it() -> None:
    assert names("en", "Judges wait") == {
        "=judges",
        "4judg",
        "6judges",
        "=wait",
        "4wait",
        "judge wait",
    }
    assert names("ar", "والقاضي") == names("ar", "قاضي")
    assert names("zh", "网络安全") == {"网络", "络安", "安全"}


def test_a_text_is_like_the_topic_with_which_it_shares_what_few_topics_have() -> None:
    found = READ.like(features("en", "Our judge asks for better proof."))
    assert set(found) == {"court"}
    assert spoken("Our judge asks for better proof.")["court"] == ("judge", "proof")


def test_one_word_alone_makes_no_likeness() -> None:
    assert READ.like(features("en", "Judge not.")) == {}


def test_two_words_count_together_only_where_two_examples_have_them() -> None:
    near, apart = (READ.like(features("en", f"{t}"))["road"] for t in ("old bridge", "bridge old"))
    assert near.weight > apart.weight
    once = counted("en", {"road": WRITTEN["road"][:1], "court": WRITTEN["court"]})
    one, two = (once.like(features("en", t))["road"] for t in ("old bridge", "bridge old"))
    assert one.weight == two.weight


def test_counts_beyond_a_byte_stay_a_byte() -> None:
    many = Counts([("a", {"=x": MOST + 50, "=y": 1}), ("b", {"=z": 1})])
    full = Counts([("a", {"=x": MOST, "=y": 1}), ("b", {"=z": 1})])
    spots = [("=x", 0, 1), ("=y", 2, 3)]
    assert many.like(spots) == full.like(spots)
