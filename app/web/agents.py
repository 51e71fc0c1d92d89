"""What browsers and systems call themselves, in the words of whoever uses them."""

from app.web.texts import plainly

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "FxiOS": "Firefox",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
"""By the mark of each, the telling name before those that others borrow."""


def browser(agent: str) -> str:
    """Return what a `User-Agent` says in the words of whoever uses it: "Firefox on Windows"."""
    known = next((name for mark, name in BROWSERS.items() if f"{mark}/" in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    known = known or plainly("A browser")
    return plainly("{browser} on {system}", browser=known, system=system) if system else known
