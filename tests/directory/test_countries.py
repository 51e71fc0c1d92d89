"""The directory of countries: who is in it, what they are called, where they belong and when."""

import unicodedata
from collections import Counter
from datetime import date, timedelta

import pytest

from app.directory.countries import (
    COMMISSIONS,
    LANGUAGES,
    SPECIAL_SITUATIONS,
    Country,
    CountryStatus,
    GroupMembership,
    commissions_of,
    groups_of,
    load_countries,
    load_groups,
)

TODAY = date(2026, 1, 1)
BY_CODE = {country.alpha3: country for country in load_countries()}


def members(group: str, on: date) -> set[str]:
    return {code for code in BY_CODE if group in groups_of(code, on)}


def sorted_names(language: str) -> list[str]:
    return [c.name(language) for c in sorted(load_countries(), key=lambda c: c.order(language))]


def test_the_directory_holds_193_members_and_two_observers() -> None:
    assert Counter(c.status for c in load_countries()) == {
        CountryStatus.MEMBER: 193,
        CountryStatus.OBSERVER: 2,
    }
    assert {c.alpha3 for c in load_countries() if c.status is CountryStatus.OBSERVER} == {
        "VAT",
        "PSE",
    }


@pytest.mark.parametrize("code", ["ALA", "HKG", "PRI", "GRL", "COK", "NIU", "TWN", "ESH", "ATA"])
def test_no_territory_is_in_the_directory(code: str) -> None:
    assert code not in BY_CODE
    assert groups_of(code, TODAY) == frozenset()


def test_every_code_belongs_to_one_country() -> None:
    for codes in (
        [c.alpha3 for c in load_countries()],
        [c.alpha2 for c in load_countries()],
        [c.m49 for c in load_countries()],
    ):
        assert len(set(codes)) == 195
    assert all(len(c.m49) == 3 and c.m49.isdigit() for c in load_countries())
    assert [c.alpha3 for c in load_countries()] == sorted(BY_CODE)


def test_codes_and_regions_are_those_of_iso_3166_and_m49() -> None:
    kenya, namibia = BY_CODE["KEN"], BY_CODE["NAM"]
    assert (kenya.alpha2, kenya.m49, kenya.region_code, kenya.region) == (
        "KE",
        "404",
        "002",
        "Africa",
    )
    assert (kenya.subregion_code, kenya.subregion) == ("202", "Sub-Saharan Africa")
    assert kenya.intermediate_region == "Eastern Africa"
    assert (namibia.alpha2, BY_CODE["AFG"].m49) == ("NA", "004")
    assert Counter(c.region for c in load_countries()) == {
        "Africa": 54,
        "Americas": 35,
        "Asia": 48,
        "Europe": 44,
        "Oceania": 14,
    }


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("KEN", ("كينيا", "Kenya", "Kenya", "Kenya", "Кения", "肯尼亚")),
        ("TUR", ("تركيا", "Türkiye", "Türkiye", "Türkiye", "Турция", "土耳其")),
        (
            "CIV",
            (
                "كوت ديفوار",
                "Côte d'Ivoire",
                "Côte d'Ivoire",
                "Côte d'Ivoire",
                "Кот-д'Ивуар",
                "科特迪瓦",
            ),
        ),
        ("GMB", ("غامبيا", "Gambia", "Gambia", "Gambie", "Гамбия", "冈比亚")),
        (
            "PSE",
            (
                "دولة فلسطين",
                "State of Palestine",
                "Estado de Palestina",
                "État de Palestine",
                "Государство Палестина",
                "巴勒斯坦国",
            ),
        ),
    ],
)
def test_names_are_the_official_ones_without_article_or_star(
    code: str, names: tuple[str, ...]
) -> None:
    assert tuple(BY_CODE[code].name(language) for language in LANGUAGES) == names


def test_a_parenthesis_that_is_part_of_the_name_stays() -> None:
    assert BY_CODE["IRN"].name("en") == "Iran (Islamic Republic of)"
    assert BY_CODE["COG"].name("zh") == "刚果\uff08布\uff09"
    assert BY_CODE["GBR"].name_formal_en.startswith("the United Kingdom of Great Britain")


@pytest.mark.parametrize("country", load_countries(), ids=lambda c: c.alpha3)
def test_every_country_has_all_names_in_the_script_of_the_language(country: Country) -> None:
    scripts = {"ar": "ARABIC", "ru": "CYRILLIC", "zh": "CJK", "en": "LATIN"}
    for language in LANGUAGES:
        name = country.name(language)
        letters = [unicodedata.name(letter) for letter in name if letter.isalpha()]
        assert letters
        assert all(text.startswith(scripts.get(language, "LATIN")) for text in letters)
        assert name == name.strip()
        assert "*" not in name
    assert country.name_formal_en


