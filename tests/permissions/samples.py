"""How each URL is called by the permission matrix, and who may see what it shows.

One line per URL, keyed as `tools.urls` prints it (`GET /members/<uuid:member_id>/`). A URL that is
new fails `test_every_url_has_a_sample` until its line stands here: decide there and then whose rows
it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.permissions.places import (
    ANY_ROWS,
    Reach,
    Side,
    SideName,
    World,
)

Values = Callable[[World, Side], Mapping[str, Any]]


def nothing(_world: World, _side: Side) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """``path`` fills the route's placeholders, ``query`` and ``body`` the rest of the request.

    ``seen`` says which sides each kind of scope reaches. ``answers_per_item`` marks batches whose
    rows are named in the body: each item has its own answer, the whole has none.
    """

    seen: Mapping[Reach, frozenset[SideName]] = field(default_factory=lambda: ANY_ROWS)
    path: Values = nothing
    query: Values = nothing
    body: Values = nothing
    answers_per_item: bool = False
