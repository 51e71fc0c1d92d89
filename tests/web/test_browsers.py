"""What a browser says of itself, in the words of people."""

from pathlib import Path

import pytest

from app.kit.speech import speech
from app.kit.text import Catalogue
from app.web.agents import browser
from app.web.texts import speaking

TAIL = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0) {TAIL} Chrome/140.0 Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {TAIL} Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {TAIL} Chrome/140 Mobile Safari/537",
            "Chrome on Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {TAIL} Safari/604",
            "Safari on iPhone",
        ),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
        ("<b>Firefox/1</b>", "Firefox"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, said: str) -> None:
    with speaking(speech("en", Catalogue(Path("none")), {})):
        assert browser(agent) == said
