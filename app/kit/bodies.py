"""What clients send: unknown fields are refused, and nothing is read as what it is not."""

from datetime import date, datetime
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

SPELLED = frozenset({bool, date, datetime})


class Sent(BaseModel):
    """A JSON object as it was sent; a number is neither a yes or no nor a date."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def spelled(cls, value: Any, about: ValidationInfo) -> Any:
        """Return the value. Raises ValueError for a number, or one in a text, in such a field."""
        field = cls.model_fields[str(about.field_name)]
        kinds = {field.annotation, *get_args(field.annotation)} & SPELLED
        if not kinds or value is None:
            return value
        if bool in kinds:
            fits = isinstance(value, bool)
        else:
            fits = isinstance(value, date) or (isinstance(value, str) and "-" in value[1:])
        if not fits:
            raise ValueError("true, false or a date must be spelled as such")
        return value
