"""Lists of members as segments: who is on one is in it, for as long as it is open.

What it is called is told wherever the rule or benefit is: only lists that are shared are offered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from mallard.value.loyalty.segments import register_segment_source
from mallard.world.lists.queries import records_on, shared_lists

PREFIX = "list:"


def segment_of_list(list_id: UUID) -> str:
    """The key by which rules and benefits ask for a list."""
    return f"{PREFIX}{list_id}"


class ListSegments:
    """The lists that people keep by hand."""

    def segments(self) -> Mapping[str, str]:
        """Closed ones and those that are nobody else's any more among them: a rule may name them
        still."""
        return {segment_of_list(one.pk): one.name for one in shared_lists(with_former=True)}

    def offered(self) -> Mapping[str, str]:
        return {segment_of_list(one.pk): one.name for one in shared_lists()}

    def members_among(self, segment: str, member_ids: Collection[UUID]) -> Collection[UUID]:
        return records_on(UUID(segment.removeprefix(PREFIX)), member_ids)


def register() -> None:
    register_segment_source(ListSegments())
