"""The one readable row by which a member is found by name or birthday."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.search_text import index_terms, tsvector_literal
from mallard.world.members.models import MemberSearch
from mallard.world.members.profile import Profile
from mallard.world.members.rules import birthday_of

_COLUMNS = [
    ("member_id", "uuid"),
    ("terms", "tsvector"),
    ("birth_month", "smallint"),
    ("birth_day", "smallint"),
]


def copy_search_rows(profiles: Mapping[UUID, Profile]) -> None:
    """Write the search row of each member anew, in one statement."""
    rows = []
    for member_id, profile in profiles.items():
        name = profile["name"].value if "name" in profile else ""
        birthday = birthday_of(profile["birth_date"].value) if "birth_date" in profile else None
        month, day = birthday or (None, None)
        rows.append((member_id, tsvector_literal(index_terms(name)), month, day))
    insert_unnest(
        MemberSearch._meta.db_table,
        _COLUMNS,
        rows,
        on_conflict="ON CONFLICT (member_id) DO UPDATE SET terms = excluded.terms,"
        " birth_month = excluded.birth_month, birth_day = excluded.birth_day",
    )
