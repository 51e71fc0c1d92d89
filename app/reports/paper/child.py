"""The program that draws one page: reads it as JSON, tells one line of JSON, and then the PDF.

Started as `child.main()` by `app.reports.paper.parent`, with a closed environment. It is handed
all that it may load; nothing else is fetched, whatever an address in the page says.
"""

import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Mapping
from typing import Any

from app.files.inspection import confined

MEMORY = 640 * 1024 * 1024
"""Libraries and fonts are mapped whole; what is truly held is told as `peak_kib`."""
LACKS = "rendered for Unicode string unsupported by fonts"
MOST_LETTERS = 200


def main() -> None:
    """Draw the page on descriptor 0; what came of it goes to descriptor 1."""
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of the answer
    confined.limit(MEMORY)
    told: dict[str, Any] = {"reason": "", "missing": ""}
    drawn = b""
    given: dict[str, Any] = json.load(sys.stdin)
    try:
        drawn = _draw(given, told)
    except UserWarning:  # there is no font at all, and Pango would end with the program
        told["missing"] = "".join(sorted({one for one in given["page"] if one.isalpha()}))
    except OSError:
        told["reason"] = "libraries"
    except (MemoryError, RecursionError):
        told["reason"] = "limits"
    told["peak_kib"] = confined.peak()
    with os.fdopen(out, "wb") as answer:
        answer.write(json.dumps(told).encode() + b"\n" + drawn)


def _draw(given: Mapping[str, Any], told: dict[str, Any]) -> bytes:
    """Return the PDF of a page; nothing where a letter of it cannot be drawn.

    Raises OSError where a library is missing, UserWarning where there are no fonts.
    """
    warnings.filterwarnings("error", ".*FontConfig", UserWarning)
    from weasyprint import HTML  # noqa: PLC0415 - looked for in here, to tell what is missing

    from app.reports.paper.fetching import Given  # noqa: PLC0415 - as above

    told["alone"] = confined.cut_off()
    lacking = Lacking()
    logging.getLogger("weasyprint").addHandler(lacking)
    page = HTML(string=given["page"], base_url=given["address"], url_fetcher=Given(given["files"]))
    out = io.BytesIO()
    page.write_pdf(out, pdf_variant="pdf/ua-1")
    told["missing"] = "".join(sorted(lacking.letters)[:MOST_LETTERS])
    return b"" if lacking.letters else out.getvalue()


class Lacking(logging.Handler):
    """Hears from the library which letters no font could draw."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.letters: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the letter that a line is about."""
        if LACKS in record.msg and isinstance(record.args, tuple):
            self.letters.add(str(record.args[0]))
