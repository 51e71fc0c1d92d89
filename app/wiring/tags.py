"""Entity tags: what a caller saw last, and whether that is what is there now (RFC 9110, 8.8.3)."""

import hashlib
import re

from app.kit.errors import Malformed, Unconditional

TAG = re.compile(r'^(\*|(W/)?"[\x21\x23-\x7e]{0,100}")$')


def seen(header: str | None) -> list[str]:
    """Return the tags of an If-None-Match header."""
    return [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]


def matches(header: str | None, revision: int) -> bool:
    """Whether an If-Match header names the revision. Raises Unconditional, Malformed."""
    if header is None:
        raise Unconditional("if_match.missing", 'Say what you saw last: If-Match: "<revision>".')
    tags = [tag.strip() for tag in header.split(",")]
    if not all(TAG.match(tag) for tag in tags):
        raise Malformed("if_match.malformed", 'If-Match takes entity tags such as "7".')
    return "*" in tags or f'"{revision}"' in tags


def tag_of(body: bytes) -> str:
    """Return a strong tag for content that has no revision."""
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'
