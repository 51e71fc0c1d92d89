"""The demonstration, looked at page by page: how wide, what is cut off, in which language and light."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, ViewportSize

from app.web.pages import LANGUAGE
from scripts.pictures import Picture
from tests.web.windows import Watch, know

NARROW, ZOOMED, WIDE = 320, 640, 1280
"""Widths: the least; that of a window of 1280 at 200 %; and that of a window."""
SPACED = """() => { const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
document.adoptedStyleSheets = [sheet];
const cuts = (how) => how === "hidden" || how === "clip";
const cut = [...document.querySelectorAll("body *")].filter((one) => {
  if (one.closest(".unseen, .skip, svg, input, textarea, select")) return false;
  const style = getComputedStyle(one);
  if (style.clipPath !== "none") return false;
  return (cuts(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
    || (cuts(style.overflowY) && one.scrollHeight > one.clientHeight + 1); });
const told = [document.documentElement.scrollWidth, cut.map((one) => one.outerHTML.slice(0, 90))];
document.adoptedStyleSheets = [];
return told; }"""
"""Sets the four spacings of WCAG 1.4.12; tells how wide the page is then, and what cuts text off."""


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


@dataclass(frozen=True)
class Sent:
    """A page as it is sent: its status, bytes, and the text that they hold."""

    status: int
    size: int
    text: str


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


def cut_off(page: Page) -> Iterator[str]:
    """Yield what a narrow page loses when its text is spaced as WCAG 1.4.12 says."""
    wide, cut = page.evaluate(SPACED)
    if wide > page.viewport_size["width"] if page.viewport_size else True:
        yield f"is {wide} wide with its text spaced"
    yield from (f"cuts off when spaced: {one}" for one in cut)
