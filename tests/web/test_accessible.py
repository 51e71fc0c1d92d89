"""Every page that is pictured: no barrier that axe finds, nothing from elsewhere, and few bytes.

An ordinary run looks at each page in English or Arabic, turn by turn, and at some in all six
languages; a thorough one (`ENTENTE_TEST_THOROUGH=1`) at all in all. What no program can see stands
in `docs/accessibility.md`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from app.kit.speech import Speech, speech
from app.kit.text import LANGUAGES, Catalogue
from app.web.pages import LANGUAGE
from app.web.texts import NAMES
from scripts.messages import WORKFLOWS
from scripts.pictures import PICTURES, Picture
from scripts.screenshots import by_state, played, served, signed_in
from tests.sampling import THOROUGH
from tests.web.conftest import PROVIDER
from tests.web.windows import Watch, know, watched

AXE = PROVIDER / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """() => axe.run(document, {resultTypes: ["violations"]}).then(all => all.violations.map(
  one => one.id + ": " + one.nodes.slice(0, 2).map(node => node.html.slice(0, 160)).join(" | ")))"""
LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
NARROW, ZOOMED, WIDE = 320, 640, 1280
"""Widths: the least; that of a window of 1280 at 200 %; and that of a window."""
FIRST, LATER = 60_000, 15_000
"""Bytes of a first visit with all that it loads, and of any page after it, as they are sent."""
LINE = {
    "offline": False,
    "latency": 800,
    "downloadThroughput": 50_000 / 8,
    "uploadThroughput": 6250,
}
"""A line of 50 kbit/s on which each exchange takes 800 ms."""
ELSEWHERE, PACKS = "ru", Catalogue(WORKFLOWS / "locales")
"""The language in which nothing of ours may be left in English, and what packs say in it."""
OWN_NAMES = frozenset(NAMES.values())
"""What each language calls itself."""
SAMPLE = frozenset({"home-desk", "request-closed"})
"""Pages that each language is looked at with."""


@dataclass
class House:
    """The demonstration, served, with a browser window for each role."""

    watch: Watch
    references: dict[str, str]
    secrets: dict[str, str]
    windows: dict[str, Page] = field(default_factory=dict)

    def window(self, role: str) -> Page:
        """Return the window of a role."""
        if role not in self.windows:
            secret = self.secrets[role] if role else ""
            view = ViewportSize(width=WIDE, height=900)
            self.windows[role] = self.watch.open(secret, viewport=view).new_page()
        return self.windows[role]

    def show(self, one: Picture, language: str, *, dark: bool = False) -> Page:
        """Open a page in a language, and in the dark if wanted."""
        page = self.window(one.role)
        page.emulate_media(color_scheme="dark" if dark else "light")
        know(page.context, self.watch.ours, {LANGUAGE: language})
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(self.place(one))
        assert page.get_attribute("html", "lang") == language
        return page

    def place(self, one: Picture) -> str:
        """Return where a page is."""
        return self.watch.ours + one.path.format(**self.references)


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration, played once."""
    settings = played(tmp_path_factory.mktemp("demonstration"))
    with served(settings) as (url, inside):
        roles = {one.role for one in PICTURES if one.role}
        secrets = {role: signed_in(inside, role) for role in roles}
        with watched(chromium, url) as watch:
            yield House(watch, by_state(inside), secrets)


def shown() -> Iterator[tuple[Picture, str]]:
    """Yield each page with the languages in which it is looked at."""
    for number, one in enumerate(PICTURES):
        every = THOROUGH or one.name in SAMPLE
        for language in LANGUAGES if every else (("en", "ar")[number % 2],):
            yield one, language


