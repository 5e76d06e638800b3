"""Refusals about entrances and counts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid, NotFound


class UnknownEntrance(NotFound):
    code = "footfall.unknown_entrance"
    message = _(
        "%(mall)s has no entrance with the code “%(entrance)s”, or you may not count people there."
    )


class NotAQuarter(Invalid):
    code = "footfall.not_a_quarter"
    message = _("A count begins at a full quarter of an hour: :00, :15, :30 or :45.")


class CountOutOfRange(Invalid):
    code = "footfall.out_of_range"
    message = _("Between 0 and %(most)s people pass an entrance in a quarter of an hour.")


class CountFromTheFuture(Invalid):
    code = "footfall.from_the_future"
    message = _("This quarter of an hour is not over yet.")


class EntranceWasClosed(Invalid):
    code = "footfall.entrance_was_closed"
    message = _("This entrance was closed on that day.")


class StaleRevision(Conflict):
    code = "footfall.stale_revision"
    message = _("Revision %(known)s of this count is known already. Nothing was changed.")


class CountedTwice(Invalid):
    code = "footfall.counted_twice"
    message = _("This quarter of an hour occurs twice in one batch, with different figures.")


class TooManyCounts(Invalid):
    code = "footfall.too_many_counts"
    message = _("At most %(limit)s counts can be recorded at once.")
