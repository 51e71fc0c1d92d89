"""A page on paper: all its letters or none, nothing fetched from anywhere, and bounds on the work."""

import io
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from app.config import ROOT
from app.kit.errors import Conflict, Refusal, TooLarge, Unavailable
from app.reports.paper import parent
from app.reports.paper.colours import coloured
from app.reports.paper.fetching import Given
from app.reports.paper.parent import Page, drawn
from app.web.static import FILES

HERE = "https://entente.example/reports/session"
SHEET = "https://entente.example/static/entente.css"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<selectfont>{chosen}</selectfont></fontconfig>"""
NONE = "<rejectfont><pattern></pattern></rejectfont>"
FAMILY = '<pattern><patelt name="family"><string>DejaVu Sans</string></patelt></pattern>'
ONE = f"<acceptfont>{FAMILY}</acceptfont>{NONE}"


def page(body: str, **files: str) -> Page:
    text = f'<!doctype html><html lang="en"><title>A page</title><body>{body}</body></html>'
    return Page(text, HERE, files)


def refused(given: Page) -> Refusal:
    with pytest.raises(Refusal) as found:
        drawn(given)
    return found.value


def only(monkeypatch: pytest.MonkeyPatch, folder: Path, chosen: str) -> None:
    """Have a server with no other fonts than these."""
    file = folder / "fonts.conf"
    file.write_text(FONTS.format(cache=folder / "cache", chosen=chosen))
    monkeypatch.setenv("FONTCONFIG_FILE", str(file))


def test_a_letter_that_no_font_draws_is_told_and_nothing_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only(monkeypatch, tmp_path, ONE)
    told = refused(
        page("<p>Report, \u062a\u0642\u0631\u064a\u0631, \u62a5\u544a, \u0928\u092e</p>")
    )
    assert isinstance(told, Conflict)
    assert told.code == "report.pdf_fonts"
    assert "\u0928 \u092e \u544a \u62a5 (Chinese, another script)" in told.detail
    assert "Have fonts-droid-fallback fonts-noto installed there" in told.detail
    assert "\u062a" not in told.detail, "which the one font draws"


def test_a_server_without_fonts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only(monkeypatch, tmp_path, NONE)
    told = refused(page("<p>Report</p>"))
    assert told.code == "report.pdf_fonts"
    assert "Have fonts-dejavu-core installed" in told.detail


def test_a_page_loads_what_it_was_handed_and_nothing_else() -> None:
    given = Given({SHEET: "p { color: red }"})
    assert given(SHEET).read() == b"p { color: red }"
    for address in (
        *("http://127.0.0.1/x.png", "https://entente.example/other.css", f"{SHEET}?x"),
        *("file:///etc/passwd", "data:text/css,p{}", "ftp://127.0.0.1/", "/etc/passwd"),
    ):
        with pytest.raises((ValueError, FatalURLFetchingError)):
            given(address)


def test_what_is_planted_in_a_page_reaches_no_host_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "canary.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text y="9">canary</text></svg>'
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.01)
        host = f"http://127.0.0.1:{listening.getsockname()[1]}"
        planted = "".join(
            f'<img src="{one}/canary.svg"><object data="{one}/canary.svg"></object>'
            f'<link rel="stylesheet" href="{one}/canary.css"><link rel="attachment" href="{one}/canary.svg">'
            f'<style>@import "{one}/x.css"; @font-face {{ font-family: x; src: url({one}/x.ttf) }}'
            f" p {{ background: url({one}/canary.svg); font-family: x }}</style>"
            for one in (host, f"file://{tmp_path}")
        )
        pdf = drawn(page(f"{planted}<p>Told</p>"))
        with pytest.raises(TimeoutError):
            listening.accept()
    read = PdfReader(io.BytesIO(pdf))
    assert "Told" in read.pages[0].extract_text()
    assert "canary" not in read.pages[0].extract_text()
    assert read.attachments == {}


def test_pictures_keep_the_colours_of_the_page() -> None:
    sheet = FILES["entente.css"][0].decode()
    told = coloured('<p><svg class="bar"><rect class="f1"/></svg>', sheet)
    style = re.search(r'<svg class="bar"><style>([^<]*)</style>', told)
    assert style
    assert "var(" not in style[1]
    for rule in (".f1{ fill: #0b5a92; }", ".bar .track{ fill: #f3f6f8; }"):
        assert rule in style[1], style[1]
    assert re.search(r"\.gaps\{ stroke: #ffffff;", style[1])


def test_what_takes_too_long_or_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(refused(page("x" * parent.MOST_PAGE)), TooLarge)
    monkeypatch.setattr(parent, "WALL_SECONDS", 0.05)
    assert refused(page("<p>Report</p>")).code == "report.pdf_too_large"


def test_pages_are_drawn_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "PATIENCE", 0.01)
    with parent.TURN:
        assert isinstance(refused(page("<p>Report</p>")), Unavailable)


def test_a_server_without_its_libraries_is_told_which_to_install(tmp_path: Path) -> None:
    (tmp_path / "libpango-1.0.so.0").write_bytes(b"none")
    ended = subprocess.run(
        [sys.executable, "-c", parent.START.format(root=str(ROOT))],
        input=json.dumps({"page": "", "address": HERE, "files": {}}).encode(),
        env={name: os.environ[name] for name in ("PATH",)} | {"LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    told = json.loads(ended.stdout)
    with pytest.raises(Conflict) as found:
        parent.judge(told)
    assert found.value.code == "report.pdf_libraries"
    assert "libpango-1.0-0" in found.value.detail
