"""Tests of the pack content: what the framework says must stand in the released files."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.factories.listed import listed

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@cache
def pack_text(kind: str, name: str, version: int = 1) -> dict[str, Any]:
    """The raw content of one pack file, as YAML gives it; copy it before breaking it."""
    path = WORKFLOWS / kind / name / f"v{version}.yaml"
    return dict(listed(path))


def entries_below(node: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping that stands in a list, at any depth, with its path: the entries of a pack."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from entries_below(value, f"{path}/{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            if isinstance(value, dict):
                yield f"{path}/{value.get('code', place)}", value
            yield from entries_below(value, f"{path}/{place}")
