"""The doctor at the webhooks: what may be called can be read, and receivers answer."""

from collections.abc import Iterator

from app.cli.doctor.faults import Fault, judge
from app.config import Settings
from app.kit import clock, diagnosis
from app.kit.db import Failure
from app.kit.errors import Refusal
from app.webhooks import sending, service


def webhooks(settings: Settings) -> Iterator[Fault]:
    """Say whether webhooks can be sent as set up, and whether their receivers take them."""
    try:
        sending.Sender(settings)
    except Refusal as refusal:
        mend = "Correct that setting: until then the worker does not start."
        yield Fault(f"webhooks cannot be sent: {refusal.detail}", mend, grave=True)
    try:
        opened = diagnosis.opened(settings.database_url)
        with opened.reading() as session:
            any_at_all = bool(service.every(session))
            disabled, failing = service.troubled(session, clock.now())
    except (Refusal, Failure):
        return
    opened.close()
    if any_at_all and not settings.public_url:
        mend = "Set ENTENTE_PUBLIC_URL: otherwise the links in them lead to this machine."
        yield Fault("webhooks are sent without a public address", mend)
    wrong = [f"{disabled} disabled"] if disabled else []
    wrong += [f"{failing} failing for an hour"] if failing else []
    mend = "See `entente webhooks list`, and to the receivers; then resume what was disabled."
    yield from judge("receivers of webhooks answer", wrong, mend)
