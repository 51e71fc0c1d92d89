"""On which entries of the compendium a proposal rests; pure."""

from collections.abc import Mapping
from typing import Any


def cited(content: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return the entries that a stored proposal rests on, as kind and code.

    The mandates under which help is given or an authority is heard, and the arrangements in force.
    """
    labels = [one["mandate"] for part in ("assignments", "consult") for one in content[part]]
    return frozenset(
        {("mandate", label.partition("@")[0]) for label in labels}
        | {("arrangement", one["code"]) for one in content["arrangements"]}
    )
