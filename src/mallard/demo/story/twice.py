"""People who enrolled twice, as forms are filled in, and two who only look like one person."""

from __future__ import annotations

from datetime import date

from mallard.demo.story.people import StoryMember, enrol
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.duplicates.services import find_pairs
from mallard.world.members.queries import find_by_identities

# Two rows each: the second card was taken at another store, with another phone.
TWICE = (
    StoryMember(5, "宋知夏", "female", date(1989, 6, 14), "zh-hans", "OQ-SUP"),
    StoryMember(6, "宋知夏", "female", date(1989, 6, 14), "zh-hans", "SB-BEA"),
    # The same name in traditional characters.
    StoryMember(7, "陈丽华", "female", date(1976, 2, 3), "zh-hans", "OQ-SUP"),
    StoryMember(8, "陳麗華", "female", date(1976, 2, 3), "zh-hans", "ES-COF"),
    StoryMember(9, "Oliver Thackeray", "male", date(1982, 10, 30), "en", "WD-BEA"),
    StoryMember(10, "Oliver Thackeray", "male", date(1982, 10, 30), "en", "OQ-SUP"),
)
# Born on one day, of one family: two people.
TWINS = (
    StoryMember(11, "谭静", "female", date(1995, 9, 9), "zh-hans", "SB-BEA"),
    StoryMember(12, "谭婧", "female", date(1995, 9, 9), "zh-hans", "SB-BEA"),
)


def plant(*, weeks: int, actor: Actor) -> int:
    """Enrol them once and let duplicates be looked for; how many pairs wait for somebody."""
    _enrol_once(weeks=weeks, actor=actor)
    return find_pairs(actor=actor)


@atomic_retrying
def _enrol_once(*, weeks: int, actor: Actor) -> None:
    if not find_by_identities([TWICE[0].ref]):
        enrol((*TWICE, *TWINS), weeks=weeks, actor=actor)
