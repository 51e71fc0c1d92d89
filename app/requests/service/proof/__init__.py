"""Proof that nothing was changed: reading the decision log, anchoring it, verifying, exporting."""

from app.requests.service.proof.anchoring import Waiting, anchor_all, hold_short, waiting
from app.requests.service.proof.chains import references
from app.requests.service.proof.exporting import export
from app.requests.service.proof.verifying import Fault, Report, verify

__all__ = [
    "Fault",
    "Report",
    "Waiting",
    "anchor_all",
    "export",
    "hold_short",
    "references",
    "verify",
    "waiting",
]
