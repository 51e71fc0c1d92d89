"""What an answer shows, read by the classes that the API's description tells, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.policy.ground import Subject
from tests.policy.matrix import Operation
from tests.policy.outcomes import reads_within
from tests.policy.people import Principal


@dataclass(frozen=True, slots=True)
class Met:
    """One field in one answer: the model, the field, its class, who may read it, and the value."""

    model: str
    name: str
    kind: str
    readers: tuple[str, ...]
    value: Any


@dataclass(frozen=True)
class Reading:
    """Reads answers by one description of the API."""

    document: dict[str, Any]

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """The schemas of the description."""
        found: dict[str, Any] = self.document["components"]["schemas"]
        return found

    def fields(self, schema: dict[str, Any], value: Any) -> Iterator[Met]:
        """Yield every field of a value, and of what stands within it."""
        if value is None:
            return
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self._object(name, self.schemas[name], value)
        for branch in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
            yield from self.fields(branch, value)
        if isinstance(value, list):
            for one in value:
                yield from self.fields(schema.get("items", {}), one)
        more = schema.get("additionalProperties")
        if isinstance(value, dict) and isinstance(more, dict):
            for one in value.values():
                yield from self.fields(more, one)

    def _object(self, model: str, schema: dict[str, Any], value: Any) -> Iterator[Met]:
        told = schema.get("properties", {}) if isinstance(value, dict) else {}
        for name, inner in told.items():
            held = value.get(name)
            if kind := inner.get("x-class"):
                yield Met(model, name, kind, tuple(inner.get("x-readers", ())), held)
            yield from self.fields(inner, held)

    def leaks(
        self, operation: Operation, who: Principal, subject: Subject | None, value: Any
    ) -> set[str]:
        """Return the fields that an answer shows to somebody who may not read them."""
        return {
            f"{met.model}.{met.name}"
            for met in self.fields(operation.answer, value)
            if met.value is not None and not may_read(operation, who, subject, met)
        }


def may_read(operation: Operation, who: Principal, subject: Subject | None, met: Met) -> bool:
    """Whether a principal may read a field: by the class, the row and the relation."""
    if met.readers:
        return who.role in met.readers
    if met.kind not in operation.policy["reads"]:
        return False
    within = subject is not None and reads_within(who, subject)
    return met.kind != "restricted" or within
