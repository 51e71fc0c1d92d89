"""Lines of JSON that come in: what is wrong with one is said of that one, and stops no other."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Never

from pydantic import ConfigDict, Field, ValidationError

from app.kit.errors import Blocker, Invalid, Malformed, TooLarge
from app.kit.text import Filled
from app.requests.schemas import FileRequest, NeedBody, StandingWorkBody
from app.requests.service.transfer.dossiers import FORMAT

LONGEST = 8 * 2**20
"""Longest line that is taken, in bytes."""
CHUNK = 65_536
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line by its number, from 1; `content` is None when it is too long; `size` in bytes."""

    number: int
    content: bytes | None
    size: int


@dataclass(frozen=True, slots=True)
class Filing:
    """What a line asks for: a draft, the work of others that it names, and how it is known again.

    `key` says what makes it the same line in a second run: `external_id`, `reference` or content.
    """

    key: str
    fingerprint: str
    body: FileRequest
    standing_work: tuple[StandingWorkBody, ...] = ()


class FilingLine(FileRequest):
    """A filing as POST /requests takes it, with the name that its source knows it by."""

    external_id: Filled | None = None


class DossierNeed(NeedBody):
    """A need of an exported line; what else is said of it is not taken."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    origin: str = "request"
    dropped: bool = False


class DossierWork(StandingWorkBody):
    """Work of others in an exported line."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class DossierLine(FileRequest):
    """An exported line: only what a country itself writes in a draft is taken of it.

    `follows` is not: a reference of another house may be another request in this one.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    reference: Filled
    needs: tuple[DossierNeed, ...] = Field((), max_length=1000)
    standing_work: tuple[DossierWork, ...] = Field((), max_length=1000)


def lines(stream: BinaryIO, longest: int = LONGEST) -> Iterator[Line]:
    """Yield the lines that are not blank; never holds more than one of `longest` bytes."""
    number = 0
    while chunk := stream.readline(longest + 1):
        number += 1
        size = len(chunk)
        if size > longest and not chunk.endswith(b"\n"):
            size += _skip(stream)
        if size > longest:
            yield Line(number, None, size)
            continue
        content = chunk.removeprefix(BOM) if number == 1 else chunk
        if content.strip():
            yield Line(number, content, size)


def _skip(stream: BinaryIO) -> int:
    """Pass over the rest of a line and return its length."""
    passed = 0
    while chunk := stream.readline(CHUNK):
        passed += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return passed


def filing_of(line: Line) -> Filing:
    """Return what a line asks for. Raises TooLarge, Malformed, or Invalid with every fault."""
    if line.content is None:
        raise TooLarge("line.too_long", f"The line has {line.size} bytes; {LONGEST} are taken.")
    content = _read(line.content)
    try:
        if "format" not in content:
            return _plain(FilingLine.model_validate(content))
        if content["format"] != FORMAT:
            raise Invalid("line.format", f"Only the format {FORMAT} is known.")
        return _exported(DossierLine.model_validate(content))
    except ValidationError as fault:
        said = "The line cannot be taken as it stands."
        raise Invalid("line.invalid", said, _faults(fault)) from None


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(
            content.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once
        )
    except UnicodeDecodeError:
        raise Malformed("line.encoding", "The line is not UTF-8.") from None
    except (ValueError, RecursionError) as fault:
        raise Malformed("line.not_json", f"The line is not JSON: {fault}") from None
    if not isinstance(found, dict):
        raise Malformed("line.not_object", "A line holds one JSON object.")
    return found


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice in one object")
    return found


def _faults(fault: ValidationError) -> list[Blocker]:
    return [
        Blocker(
            "field.invalid",
            "",
            {"field": "/".join(map(str, one["loc"])), "fault": one["msg"]},
        )
        for one in fault.errors(include_url=False, include_context=False, include_input=False)
    ]


def _plain(line: FilingLine) -> Filing:
    body = FileRequest.model_validate(line.model_dump(exclude={"external_id"}))
    digest = _digest(body, ())
    key = f"external_id {line.external_id}" if line.external_id else f"content {digest}"
    return Filing(key, digest, body)


def _exported(line: DossierLine) -> Filing:
    own = [need for need in line.needs if need.origin == "request" and not need.dropped]
    texts = line.model_dump(exclude={"reference", "follows", "needs", "standing_work"})
    needs = [need.model_dump(exclude={"origin", "dropped"}) for need in own]
    body = FileRequest.model_validate({**texts, "needs": needs})
    works = tuple(StandingWorkBody.model_validate(w.model_dump()) for w in line.standing_work)
    return Filing(f"reference {line.reference}", _digest(body, works), body, works)


def _digest(body: FileRequest, works: tuple[StandingWorkBody, ...]) -> str:
    said = [body.model_dump_json(), *(work.model_dump_json() for work in works)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
