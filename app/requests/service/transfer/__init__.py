"""Requests that leave the house as lines of JSON, and filings that come in as such."""

from app.requests.service.transfer.dossiers import BATCH, FORMAT, Extent, extent, steady, whole
from app.requests.service.transfer.lines import LONGEST, Filing, Line, filing_of, lines
from app.requests.service.transfer.marks import known, mark

__all__ = [
    "BATCH",
    "FORMAT",
    "LONGEST",
    "Extent",
    "Filing",
    "Line",
    "extent",
    "filing_of",
    "known",
    "lines",
    "mark",
    "steady",
    "whole",
]