def sideways(page: Page) -> Iterator[str]:
    """Yield the widths at which a page is wider than its window."""
    for width in (ZOOMED, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        taken = page.evaluate("document.documentElement.scrollWidth")
        if taken > width:
            yield f"is {taken} wide in {width}"


def out_of_sight(page: Page) -> Iterator[str]:
    """Yield what the opened menu of languages hides beside a narrow window."""
    place = page.evaluate(
        """() => { const menu = document.querySelector("details.menu"); menu.open = true;
        const box = menu.querySelector(".menu-list").getBoundingClientRect(); menu.open = false;
        return [box.left, box.right]; }"""
    )
    if place[0] < 0 or place[1] > NARROW:
        yield f"opens its menu at {place}"


@pytest.fixture(scope="module")
def axe() -> str:
    """The program that looks for barriers."""
    if not AXE.is_file():
        pytest.fail("no axe for the tests: run scripts/install-test-needs")
    return AXE.read_text("utf-8")


def barriers(page: Page, source: str) -> list[str]:
    """Return what axe finds on a page as it stands."""
    page.evaluate(source)
    found: list[Any] = page.evaluate(FOUND)
    return [str(one) for one in found]


def test_no_page_has_a_barrier_that_axe_finds_nor_scrolls_sideways(house: House, axe: str) -> None:
    found = []
    for number, (one, language) in enumerate(shown()):
        page = house.show(one, language, dark=number % 4 > 1)
        faults = (*barriers(page, axe), *sideways(page), *out_of_sight(page))
        found += [f"{one.name} ({language}): {fault}" for fault in faults]
    assert found == [], "\n".join(found)
    assert house.watch.heard == [], "asked of others, or refused by our own policy"


def test_a_barrier_is_found_and_a_wide_page(house: House, axe: str) -> None:
    page = house.show(PICTURES[0], "en")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"x.png\"><input>')")
    told = "\n".join(barriers(page, axe))
    assert "image-alt" in told
    assert "label" in told
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<pre>' + 'wide'.repeat(400) + '</pre>')"
    )
    assert list(sideways(page)) != []


def unsaid(
    house: House, monkeypatch: pytest.MonkeyPatch, pages: Sequence[Picture]
) -> dict[str, str]:
    """Return the texts of ours that pages say in English in another language, and where."""
    left: dict[str, str] = {}
    here, plain = "", Speech.text

    def noted(speech: Speech, english: str) -> str:
        ours = english.isascii() and english not in speech.texts
        if ours and plain(speech, english) == english:
            left.setdefault(english, here)
        return plain(speech, english)

    monkeypatch.setattr(Speech, "text", noted)
    for one in pages:
        here, context = one.name, house.window(one.role).context
        know(context, house.watch.ours, {LANGUAGE: ELSEWHERE})
        context.request.get(house.place(one), headers={"accept": "text/html"})
    monkeypatch.setattr(Speech, "text", plain)
    spoken = speech(ELSEWHERE, PACKS)
    whole = {one: place for one, place in left.items() if spoken.sentence(one) == one}
    return {one: place for one, place in whole.items() if one not in OWN_NAMES}


def test_no_page_says_anything_of_ours_in_another_language(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unsaid(house, monkeypatch, PICTURES) == {}
    monkeypatch.delitem(speech(ELSEWHERE, PACKS).texts, "Sign in")
    assert "Sign in" in unsaid(house, monkeypatch, PICTURES[:1]), "planted, and noticed"


def sizes(house: House, one: Picture) -> tuple[int, list[str]]:
    """Return how many bytes a page is sent as, and the files that it loads."""
    answer = house.window(one.role).context.request.get(
        house.place(one),
        headers={"accept": "text/html", "accept-encoding": "gzip"},
    )
    return int(answer.headers["content-length"]), LOADED.findall(answer.text())


def test_a_first_visit_and_every_later_page_are_small(house: House) -> None:
    assets: dict[str, int] = {}
    pages: dict[str, int] = {}
    for one in PICTURES:
        pages[one.name], loaded = sizes(house, one)
        for file in set(loaded) - set(assets):
            got = house.window("").context.request.get(
                house.watch.ours + file, headers={"accept-encoding": "gzip"}
            )
            assets[file] = int(got.headers["content-length"])
    assert {name: size for name, size in pages.items() if size > LATER} == {}
    assert max(pages.values()) + sum(assets.values()) <= FIRST
    assert len(assets) >= 3, "style, script and mark"


def test_a_first_visit_over_a_thin_line_takes_no_longer_than_its_bytes(house: House) -> None:
    context = house.watch.open()
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(f"{house.watch.ours}/sign-in", wait_until="load")
    first = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.goto(f"{house.watch.ours}/public", wait_until="load")
    later = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert 800 < first < 10_000, "60 kB take 9.6 s on it"
    assert 800 < later < 4_000, "15 kB take 2.4 s on it"


def test_the_pictures_are_of_pages_that_there_are(house: House) -> None:
    for one in PICTURES:
        answer = house.window(one.role).context.request.get(
            house.place(one), headers={"accept": "text/html"}
        )
        assert answer.status == (404 if one.name == "not-found" else 200), one
