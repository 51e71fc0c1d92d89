"""How inputs and proposals are stored: canonical JSON, the same for the same values."""

import hashlib
import json
from typing import Any, get_args

from pydantic import TypeAdapter

from app.matching.optimiser import Inputs, Proposal
from app.requests.tables import Mark, Need

STATED = ("number", "area", "topic", "kind", "sector", "sensitivities")
MARKS = get_args(Mark)
"""What people may say of a need that no entity is to answer; the rest is found by rule."""
INPUTS = TypeAdapter(Inputs)
PROPOSAL = TypeAdapter(Proposal)


def inputs_to_json(inputs: Inputs) -> dict[str, Any]:
    """Return inputs as they are stored."""
    found: dict[str, Any] = INPUTS.dump_python(inputs, mode="json")
    return found


def inputs_from_json(stored: dict[str, Any]) -> Inputs:
    """Return stored inputs as the optimiser takes them, to compute a proposal once more."""
    return INPUTS.validate_python(stored)


def proposal_to_json(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as it is stored."""
    found: dict[str, Any] = PROPOSAL.dump_python(proposal, mode="json")
    return found


def proposal_from_json(stored: dict[str, Any]) -> Proposal:
    """Return a stored proposal."""
    return PROPOSAL.validate_python(stored)


def digest(stored: dict[str, Any]) -> str:
    """Return the sha256 of the canonical JSON: keys in order, no white space."""
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def entities_of(content: dict[str, Any]) -> list[str]:
    """Return the entities of a stored proposal without reading the rest of it."""
    lead = [content["lead"]] if content["lead"] else []
    return [*(content.get("leads") or lead), *content["support"]]


def stated(inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the request stated of its needs when the inputs were stored."""
    return [{name: need.get(name, "") for name in STATED} | _mark(need) for need in inputs["needs"]]


def _mark(need: dict[str, Any]) -> dict[str, str]:
    mark = need.get("apart", "")
    return {"apart": mark if mark in MARKS else ""}


def stated_need(need: Need) -> dict[str, Any]:
    """Return what a request states of a need now, in the same form."""
    told = {name: getattr(need, name) for name in STATED}
    return told | {"sensitivities": sorted(need.sensitivities), "apart": need.apart}