def test_a_name_in_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'de'"):
        BY_CODE["KEN"].name("de")
    with pytest.raises(ValueError, match="'de'"):
        BY_CODE["KEN"].order("de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_places_are_unique_in_each_language(language: str) -> None:
    assert sorted(c.order(language) for c in load_countries()) == list(range(1, 196))
    assert len({c.name(language) for c in load_countries()}) == 195


def test_accents_do_not_sort_to_the_end() -> None:
    french, spanish, english = sorted_names("fr"), sorted_names("es"), sorted_names("en")
    assert french.index("Espagne") == french.index("Érythrée") + 1
    assert (
        french.index("Équateur") < french.index("Espagne") < french.index("États-Unis d'Amérique")
    )
    assert spanish.index("Bélgica") == spanish.index("Belarús") + 1
    assert english.index("Côte d'Ivoire") == english.index("Costa Rica") + 1
    assert english[-1] == french[-1] == spanish[-1] == "Zimbabwe"


def test_chinese_goes_by_pinyin_and_arabic_by_its_alphabet() -> None:
    chinese, arabic = sorted_names("zh"), sorted_names("ar")
    assert (chinese[0], chinese[-1]) == ("阿尔巴尼亚", "中国")
    assert chinese.index("秘鲁") == chinese.index("比利时") + 1  # read bilu, not milu
    assert arabic.index("أفغانستان") < arabic.index("بلجيكا") < arabic.index("تونس")
    assert arabic[-1] == "هولندا"


@pytest.mark.parametrize(
    ("code", "commissions"),
    [
        ("KEN", {"ECA"}),
        ("EGY", {"ECA", "ESCWA"}),
        ("KAZ", {"ECE", "ESCAP"}),
        ("TUR", {"ECE", "ESCAP"}),
        ("GEO", {"ECE", "ESCAP"}),
        ("RUS", {"ECE", "ESCAP"}),
        ("ISR", {"ECE"}),
        ("USA", {"ECE"}),
        ("FRA", {"ECE"}),
        ("JPN", {"ESCAP"}),
        ("IRN", {"ESCAP"}),
        ("BRB", {"ECLAC"}),
        ("PSE", {"ESCWA"}),
        ("VAT", set()),
    ],
)
def test_a_country_belongs_to_the_commissions_of_its_own_region(
    code: str, commissions: set[str]
) -> None:
    assert commissions_of(code, TODAY) == commissions


def test_members_from_outside_the_region_are_told_apart() -> None:
    assert commissions_of("FRA", TODAY, regional_only=False) == {"ECE", "ECLAC", "ESCAP"}
    assert commissions_of("KOR", TODAY, regional_only=False) == {"ESCAP", "ECLAC"}
    assert commissions_of("KEN", TODAY, regional_only=False) == {"ECA"}
    assert {m.alpha3 for m in load_groups() if m.group == "ESCAP" and not m.regional} == {
        "FRA",
        "GBR",
        "NLD",
        "USA",
    }


@pytest.mark.parametrize(
    ("group", "regional", "outside"),
    [
        ("ECA", 54, 0),
        ("ECE", 56, 0),
        ("ECLAC", 33, 13),
        ("ESCAP", 49, 4),
        ("ESCWA", 21, 0),
        ("LLDC", 32, 0),
        ("SIDS", 37, 0),
    ],
)
def test_groups_are_as_large_as_their_own_lists(group: str, regional: int, outside: int) -> None:
    held = [m for m in load_groups() if m.group == group and m.holds(TODAY)]
    assert Counter(m.regional for m in held) == Counter({True: regional, False: outside})


def test_commissions_are_those_of_the_day() -> None:
    admitted = date(2011, 7, 14)
    assert commissions_of("SSD", admitted - timedelta(days=1)) == frozenset()
    assert commissions_of("SSD", admitted) == {"ECA"}


def test_only_the_holy_see_is_outside_every_commission() -> None:
    assert {code for code in BY_CODE if not commissions_of(code, TODAY)} == {"VAT"}


@pytest.mark.parametrize(
    ("code", "last_day"),
    [
        ("BWA", date(1994, 12, 18)),
        ("CPV", date(2007, 12, 19)),
        ("MDV", date(2010, 12, 31)),
        ("WSM", date(2013, 12, 31)),
        ("GNQ", date(2017, 6, 3)),
        ("VUT", date(2020, 12, 3)),
        ("BTN", date(2023, 12, 12)),
        ("STP", date(2024, 12, 12)),
        ("NPL", date(2026, 11, 23)),
        ("SLB", date(2027, 12, 12)),
        ("SEN", date(2029, 12, 18)),
    ],
)
def test_a_country_leaves_the_least_developed_on_its_day_and_not_before(
    code: str, last_day: date
) -> None:
    assert "LDC" in groups_of(code, last_day)
    assert "LDC" not in groups_of(code, last_day + timedelta(days=1))


def test_the_list_of_least_developed_countries_shrinks_as_decided() -> None:
    assert len(members("LDC", date(2023, 12, 12))) == 46
    assert len(members("LDC", date(2024, 12, 12))) == 45
    assert len(members("LDC", TODAY)) == 44
    assert "AGO" in members("LDC", date(2030, 1, 1))  # graduation deferred without a date


def test_every_day_still_to_come_says_that_it_is_to_be_confirmed() -> None:
    planned = [m for m in load_groups() if m.valid_to is not None and m.valid_to > TODAY]
    assert {m.alpha3 for m in planned} == {"BGD", "LAO", "NPL", "SLB", "KHM", "SEN"}
    assert all("to be confirmed" in m.source for m in planned)


def test_special_situations_and_commissions_are_all_the_groups_there_are() -> None:
    assert {m.group for m in load_groups()} == COMMISSIONS | SPECIAL_SITUATIONS
    assert groups_of("NPL", TODAY) == {"LDC", "LLDC", "ESCAP"}
    assert groups_of("TUV", TODAY) & SPECIAL_SITUATIONS == {"LDC", "SIDS"}
    assert all(m.alpha3 in BY_CODE and m.source for m in load_groups())


def test_a_membership_holds_from_its_first_day_until_before_its_last() -> None:
    first, last = date(2020, 1, 1), date(2020, 1, 3)
    closed = GroupMembership("KEN", "LDC", first, last, regional=True, source="example")
    held = [closed.holds(first + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]
    assert GroupMembership("KEN", "LDC", None, None, regional=True, source="x").holds(date.min)


def test_the_tables_are_read_once() -> None:
    assert load_countries() is load_countries()
    assert load_groups() is load_groups()
