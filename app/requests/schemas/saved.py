"""What people keep of the list of requests: filters under a name."""

from typing import Annotated

from pydantic import StringConstraints

from app.kit.text import Filled
from app.requests.schemas.request import Body

Query = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[\x21-\x7e]+$")]
"""The end of an address, after its question mark."""


class SavedSearchBody(Body):
    """A search to keep, by a name of one's own."""

    name: Filled
    query: Query
