"""Shapes that every part of the catalogue's API shares."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from mallard.kernel.errors import DomainError

MAX_BATCH = 500
Kind = Literal["tobacco", "infant_formula", "medicine"]
Saved = Literal["created", "changed", "unchanged", "refused"]


class RefusalOut(Schema):
    code: str = Field(examples=["catalog.unknown_category"])
    detail: str
    fields: dict[str, str]


class RowOutcomeOut(Schema):
    """What became of one item of a batch."""

    code: str
    status: Saved
    id: UUID | None
    error: RefusalOut | None


def refusal_out(error: DomainError | None) -> RefusalOut | None:
    """Why an item of a batch was refused; None for one that was saved."""
    if error is None:
        return None
    return RefusalOut(
        code=error.code,
        detail=error.sentence,
        fields={name: str(sentence) for name, sentence in error.fields.items()},
    )
