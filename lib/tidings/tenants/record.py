"""What the records of a tenant's file have in common."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A mapping of a tenant's file: frozen, of known keys alone."""

    # Inputs stay out of pydantic's own messages: one of them may be a secret.
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)
