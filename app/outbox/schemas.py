"""What people see of the outbox: their notices."""

from datetime import datetime

from pydantic import BaseModel


class NoticeView(BaseModel):
    """What a person is told: of which event of which request, and whether it has been read."""

    id: int
    code: str
    reference: str
    number: int
    at: datetime
    read_at: datetime | None
