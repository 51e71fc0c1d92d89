"""The markup of a page without its words: what a language must not change.

What programs look for in a page (names, roles, labels, order of headings) hangs on its markup. Where
that is the same in all languages, what was found in one holds in the others; only how long the
words are, and which way they run, is looked at in a browser.
"""

from collections import Counter
from html.parser import HTMLParser

NAMED = frozenset(
    {"a", "button", "label", "legend", "th", "option", "summary", "title", "h1", "h2"}
)
"""Elements that must say something."""
BOUND = (
    "id",
    "for",
    "role",
    "type",
    "scope",
    "aria-describedby",
    "aria-labelledby",
    "aria-current",
)
SAYING = ("alt", "aria-label", "title", "placeholder")
WORDS = frozenset({"bdi", "text"})
"""What hangs on the words: numbers, which some plural forms spell out, and lines within a picture."""
VOID = frozenset({"meta", "link", "input", "img", "br", "hr", "path", "rect"})


class Markup(HTMLParser):
    """What a page is made of: elements with what binds them, headings in order, what says nothing."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.parts: Counter[tuple[str, ...]] = Counter()
        self.headings: list[str] = []
        self.silent: list[str] = []
        self._open: list[list[object]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up an element."""
        if tag in WORDS:
            return
        known = {name: value or "" for name, value in attrs}
        bound = [f"{name}={known[name]}" for name in BOUND if name in known]
        self.silent += [f"{tag} {name}" for name in SAYING[1:] if known.get(name) == ""]
        self.parts[(tag, *sorted(known), *bound)] += 1
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(tag)
        named = bool(known.get("aria-label")) or "aria-hidden" in known
        if tag not in VOID:
            self._open.append([tag, named])

    def handle_data(self, data: str) -> None:
        """Note that everything around these words says something."""
        if data.strip():
            for one in self._open:
                one[1] = True

    def handle_endtag(self, tag: str) -> None:
        """Close an element; one that had to say something and did not is kept."""
        while self._open and tag not in WORDS:
            name, says = self._open.pop()
            if name == tag:
                if tag in NAMED and not says:
                    self.silent.append(tag)
                return


def differences(one: Markup, other: Markup) -> list[str]:
    """Return in what two pages differ besides their words."""
    apart = [*(one.parts - other.parts), *(other.parts - one.parts)]
    found = [" ".join(part) for part in apart]
    found += ["the order of headings"] if one.headings != other.headings else []
    return found + ([f"silent: {other.silent}"] if one.silent != other.silent else [])
