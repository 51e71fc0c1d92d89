"""Verification: whether anybody changed what was decided, and the proof of it for one request."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from app.api.deps import AtDesk, Reference, router
from app.api.problems import READS
from app.ledger.places import Folder
from app.requests import timeline
from app.requests.service import proof
from app.wiring.desk import Desk

api = router("verification")


class FaultView(BaseModel):
    """Something that is not as it was written: in which stream, at which entry, what."""

    stream: str
    seq: int
    kind: str


class VerificationView(BaseModel):
    """What a verification found; it is good when there are no faults."""

    good: bool
    streams: int
    entries: int
    erased: int
    anchors: int
    anchored_at: str
    faults: list[FaultView]


class VerifiedView(BaseModel):
    """A verification of one request, with the export that `scripts/verify-log` confirms."""

    verification: VerificationView
    export: dict[str, Any]


def _place(desk: Desk) -> Folder:
    return Folder(desk.house.settings.anchors_place)


def _view(report: proof.Report) -> VerificationView:
    return VerificationView(
        good=not report.faults,
        streams=report.streams,
        entries=report.entries,
        erased=report.erased,
        anchors=report.anchors,
        anchored_at=report.anchored_at,
        faults=[FaultView(stream=f.stream, seq=f.seq, kind=f.kind) for f in report.faults[:1000]],
    )


@api.get("/verification", response_model=VerificationView, responses=READS)
def verify_log(desk: AtDesk) -> Response:
    """Check the whole decision log (auditors, administrators); a long one takes the shell."""
    proof.hold_short(desk.session)
    return desk.show(_view(proof.verify(desk.session, _place(desk))))


@api.get("/requests/{ref}/verification", response_model=VerifiedView, responses=READS)
def verify_request(desk: AtDesk, ref: Reference) -> Response:
    """Check the decision log of one request, and give the proof that an outsider can confirm."""
    request, place = desk.request(ref), _place(desk)
    report = proof.verify(desk.session, place, [timeline.stream(request.id)])
    export = proof.export(desk.session, place, request)
    return desk.show(VerifiedView(verification=_view(report), export=export))
