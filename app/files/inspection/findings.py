"""What can stand against a document, in words for the person who sent it."""


class FindingError(Exception):
    """A reason against a document; `code` is one of REASONS."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


REASONS = {
    "archive.active": "It holds macros, embedded objects or other active parts; save it without.",
    "archive.damaged": "It cannot be read as an Office document; save it anew.",
    "archive.encrypted": "It is encrypted; send it without a password.",
    "archive.entities": "It holds a document type declaration, which no Office program writes.",
    "archive.external": "It fetches content from elsewhere; embed pictures and break the links.",
    "archive.links": "It holds a link to a place outside itself.",
    "archive.nested": "It holds an archive within; send the documents one by one.",
    "archive.parts": "It holds parts that no such document has.",
    "archive.paths": "It holds names that lead out of it.",
    "archive.polyglot": "It is something else as well; save it anew.",
    "archive.too_large": "Unpacked it is too large: at most 200 parts and 30 MB are taken.",
    "check.damaged": "What was stored is not what was handed in; send it again.",
    "check.limits": "Looking into it took too long or too much memory; make it simpler.",
    "check.waits": "Other documents are being looked into; this one waits for its turn.",
    "csv.formula": "Cells begin with a formula (=, @, +, -); write them as plain values.",
    "image.animated": "It moves; send single pictures.",
    "image.damaged": "It cannot be read as a picture; save it anew.",
    "image.grown": "Written anew it is larger than a document may be; make it smaller.",
    "image.too_large": "It has more than 24 million points; make it smaller.",
    "kind.mismatch": "What it holds is not what the end of its name says.",
    "kind.polyglot": "It is an archive or a page as well; save it anew.",
    "pdf.active": "It holds scripts, embedded files or commands; print it to a new PDF.",
    "pdf.damaged": "It cannot be read as a PDF; save it anew.",
    "pdf.encrypted": "It is encrypted; send it without a password.",
    "pdf.too_large": "Unpacked it is too large; print it to a new PDF.",
    "room.full": "Written anew it is larger than the room the country has left; make it smaller.",
    "scan.away": "The scanner cannot be asked just now; the document waits for it.",
    "scan.found": "The scanner found malware in it.",
    "text.control": "It holds control characters; save it as plain text.",
    "text.encoding": "It is not UTF-8; save it in that encoding.",
    "text.markup": "It is a page or a drawing (HTML, SVG, XML) and not plain text.",
}
"""Each reason by its code: what is wrong, and what helps."""
