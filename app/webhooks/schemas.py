"""What doors take and give for webhooks and their deliveries."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kit.bodies import Sent
from app.kit.text import Filled
from app.webhooks.rules import ADDRESS, LONGEST_ADDRESS, Kind

Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=LONGEST_ADDRESS)]


class View(BaseModel):
    """What is shown; read from rows."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class WebhookBody(Sent):
    """An address to be told at, of which kinds of events (none named: of all).

    `person_id` names the program whose sight it has: administrators alone name one.
    """

    name: Filled
    url: Address
    kinds: tuple[Kind, ...] = Field((), max_length=30)
    person_id: int | None = Field(None, ge=1, le=2**63 - 1)


class RotateBody(Sent):
    """For how many hours the present secret still counts beside the new one."""

    hours: int = Field(24, ge=0, le=168)


class WebhookView(View):
    """A webhook without its secrets; `answered` is the class of the last answer, none to 5xx.

    `failing_since` is when the first of the tries was that have failed in a row.
    """

    id: int
    owner: int
    owner_name: str
    name: str
    url: str
    kinds: list[str]
    status: Literal["active", "paused", "disabled", "ended"]
    created_at: datetime
    former_until: datetime | None
    failing_since: datetime | None
    rest_until: datetime | None
    answered: str | None
    tried_at: datetime | None


class WebhookMade(WebhookView):
    """A webhook with the secret that was just made: it is shown this once."""

    secret: str


class DeliveryView(View):
    """One message: of which event, where it stands, and the class of the last answer alone.

    `id` is the number to replay it by, `message` what the receiver knows it by.
    """

    id: int
    message: str
    kind: str
    reference: str | None
    number: int | None
    status: Literal["waiting", "delivered", "dead", "withheld"]
    at: datetime
    due_at: datetime
    tries: int
    tried_at: datetime | None
    answered: str | None
