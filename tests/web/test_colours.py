"""The colours of the pages: what is no text stands out three to one, what is read more (1.4.11)."""

import re

import pytest

from app.web.static import HERE

TOKEN = re.compile(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\);")
STYLE = (HERE / "static" / "entente.css").read_text("utf-8")
SCHEMES = {
    name: {token: pair[place] for token, *pair in TOKEN.findall(STYLE)}
    for place, name in enumerate(("light", "dark"))
}
GROUNDS = ("paper", "ground")
"""What lies beneath: cards and the page."""
SEEN = ("edge", "mark", "good", "wait", "alarm", "c1", "c2", "c3", "c4", "c5")
"""Edges of fields, the focus, bars, stages and marks of boxes."""
READ = ("ink", "soft", "mark", "good", "wait", "alarm")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21."""
    light, dark = sorted(map(_luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_no_text_stands_out_three_to_one_and_text_more(scheme: str) -> None:
    known = SCHEMES[scheme]
    weak = [
        f"{token} on {ground}: {found:.2f}"
        for tokens, least in ((SEEN, 3), (READ, 4.5))
        for token in tokens
        for ground in GROUNDS
        if (found := contrast(known[token], known[ground])) < least
    ]
    assert weak == []


def test_contrast_is_as_defined() -> None:
    assert contrast("ffffff", "000000") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)
