"""What an identity provider, or somebody between, may get wrong is refused, each for itself."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry

from app.accounts.identity import Client, Errand, Identity
from app.accounts.oidc import Provider
from app.kit.errors import Malformed, Refusal, Unauthenticated, Unavailable

OURS = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig", "alg": "RS256"})
FOREIGN = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig", "alg": "RS256"})
SECRET = "a-secret-for-tests-only-of-32-bytes"


class Forger:
    """A provider whose identity tokens can be bent; what it was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.token: Callable[[], str] = str
        self.issuer = ""
        self.claimed_issuer = ""
        self.status = 200
        forger = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                documents = {
                    "/.well-known/openid-configuration": {
                        "issuer": forger.claimed_issuer or forger.issuer,
                        "authorization_endpoint": f"{forger.issuer}/auth",
                        "token_endpoint": f"{forger.issuer}/token",
                        "jwks_uri": f"{forger.issuer}/keys",
                    },
                    "/keys": {"keys": [OURS.as_dict(private=False)]},
                }
                self.give(forger.status, documents[self.path])

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                forger.asked.append(parse_qs(body))
                answer = {"access_token": "a", "token_type": "Bearer", "id_token": forger.token()}
                self.give(
                    forger.status, answer if forger.status == 200 else {"error": "invalid_grant"}
                )

            def give(self, status: int, document: Any) -> None:
                content = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its signature
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def forger() -> Iterator[Forger]:
    made = Forger()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def provider(forger: Forger) -> Provider:
    return Provider(Client(forger.issuer, "entente", SECRET, "http://127.0.0.1/oidc/callback"))


def claims(forger: Forger, errand: Errand, **bent: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {
        "iss": forger.issuer,
        "sub": "aisha",
        "aud": "entente",
        "exp": now + 300,
        "iat": now,
        "auth_time": now,
        "nonce": errand.nonce,
        "email": "aisha@example.org",
        "name": "Aisha",
    }
    return {name: value for name, value in (whole | bent).items() if value is not None}


def signed(content: dict[str, Any], key: Any = OURS, algorithm: str = "RS256") -> str:
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jwt.encode({"alg": algorithm, "kid": "ours"}, content, key, registry=registry)


def unsigned(content: dict[str, Any]) -> str:
    parts = ({"alg": "none", "kid": "ours"}, content)
    words = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"{words[0]}.{words[1]}."


def arrived(provider: Provider, errand: Errand) -> Identity:
    return provider.identity(errand, {"state": errand.state, "code": "c"})


def test_who_comes_back_is_issuer_and_subject(forger: Forger, provider: Provider) -> None:
    errand = Errand.begin()
    forger.token = lambda: signed(claims(forger, errand))
    who = arrived(provider, errand)
    assert (who.issuer, who.subject, who.name) == (forger.issuer, "aisha", "Aisha")
    assert forger.asked[0]["code_verifier"] == [errand.verifier]
    assert forger.asked[0]["redirect_uri"] == ["http://127.0.0.1/oidc/callback"]


def test_the_browser_is_sent_with_state_nonce_and_the_digest_of_the_verifier(
    provider: Provider,
) -> None:
    errand = Errand.begin(fresh=True)
    query = parse_qs(urlsplit(provider.address(errand)).query)
    assert query["state"] == [errand.state]
    assert query["nonce"] == [errand.nonce]
    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"] != [errand.verifier]
    assert query["max_age"] == ["0"]
    assert query["response_type"] == ["code"]


NOW = int(time.time())
BENT: dict[str, Callable[[Forger, Errand], str]] = {
    "another audience": lambda f, e: signed(claims(f, e, aud="another")),
    "two audiences and no party": lambda f, e: signed(claims(f, e, aud=["entente", "x"], azp="x")),
    "another issuer": lambda f, e: signed(claims(f, e, iss="http://127.0.0.1:1")),
    "another nonce": lambda f, e: signed(claims(f, e, nonce="x")),
    "no nonce": lambda f, e: signed(claims(f, e, nonce=None)),
    "expired": lambda f, e: signed(claims(f, e, exp=NOW - 3600)),
    "no end": lambda f, e: signed(claims(f, e, exp=None)),
    "no subject": lambda f, e: signed(claims(f, e, sub=None)),
    "from the future": lambda f, e: signed(claims(f, e, iat=NOW + 3600)),
    "another key": lambda f, e: signed(claims(f, e), FOREIGN),
    "a shared secret": lambda f, e: signed(claims(f, e), OctKey.import_key(SECRET), "HS256"),
    "no signature": lambda f, e: unsigned(claims(f, e)),
    "no token": lambda _f, _e: "",
    "rubbish": lambda _f, _e: "a.b.c",
}


@pytest.mark.parametrize("name", BENT)
def test_a_bent_token_lets_nobody_in(forger: Forger, provider: Provider, name: str) -> None:
    errand = Errand.begin()
    forger.token = lambda: BENT[name](forger, errand)
    with pytest.raises(Unauthenticated) as refused:
        arrived(provider, errand)
    assert refused.value.code == "oidc.token"


def test_an_answer_to_another_visit_is_refused_before_the_provider_is_asked(
    forger: Forger, provider: Provider
) -> None:
    errand = Errand.begin()
    for answer in ({"state": "x", "code": "c"}, {"code": "c"}):
        with pytest.raises(Malformed):
            provider.identity(errand, answer)
    with pytest.raises(Malformed):
        provider.identity(errand, {"state": errand.state, "code": "c", "iss": "http://x"})
    with pytest.raises(Unauthenticated):
        provider.identity(errand, {"state": errand.state, "error": "access_denied"})
    assert forger.asked == []


def test_an_old_sign_in_is_no_step_up(forger: Forger, provider: Provider) -> None:
    errand = Errand.begin(fresh=True)
    forger.token = lambda: signed(claims(forger, errand, auth_time=NOW - 3600))
    with pytest.raises(Unauthenticated):
        arrived(provider, errand)


def test_a_provider_that_is_away_or_calls_itself_otherwise_is_said_to_be(
    forger: Forger, provider: Provider
) -> None:
    forger.claimed_issuer = "http://127.0.0.1:1"
    with pytest.raises(Unavailable, match=r"oidc\.issuer"):
        provider.address(Errand.begin())
    forger.claimed_issuer, forger.status = "", 500
    with pytest.raises(Unavailable, match=r"oidc\.away"):
        provider.address(Errand.begin())


def test_a_used_code_is_refused(forger: Forger, provider: Provider) -> None:
    errand = Errand.begin()
    provider.address(errand)
    forger.status = 400
    with pytest.raises(Refusal) as refused:
        arrived(provider, errand)
    assert isinstance(refused.value, Unauthenticated)
