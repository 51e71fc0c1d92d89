"""The pages by which people come in, as a program sees them: headers, cookies, escapes."""

import pytest
from fastapi.testclient import TestClient

from app.wiring.callers import COOKIE
from tests.accounts.conftest import PASSWORD, Signing
from tests.accounts.conftest import signing as signing  # noqa: PLC0414 - a fixture of its

PAGES = (
    "/sign-in",
    "/sign-in/second-factor",
    "/sign-in/invitation?link=x",
    "/sign-in/reset?link=x",
)
READS = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What a browser says that it reads."""
SCRIPT = '"><script>alert(1)</script>'


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_but_ours_and_runs_nothing(signing: Signing, path: str) -> None:
    answer = signing.clients.http.get(path)
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert "script-src" not in policy, "without any, nothing runs"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "http" not in answer.text.replace('href="/', ""), "no outside address"
    assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/sign-in/invitation", "/sign-in/reset"])
def test_what_a_link_bears_is_written_as_text(signing: Signing, path: str) -> None:
    answer = signing.clients.http.get(path, params={"link": SCRIPT})
    assert SCRIPT not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_what_was_typed_comes_back_as_text(signing: Signing) -> None:
    sent = {"login": SCRIPT, "password": "x"}
    answer = signing.clients.http.post("/sign-in", data=sent)
    assert answer.status_code == 401
    assert SCRIPT not in answer.text
    assert "&lt;script&gt;" in answer.text


def entered(signing: Signing) -> tuple[TestClient, str]:
    """Sign somebody in by the page; return the client and the Set-Cookie header."""
    member = signing.member()
    http = signing.clients.http
    sent = {"login": member.login, "password": PASSWORD}
    answer = http.post("/sign-in", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return http, answer.headers["set-cookie"]


def test_the_session_is_a_cookie_that_only_our_host_gets_and_no_script_reads(
    signing: Signing,
) -> None:
    _, cookie = entered(signing)
    name, _, rest = cookie.partition("=")
    words = {word.strip().lower() for word in rest.split(";")[1:]}
    assert name == COOKIE
    assert name.startswith("__Host-")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= words
    assert not any(word.startswith("domain") for word in words)


def test_signing_out_has_the_browser_forget_and_needs_the_page_s_own_token(
    signing: Signing,
) -> None:
    http, cookie = entered(signing)
    headers = {"cookie": cookie.partition(";")[0], "sec-fetch-site": "same-origin"}
    page = http.get("/account", headers=headers)
    assert page.status_code == 200
    bare = http.post("/sign-out", headers=headers, data={"csrf": "x"}, follow_redirects=False)
    assert bare.status_code == 403
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    left = http.post("/sign-out", headers=headers, data={"csrf": token}, follow_redirects=False)
    assert left.status_code == 303
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert f'{COOKIE}=""' in left.headers["set-cookie"]
    program = http.get("/account", headers=headers, follow_redirects=False)
    assert program.status_code == 401
    browser = http.get("/account", headers=headers | READS, follow_redirects=False)
    assert (browser.status_code, browser.headers["location"]) == (303, "/sign-in?next=/account")


@pytest.mark.parametrize("path", ["/static/", "/static/../session.py", "/static/none.css"])
def test_no_folder_is_listed_and_no_other_file_served(signing: Signing, path: str) -> None:
    assert signing.clients.http.get(path).status_code == 404
