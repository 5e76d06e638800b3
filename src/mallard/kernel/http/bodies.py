"""What the API takes in."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A request's body, or a part of one. A field that we do not know is a mistake that the sender
    wants to hear of.

    Not ninja's Schema: that reads attributes and resolvers of objects, which JSON has none of, and
    with unknown fields forbidden it checks every part once more for each level around it.
    """

    model_config = ConfigDict(extra="forbid")
