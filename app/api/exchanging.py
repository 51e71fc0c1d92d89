"""The compendium as a file: taken out, and compared with what comes back before it is proposed."""

from typing import Annotated

from fastapi import File, Query, Response, UploadFile

from app.api.compendium import Read
from app.api.deps import AtDesk, router
from app.api.problems import ADDS, READS
from app.compendium import service as compendium
from app.compendium.exchange.files import TYPES, Format
from app.compendium.schemas import ComparedView
from app.wiring.tags import seen, tag_of

api = router("compendium")
FILES: dict[str, dict[str, str]] = {kind.partition(";")[0]: {} for kind in TYPES.values()}


@api.get(
    "/compendium/export",
    response_class=Response,
    responses=READS | {200: {"content": FILES}},
)
def export_compendium(
    desk: AtDesk, asked: Read, form: Annotated[Format, Query(alias="format")] = "yaml"
) -> Response:
    """Take the entries out as YAML, CSV or XLSX."""
    known = asked.known(desk)
    said = compendium.taken_out(desk.session, "yaml", asked.as_of, known)
    tag = tag_of(form.encode() + said)  # a spreadsheet is packed anew each time
    headers = {
        "ETag": tag,
        "Content-Language": desk.language,
        "Content-Disposition": f'attachment; filename="compendium.{form}"',
    }
    if tag in seen(desk.http.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    content = compendium.taken_out(desk.session, form, asked.as_of, known)
    return Response(content, media_type=TYPES[form], headers=headers)


@api.post("/compendium/difference", response_model=ComparedView, responses=ADDS)
def compare_file(desk: AtDesk, file: Annotated[UploadFile, File()]) -> Response:
    """Compare a file (multipart, field `file`) with the compendium; nothing is proposed yet."""
    return desk.show(compendium.compared(desk.session, file.filename or "", file.file))
