"""Which segments earning rules may ask for. A higher app answers; without one there are none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID


class SegmentSource(Protocol):
    """Who knows segments of members."""

    def segments(self) -> Mapping[str, str]:
        """The name of each segment in the reader's language, by its key."""

    def members_among(self, segment: str, member_ids: Collection[UUID]) -> Collection[UUID]:
        """Those of ``member_ids`` who are in the segment now; a fixed number of statements."""


_sources: list[SegmentSource] = []


def register_segment_source(source: SegmentSource) -> None:
    """Called once, when the higher app is ready."""
    _sources.append(source)


def known_segments() -> dict[str, str]:
    """All segments that a rule may ask for."""
    return {key: name for source in _sources for key, name in source.segments().items()}


def segments_of(segments: Collection[str], member_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Which of these segments each member is in."""
    found: dict[UUID, set[str]] = {}
    for source in _sources:
        known = source.segments()
        for segment in segments:
            if segment in known:
                for member_id in source.members_among(segment, member_ids):
                    found.setdefault(member_id, set()).add(segment)
    return found
