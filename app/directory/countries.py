"""The States that may ask for assistance, and the groups that they belong to as of a day.

Two tables travel with the package. `countries.csv` holds the 193 Member States and the two
observer States, and no territory. Names are the official short names of the United Nations
without the trailing note of the article ("Gambia", where the terminology base writes
"Gambia (the)") and without footnote stars; a parenthesis that is part of the name stays
("Iran (Islamic Republic of)"). The columns `order_*` hold the alphabetical place of each name,
computed once with the Unicode collation of that language: accents count as their base letter,
Chinese goes by pinyin.

`country_groups.csv` holds dated memberships: least developed countries (LDC), landlocked
developing countries (LLDC), small island developing States (SIDS) (C10), and the five regional
commissions (F11), each after its own list. An empty `valid_from` means that the beginning lies
before anything this project records; an empty `valid_to` means that the membership goes on. A
date that the General Assembly may still move says "to be confirmed" in `source`.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
COMMISSIONS = frozenset({"ECA", "ECE", "ECLAC", "ESCAP", "ESCWA"})
SPECIAL_SITUATIONS = frozenset({"LDC", "LLDC", "SIDS"})


class CountryStatus(StrEnum):
    """How a State stands to the United Nations; only a member files requests."""

    MEMBER = "member"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Country:
    """One State: ISO 3166-1 codes, M49 codes (three digits, as text), names in six languages.

    `names` and `orders` follow `LANGUAGES`; `intermediate_region` is empty where M49 has none.
    """

    alpha3: str
    alpha2: str
    m49: str
    status: CountryStatus
    region_code: str
    region: str
    subregion_code: str
    subregion: str
    intermediate_region: str
    names: tuple[str, ...]
    name_formal_en: str
    orders: tuple[int, ...]

    def name(self, language: str) -> str:
        """The short name in one of `LANGUAGES`; any other language raises ValueError."""
        return self.names[_language_place(language)]

    def order(self, language: str) -> int:
        """The alphabetical place, 1 to 195, in one of `LANGUAGES`; otherwise ValueError."""
        return self.orders[_language_place(language)]


@dataclass(frozen=True, slots=True)
class GroupMembership:
    """One country in one group on every day d with valid_from <= d < valid_to; None is open.

    `regional` is False for a member of a commission that lies outside the commission's region.
    """

    alpha3: str
    group: str
    valid_from: date | None
    valid_to: date | None
    regional: bool
    source: str

    def holds(self, on: date) -> bool:
        """Whether the membership is in force on that day; the last day is not part of it."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


@lru_cache(maxsize=1)
def load_countries() -> tuple[Country, ...]:
    """All 195 States by ISO 3166-1 alpha-3 code."""
    return tuple(
        Country(
            alpha3=row["alpha3"],
            alpha2=row["alpha2"],
            m49=row["m49"],
            status=CountryStatus(row["status"]),
            region_code=row["region_code"],
            region=row["region"],
            subregion_code=row["subregion_code"],
            subregion=row["subregion"],
            intermediate_region=row["intermediate_region"],
            names=tuple(row[f"name_{language}"] for language in LANGUAGES),
            name_formal_en=row["name_formal_en"],
            orders=tuple(int(row[f"order_{language}"]) for language in LANGUAGES),
        )
        for row in _rows("countries.csv")
    )


@lru_cache(maxsize=1)
def load_groups() -> tuple[GroupMembership, ...]:
    """All memberships, past, present and planned, by country and group."""
    return tuple(
        GroupMembership(
            alpha3=row["alpha3"],
            group=row["group"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            regional=row["regional"] == "yes",
            source=row["source"],
        )
        for row in _rows("country_groups.csv")
    )


def groups_of(alpha3: str, on: date) -> frozenset[str]:
    """Every group of the country on that day, commissions of other regions included.

    Intersect with `SPECIAL_SITUATIONS` or `COMMISSIONS` for one kind. A code that is no State
    of this directory belongs to none.
    """
    return frozenset(m.group for m in _memberships().get(alpha3, ()) if m.holds(on))


def commissions_of(alpha3: str, on: date, *, regional_only: bool = True) -> frozenset[str]:
    """The regional commissions of the country on that day (F11); a country may have several.

    With `regional_only`, those of the country's own region; without, also those that it joined
    from outside, as France did ECLAC.
    """
    return frozenset(
        m.group
        for m in _memberships().get(alpha3, ())
        if m.group in COMMISSIONS and m.holds(on) and (m.regional or not regional_only)
    )


@lru_cache(maxsize=1)
def _memberships() -> Mapping[str, tuple[GroupMembership, ...]]:
    by_country: dict[str, list[GroupMembership]] = defaultdict(list)
    for membership in load_groups():
        by_country[membership.alpha3].append(membership)
    return MappingProxyType({alpha3: tuple(held) for alpha3, held in by_country.items()})


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("app.directory").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _language_place(language: str) -> int:
    if language not in LANGUAGES:
        raise ValueError(f"no country names in language {language!r}")
    return LANGUAGES.index(language)
