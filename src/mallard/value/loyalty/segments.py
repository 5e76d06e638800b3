"""Which segments earning rules and benefits may ask for. Whoever knows segments answers: a higher
app, and the lists of members that people keep by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID


class SegmentSource(Protocol):
    """Who knows segments of members."""

    def segments(self) -> Mapping[str, str]:
        """The name of each segment in the reader's language, by its key."""

    def offered(self) -> Mapping[str, str]:
        """Those of them that something new may be for."""

    def members_among(self, segment: str, member_ids: Collection[UUID]) -> Collection[UUID]:
        """Those of ``member_ids`` who are in the segment now; a fixed number of statements."""


_sources: list[SegmentSource] = []


def register_segment_source(source: SegmentSource) -> None:
    """Called once, when the app is ready."""
    _sources.append(source)


def known_segments() -> dict[str, str]:
    """All segments that a new rule may ask for."""
    return {key: name for source in _sources for key, name in source.offered().items()}


def segment_names(keys: Collection[str]) -> dict[str, str]:
    """The names of segments that rules and benefits ask for, those no longer offered among them;
    no statement without any."""
    if not keys:
        return {}
    return {
        key: name for source in _sources for key, name in source.segments().items() if key in keys
    }


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
