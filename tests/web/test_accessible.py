"""Every page that is pictured: no barrier that axe finds, nothing from elsewhere, and few bytes.

An ordinary run looks at every second page in Arabic and at the others in the other five languages,
turn by turn, at some in all six, and holds the markup of every page to be the same in all six; a
thorough one (`ENTENTE_TEST_THOROUGH=1`) looks at all in all. What no program can see stands in
`docs/accessibility.md`.
"""

import fcntl
import re
import shutil
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from app.kit.speech import Speech, speech
from app.kit.text import LANGUAGES, Catalogue
from app.web.pages import LANGUAGE
from app.web.static import HERE
from app.web.texts import NAMES
from app.wiring.callers import COOKIE
from scripts.messages import WORKFLOWS
from scripts.pictures import PICTURES, Picture
from scripts.screenshots import by_state, played, served, signed_in
from tests.sampling import THOROUGH
from tests.web.conftest import PROVIDER, texts
from tests.web.ears import misheard
from tests.web.looks import House, Sent, cut_off, out_of_sight, sideways
from tests.web.markup import Markup, differences
from tests.web.windows import know, watched

AXE = PROVIDER / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """() => axe.run(document, {resultTypes: ["violations"],
  rules: {"target-size": {enabled: true}}}).then(all => all.violations.map(
  one => one.id + ": " + one.nodes.slice(0, 2).map(node => node.html.slice(0, 160)).join(" | ")))"""
OPENED = "() => { for (const one of document.querySelectorAll('main details')) one.open = true; }"
EDGES = """(name) => [...new Set([...document.querySelectorAll(name + " :is(a, li.done, li.now, li.ahead)")].map(
  one => { const style = getComputedStyle(one); const of = name === ".steps" ? "Start" : "End";
    return style["borderBlock" + of + "Color"] + " " + style["borderBlock" + of + "Style"]; }))]"""
LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
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
PARTS = 5
"""Into how many tests the pages are dealt out, so that workers share them."""
SHEET = 680
"""Pixels between the margins of a sheet of A4."""
REFUSED = ("file", "ask", "criterion", "plan", "delivery-plan", "compendium-claim")
"""Forms that are looked at as they come back, sent with nothing in them."""


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration: the first worker plays it, each looks at a copy."""
    root = tmp_path_factory.getbasetemp()
    shared = (root.parent if root.name.startswith("popen-") else root) / "demonstration"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        played(shared)
    own = tmp_path_factory.mktemp("demonstration")
    for file in shared.glob("entente-demo.db*"):
        shutil.copy(file, own)
    settings = played(own)
    with served(settings) as (url, inside):
        roles = {one.role for one in PICTURES if one.role}
        secrets = {role: signed_in(inside, role) for role in roles}
        with watched(chromium, url) as watch:
            yield House(watch, by_state(inside), secrets)


LEFTWARDS = tuple(one for one in LANGUAGES if one != "ar")


def shown() -> Iterator[tuple[Picture, str]]:
    """Yield each page with the languages in which it is looked at."""
    for number, one in enumerate(PICTURES):
        every = THOROUGH or one.name in SAMPLE
        turn = "ar" if number % 2 else LEFTWARDS[number // 2 % len(LEFTWARDS)]
        for language in LANGUAGES if every else (turn,):
            yield one, language


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


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_barrier_that_axe_finds_nor_scrolls_sideways(
    house: House, axe: str, part: int
) -> None:
    found = []
    for number, (one, language) in list(enumerate(shown()))[part::PARTS]:
        page = house.show(one, language, dark=number % 4 > 1)
        page.evaluate(OPENED)
        heard = (*barriers(page, axe), *misheard(page))
        faults = (*heard, *sideways(page), *out_of_sight(page), *cut_off(page))
        found += [f"{one.name} ({language}): {fault}" for fault in faults]
    assert found == [], "\n".join(found)
    assert house.watch.heard == [], "asked of others, or refused by our own policy"


def test_a_form_that_comes_back_has_no_barrier(house: House, axe: str) -> None:
    found = []
    for number, name in enumerate(REFUSED):
        one = next(picture for picture in PICTURES if picture.name == name)
        page = house.show(one, LANGUAGES[number % len(LANGUAGES)], dark=bool(number % 2))
        page.evaluate("""() => { const form = document.querySelector("main form[method=post]");
            for (const one of form.elements) if (one.type !== "hidden" && "value" in one)
              { if (one.type === "radio" || one.type === "checkbox") one.checked = false;
                else one.value = ""; }
            form.requestSubmit(); }""")
        expect(page.locator("#faults")).to_be_focused()
        expect(page.get_by_role("alert")).to_have_count(0)  # heard twice: so, and by its focus
        faults = (*barriers(page, axe), *misheard(page), *sideways(page), *cut_off(page))
        found += [f"{one.name}, refused: {fault}" for fault in faults]
    assert found == [], "\n".join(found)


def test_with_forced_colours_tabs_and_stages_show_which_is_which(house: House) -> None:
    one = next(picture for picture in PICTURES if picture.name == "request-matching")
    page = house.show(one, "en")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    try:
        edges = {name: page.evaluate(EDGES, name) for name in (".tabs", ".places", ".steps")}
    finally:
        page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    for name in (".tabs", ".places"):
        beneath = "rgb(255, 255, 255) solid"
        assert len(edges[name]) == 2, f"{name}: every one looks alike, {edges[name]}"
        assert beneath in edges[name], f"{name}: every one is marked, {edges[name]}"
    # Done, here and ahead differ by more than their colour, whatever becomes of it.
    assert {edge.split()[-1] for edge in edges[".steps"]} == {"solid", "dotted"}


def test_suggestions_and_the_words_they_rest_on_have_no_barrier(house: House, axe: str) -> None:
    one = next(picture for picture in PICTURES if picture.name == "need-new")
    for number, language in enumerate(("en", "ar")):
        page = house.show(one, language, dark=bool(number))
        page.fill("#text", "Our police cannot preserve evidence from telephones.")
        page.click('button[name="asks"]')
        expect(page.locator("[data-suggested] li").first).to_be_visible()
        (brief,) = texts(page.locator("p[data-tells]"), 1)
        expect(page.locator("[role=status][data-told]")).to_have_text(brief)  # and not all of it
        names = texts(page.locator("[data-suggested] li button"))
        assert len(set(names)) == len(names), f"buttons that cannot be told apart: {names}"
        page.evaluate(OPENED)
        assert [*barriers(page, axe), *sideways(page), *cut_off(page)] == []


def test_nothing_that_takes_the_focus_can_be_hidden_beneath_what_is_fixed() -> None:
    style = (HERE / "static" / "entente.css").read_text("utf-8")
    assert re.findall(r"position:\s*(?:fixed|sticky)", style) == []


@pytest.mark.parametrize("name", ["reports-session", "assessment-closed", "paper"])
def test_what_is_printed_stays_within_a_sheet(house: House, name: str) -> None:
    one = next(picture for picture in PICTURES if picture.name == name)
    wide = {}
    for language in ("ar", "ru"):
        page = house.show(one, language)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": SHEET, "height": 960})
        wide[language] = page.evaluate("document.documentElement.scrollWidth")
        page.emulate_media(media="screen")
    assert max(wide.values()) <= SHEET, wide


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
    page.evaluate("""() => { const box = document.createElement("p"); box.textContent = "narrowness";
        box.style.overflow = "hidden"; box.style.whiteSpace = "nowrap"; box.style.inlineSize = "3.4em"; document.body.append(box); }""")
    assert any("narrowness" in one for one in cut_off(page))


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


@pytest.fixture(scope="module")
def sent(house: House) -> dict[tuple[str, str], Sent]:
    """Every page in every language."""
    found = {}
    with httpx2.Client(base_url=house.watch.ours, follow_redirects=True) as http:
        for one, language in product(PICTURES, LANGUAGES):
            cookies = {LANGUAGE: language} | ({COOKIE: house.secrets[one.role]} if one.role else {})
            told = "; ".join(f"{name}={value}" for name, value in cookies.items())
            headers = {"accept": "text/html", "accept-encoding": "gzip", "cookie": told}
            answer = http.get(one.path.format(**house.references), headers=headers)
            size = int(answer.headers["content-length"])
            found[one.name, language] = Sent(answer.status_code, size, answer.text)
    return found


def test_every_page_has_the_same_markup_in_every_language(
    sent: dict[tuple[str, str], Sent],
) -> None:
    apart = {}
    for one in PICTURES:
        english = Markup(sent[one.name, "en"].text)
        for language in LANGUAGES[1:]:
            other = Markup(sent[one.name, language].text)
            assert f'lang="{language}"' in sent[one.name, language].text
            if found := differences(english, other):
                apart[f"{one.name} ({language})"] = found[:3]
    assert apart == {}


def test_a_page_that_lost_a_label_in_one_language_is_noticed(
    sent: dict[tuple[str, str], Sent],
) -> None:
    text = sent["sign-in", "fr"].text
    whole = Markup(text)
    for planted in ("<label for=", "</h1>", 'for="login"'):
        assert planted in text
    assert differences(whole, Markup(text.replace('for="login"', 'for="logon"')))
    assert differences(
        whole, Markup(text.replace("<label ", "<span ").replace("</label>", "</span>"))
    )
    assert differences(whole, Markup(re.sub("<button>[^<]*</button>", "<button></button>", text)))


def test_a_first_visit_and_every_later_page_are_small(
    house: House, sent: dict[tuple[str, str], Sent]
) -> None:
    pages = {name: one.size for name, one in sent.items()}
    assets: dict[str, int] = {}
    for file in {file for one in sent.values() for file in LOADED.findall(one.text)}:
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


def test_the_pictures_are_of_pages_that_there_are(sent: dict[tuple[str, str], Sent]) -> None:
    for (name, _), one in sent.items():
        assert one.status == (404 if name == "not-found" else 200), name
