"""The member behind a request, as the parts of a page ask for them."""

from __future__ import annotations

from django.http import HttpRequest

from mallard.world.members.queries import records_of
from mallard.world.memberweb.lane import actor_here, member_of
from mallard.world.memberweb.panels import OwnPage


def own_page(request: HttpRequest) -> OwnPage:
    """The signed-in member with all their records, own first."""
    member = member_of(request)
    records = records_of([member.id]).get(member.id, (member.id,))
    others = tuple(record for record in records if record != member.id)
    return OwnPage(member, (member.id, *others), actor_here(request), request)
