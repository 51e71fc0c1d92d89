"""What is wrong with a field, in a sentence of ours: the checker of bodies speaks English alone."""

from collections.abc import Mapping
from typing import Any

from app.kit.speech import marked

SENTENCES = {
    "missing": marked("Fill this in."),
    "string_too_short": marked("Fill this in."),
    "too_short": marked("Give at least one."),
    "string_too_long": marked("This is too long: at most {max_length} characters are taken."),
    "too_long": marked("These are too many: at most {max_length} are taken."),
    "literal_error": marked("Choose one of those offered."),
    "enum": marked("Choose one of those offered."),
    "string_pattern_mismatch": marked("This is not written as expected."),
    "date_from_datetime_parsing": marked("Give a day, such as 2026-01-31."),
    "date_parsing": marked("Give a day, such as 2026-01-31."),
    "datetime_parsing": marked("Give a day and a time."),
    "int_parsing": marked("Give a whole number."),
    "int_type": marked("Give a whole number."),
    "greater_than_equal": marked("Give {ge} or more."),
    "less_than_equal": marked("Give {le} or less."),
}
"""What stands beside a field, by what is wrong with it."""
OTHERWISE = marked("This cannot be taken as it stands.")


def told(one: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the English sentence of one fault of a body, and its parameters."""
    params = {k: v for k, v in one.get("ctx", {}).items() if isinstance(v, int | str)}
    return sentence(one), params


def sentence(one: Mapping[str, Any]) -> str:
    """Return what stands beside the field; a rule of a body's own is told in its own words."""
    why = one.get("ctx", {}).get("error")
    if isinstance(why, ValueError):
        return sentence_of(str(why)).replace("{", "{{").replace("}", "}}")
    if one["type"] == "too_short" and isinstance(one["input"], str):
        return SENTENCES["missing"]
    return SENTENCES.get(one["type"], OTHERWISE)


def sentence_of(why: str) -> str:
    """Return the sentence that tells why a rule of a body's own does not take it."""
    return f"{why[:1].upper()}{why[1:]}."
