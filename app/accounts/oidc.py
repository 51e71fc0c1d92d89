"""Signing in at an identity provider: OpenID Connect, authorization code with PKCE.

The provider is named by the installation and nothing about it is taken from a call: issuer,
audience and algorithms are pinned, and state, nonce and verifier tie an answer to the browser that
asked. Who somebody is, is the pair of issuer and subject; an e-mail address is only shown.
"""

import secrets
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from app.accounts.identity import Client, Errand, Identity
from app.kit import clock
from app.kit.errors import Malformed, Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that are taken; never `none`, and never one with a shared secret."""
SCOPE = "openid email profile"
TIMEOUT = 10.0
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""


def _recent(moment: Any, seconds: int) -> bool:
    """Whether the person proved who it is at most so long ago; the library does not judge it."""
    return isinstance(moment, int) and clock.now().timestamp() - moment <= seconds + LEEWAY


class Provider:
    """The identity provider of an installation."""

    def __init__(self, client: Client) -> None:
        """Keep what is pinned; nothing is asked of the provider yet."""
        self.client = client

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """What the provider publishes of itself. Raises Unavailable."""
        found = self._read(f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.client.issuer:
            raise Unavailable("oidc.issuer", "The identity provider calls itself something else.")
        return found

    @property
    def origin(self) -> str:
        """The origin of the provider's pages: where a form may lead."""
        parts = urlsplit(self.client.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, errand: Errand) -> str:
        """Return where to send the browser. Raises Unavailable."""
        more = {"max_age": errand.max_age} if errand.max_age is not None else {}
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self.metadata["authorization_endpoint"],
                state=errand.state,
                nonce=errand.nonce,
                code_verifier=errand.verifier,
                **more,
            )
        return str(url)

    def identity(self, errand: Errand, answer: dict[str, str]) -> Identity:
        """Return who came back. Raises Malformed, Unauthenticated, Unavailable."""
        if not secrets.compare_digest(answer.get("state", ""), errand.state):
            raise Malformed("oidc.state", "This answer belongs to another visit; sign in again.")
        if answer.get("iss", self.client.issuer) != self.client.issuer:
            raise Malformed("oidc.issuer", "This answer comes from another provider.")
        if "code" not in answer:
            raise Unauthenticated("oidc.refused", "The identity provider did not let you in.")
        claims = self._claims(self._tokens(answer["code"], errand), errand)
        at = claims.get("auth_time")
        if errand.max_age is not None and not _recent(at, errand.max_age):
            raise Unauthenticated("oidc.not_fresh", "The provider did not ask you anew.")
        return Identity(
            issuer=self.client.issuer,
            subject=str(claims["sub"]),
            email=str(claims.get("email") or ""),
            name=str(claims.get("name") or claims.get("email") or claims["sub"]),
            authenticated_at=datetime.fromtimestamp(int(at), UTC) if at is not None else None,
            strong="mfa" in (claims.get("amr") or ()),
        )

    def _tokens(self, code: str, errand: Errand) -> dict[str, Any]:
        try:
            with self._session() as session:
                found: dict[str, Any] = session.fetch_token(
                    self.metadata["token_endpoint"], code=code, code_verifier=errand.verifier
                )
        except OAuthError as fault:
            raise Unauthenticated(
                "oidc.refused", "The provider takes this code no more."
            ) from fault
        except httpx2.HTTPError as fault:
            raise Unavailable("oidc.away", "The identity provider does not answer.") from fault
        return found

    def _claims(self, tokens: dict[str, Any], errand: Errand) -> CodeIDToken:
        try:
            token = self._decoded(tokens["id_token"])
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.client.issuer},
                    "aud": {"essential": True, "value": self.client.client_id},
                    "exp": {"essential": True},
                    "nonce": {"essential": True, "value": errand.nonce},
                },
                {
                    "nonce": errand.nonce,
                    "client_id": self.client.client_id,
                    "access_token": tokens.get("access_token"),
                    "max_age": errand.max_age,
                },
            )
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, KeyError, ValueError, TypeError) as fault:
            raise Unauthenticated("oidc.token", "The provider's answer does not hold.") from fault
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        """Return a token signed by a published key; an unknown key has them read anew, once."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(token, KeySet.import_key_set(self.keys), registry=registry)
        except InvalidKeyIdError:
            self.__dict__.pop("keys", None)
            return jwt.decode(token, KeySet.import_key_set(self.keys), registry=registry)

    @cached_property
    def keys(self) -> Any:
        """The keys that the provider signs with. Raises Unavailable."""
        return self._read(self.metadata["jwks_uri"])

    def _read(self, url: str) -> dict[str, Any]:
        try:
            answer = httpx2.get(url, timeout=TIMEOUT, follow_redirects=False)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (httpx2.HTTPError, ValueError) as fault:
            raise Unavailable("oidc.away", "The identity provider does not answer.") from fault
        return found

    def _session(self) -> OAuth2Client:
        return OAuth2Client(
            self.client.client_id,
            self.client.client_secret,
            scope=SCOPE,
            redirect_uri=self.client.redirect,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
            timeout=TIMEOUT,
            trust_env=False,
        )
