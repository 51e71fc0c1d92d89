"""People come in and go through a real browser, by password and by an identity provider."""

from playwright.sync_api import BrowserContext, Page, expect

from app.web.session import ERRAND
from app.wiring.callers import COOKIE
from tests.accounts.conftest import PASSWORD
from tests.factories.clients import code_now
from tests.web.conftest import Place
from tests.web.windows import Watch


def at_provider(page: Page, login: str) -> None:
    """Sign in at the provider's own pages, and agree to what it asks."""
    page.fill('input[name="login"]', login)
    page.fill('input[name="password"]', "whatever the provider takes")
    page.click('button[type="submit"]')
    page.click('button[type="submit"]')


def cookie(context: BrowserContext) -> str:
    """Return the identifier of the session, as the browser keeps it."""
    return next((one["value"] for one in context.cookies() if one["name"] == COOKIE), "")


def sign_in(page: Page, place: Place, login: str) -> None:
    """Come in on the way to one's account."""
    page.goto(f"{place.url}/sign-in?next=/account")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")


def unique(place: Place, name: str, visit: BrowserContext) -> str:
    """Return a name that no other test of the module has used."""
    return f"{name}{id(visit)}"


def test_an_invited_person_signs_in_at_the_provider_and_is_known_ever_after(
    place: Place, visit: BrowserContext
) -> None:
    name = unique(place, "aisha", visit)
    _, link = place.person(name)
    page = visit.new_page()
    page.goto(f"{place.url}/sign-in/invitation?link={link}")
    page.click("text=Use your organization's account")
    at_provider(page, name)
    page.wait_for_url(f"{place.url}/")
    expect(page.locator("main")).to_contain_text(name)
    kept = {one["name"]: one for one in visit.cookies(place.url)}
    assert kept[COOKIE]["httpOnly"]
    assert kept[COOKIE]["secure"]
    assert kept[COOKIE]["sameSite"] == "Lax"
    assert ERRAND not in kept, "the errand must be forgotten"

    page.goto(f"{place.url}/account")
    page.click("text=Sign out")
    page.wait_for_url(f"{place.url}/sign-in")
    assert cookie(visit) == ""
    page.goto(f"{place.url}/account")
    page.wait_for_url(f"{place.url}/sign-in?next=/account")
    page.click("text=Sign in with your organization")
    page.wait_for_url(f"{place.url}/account")  # the provider still knows the person: no question
    known = cookie(visit)
    expect(page.locator("text=Identify anew")).to_be_visible()
    expect(page.locator("text=Change your password")).to_have_count(0)  # there is none to change
    page.click("text=Identify anew")
    page.fill('input[name="login"]', name)  # asked although the provider knows the person
    page.fill('input[name="password"]', "whatever the provider takes")
    page.click('button[type="submit"]')
    page.wait_for_url(f"{place.url}/account")
    assert cookie(visit) not in {"", known}


def test_a_stranger_at_the_provider_is_told_that_nobody_here_knows_that_identity(
    place: Place, visit: BrowserContext
) -> None:
    page = visit.new_page()
    page.goto(f"{place.url}/sign-in")
    page.click("text=Sign in with your organization")
    at_provider(page, unique(place, "mallory", visit))
    page.wait_for_url(f"{place.url}/oidc/callback?**")
    expect(page.locator("#faults")).to_contain_text("ask your administrator")
    expect(page.locator("#faults")).to_be_focused()  # no script runs here: the page says so
    assert cookie(visit) == ""


def test_an_answer_of_the_provider_opens_nothing_in_another_browser_nor_twice(
    place: Place, visit: BrowserContext, watch: Watch
) -> None:
    name = unique(place, "bruno", visit)
    _, link = place.person(name)
    page = visit.new_page()
    seen: list[str] = []
    page.on("request", lambda one: seen.append(one.url) if "/oidc/callback" in one.url else None)
    page.goto(f"{place.url}/sign-in/invitation?link={link}")
    page.click("text=Use your organization's account")
    at_provider(page, name)
    page.wait_for_url(f"{place.url}/")
    other = watch.open()
    for context in (other, visit):
        again = context.new_page()
        answer = again.goto(seen[0])
        assert answer
        assert answer.status == 401
        expect(again.locator("#faults")).to_contain_text("sign in again")
    assert cookie(other) == ""


def test_a_password_and_a_second_factor_open_the_account_with_a_new_identifier(
    place: Place, visit: BrowserContext
) -> None:
    member = place.member(unique(place, "chen", visit), device=True)
    page = visit.new_page()
    sign_in(page, place, member.login)
    page.wait_for_url(f"{place.url}/sign-in/second-factor?next=/account")
    pending = cookie(visit)
    assert pending
    page.goto(f"{place.url}/account")
    page.wait_for_url(f"{place.url}/sign-in?next=/account")  # a pending session opens nothing
    page.fill("#login", member.login)
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    page.fill("#code", "000000" if code_now(member.device) != "000000" else "111111")
    page.click("text=Go on")
    expect(page.locator("#faults")).to_be_visible()
    page.fill("#code", code_now(member.device))
    page.click("text=Go on")
    page.wait_for_url(f"{place.url}/account")
    assert cookie(visit) not in {"", pending}


def test_a_wrong_password_keeps_what_was_typed_and_says_so(
    place: Place, visit: BrowserContext
) -> None:
    member = place.member(unique(place, "dina", visit))
    page = visit.new_page()
    page.goto(f"{place.url}/sign-in")
    page.fill("#login", member.login)
    page.fill("#password", "not the password at all")
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("#faults")).to_contain_text("wrong")
    expect(page.locator("#login")).to_have_value(member.login)
    expect(page.locator("#password")).to_have_value("")


def test_a_session_ended_on_one_s_list_is_dead_elsewhere(
    place: Place, visit: BrowserContext, watch: Watch
) -> None:
    member = place.member(unique(place, "emil", visit))
    page = visit.new_page()
    sign_in(page, place, member.login)
    page.wait_for_url(f"{place.url}/account")
    there = watch.open().new_page()
    sign_in(there, place, member.login)
    there.wait_for_url(f"{place.url}/account")
    expect(there.locator(".rows li")).to_have_count(2)
    there.locator(".rows li", has_not_text="This one").get_by_role("button").click()
    there.wait_for_url(f"{place.url}/account")
    expect(there.locator(".rows li")).to_have_count(1)
    page.goto(f"{place.url}/account")
    page.wait_for_url(f"{place.url}/sign-in?next=/account")


def test_a_page_of_another_site_cannot_act_in_the_name_of_a_session(
    place: Place, visit: BrowserContext, watch: Watch
) -> None:
    member = place.member(unique(place, "farah", visit))
    page = visit.new_page()
    sign_in(page, place, member.login)
    page.wait_for_url(f"{place.url}/account")
    before = cookie(visit)
    other = place.url.replace("127.0.0.1", "localhost")  # another site to a browser
    traps: list[str] = []
    visit.route(
        f"{other}/trap", lambda trap: trap.fulfill(body=traps[-1], content_type="text/html")
    )
    for action in ("/sign-out", "/api/v1/me/step-up", "/account/sessions/1/end"):
        traps.append(
            f'<form method="post" action="{place.url}{action}"><button>Win</button></form>'
        )
        page.goto(f"{other}/trap")
        with page.expect_navigation() as answered:
            page.click("text=Win")
        assert answered.value.status in {401, 403}, action
    page.goto(f"{place.url}/account")
    assert page.url == f"{place.url}/account"
    assert cookie(visit) == before
    assert set(watch.heard) == {f"asked for {other}/trap"}
    watch.heard.clear()
