"""The patterns that the watch knows, as data: what each finds, how it is counted, from what on.

The decision of each is in `rules`, the reading of its facts in `finding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a pattern goes by, with its limits."""

    code: str
    label: Text
    default: int
    least: int
    most: int
    unit: Text = ""
    hint: Text = ""

    def fits(self, value: int) -> bool:
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Pattern:
    """``tells`` says what is suspicious, ``formula`` how it is counted, ``why`` is the sentence of
    a finding, with its figures, and ``task`` what a task is called."""

    code: str
    name: Text
    tells: Text
    formula: Text
    why: Text
    task: Text
    thresholds: tuple[Threshold, ...] = field(default=())

    def defaults(self) -> dict[str, int]:
        return {each.code: each.default for each in self.thresholds}

    def complete(self, given: Mapping[str, int]) -> dict[str, int]:
        """Every threshold: the given one where there is one that fits, else the default."""
        return {
            each.code: value
            if isinstance(value := given.get(each.code, each.default), int) and each.fits(value)
            else each.default
            for each in self.thresholds
        }


_DAYS = pgettext_lazy("watch unit", "days")
_MINUTES = pgettext_lazy("watch unit", "minutes")
_PERCENT = pgettext_lazy("watch unit", "percent")
_TIMES = pgettext_lazy("watch unit", "times")
_RECEIPTS = pgettext_lazy("watch unit", "receipts")
_POINTS = pgettext_lazy("watch unit", "points")


def _window(default: int = 28) -> Threshold:
    return Threshold("days", _("Within"), default, 7, 92, _DAYS)


STRANGERS = Pattern(
    "strangers",
    _("Points on strangers’ receipts"),
    _(
        "One cashier or till gives the receipts of a store to the same member again and again, far"
        " more often than chance and that store’s other members would have it."
    ),
    _(
        "Counted for each cashier or till, store and member. Of the member’s receipts at the store,"
        " how many would fall to this cashier by their share of the store’s member receipts alone?"
        " The odds that there are so many by chance (binomial distribution) must be at least one to"
        " 1 followed by as many noughts as set here, and the receipts so many times those of an"
        " ordinary member of that store. Up to a few members of one cashier count together."
    ),
    _(
        "In %(days)s days %(n)s of the member’s %(of_member)s receipts at the store were given by"
        " one person or till, who gives %(share)s of the store’s member receipts. An ordinary"
        " member there has %(ordinary)s; the odds that it is chance are one to 1 with %(odds)s"
        " noughts."
    ),
    _("Look into points on strangers’ receipts: %(n)s receipts for one member"),
    (
        _window(),
        Threshold(
            "least", _("Receipts of these members together, at least"), 8, 3, 1_000, _RECEIPTS
        ),
        Threshold("each", _("Of them for each member, at least"), 4, 2, 1_000, _RECEIPTS),
        Threshold("few", _("Members of one cashier, at the most"), 5, 1, 50),
        Threshold("odds", _("Odds against chance: noughts"), 6, 2, 100),
        Threshold("times", _("Times an ordinary member’s receipts"), 3, 1, 1_000, _TIMES),
    ),
)
OWN_TILL = Pattern(
    "own_till",
    _("Staff who give points to themselves"),
    _("A member of staff records receipts for a member with their own e-mail or their own name."),
    _(
        "Receipts that somebody recorded under their own account for a member whose e-mail is"
        " theirs (compared sealed), or whose name is. The same e-mail halves what is missing to"
        " 100."
    ),
    _("In %(days)s days %(n)s receipts recorded by somebody for a member with %(link)s."),
    _("Look into staff who give points to themselves: %(n)s receipts"),
    (_window(), Threshold("least", _("Receipts, at least"), 3, 1, 1_000, _RECEIPTS)),
)
BROUGHT_BACK = Pattern(
    "brought_back",
    _("Points spent, goods brought back"),
    _("Points of a purchase are spent, and shortly after that the goods come back."),
    _(
        "For each receipt that came back: the points that redemptions took from its own lots"
        " between the purchase and the return, at the most so many days before the return."
        " Counted for each member and mall."
    ),
    _(
        "In %(days)s days %(n)s receipts came back after %(points)s of their points had been spent,"
        " the last %(gap)s days before."
    ),
    _("Look into goods brought back after their points were spent: %(n)s receipts"),
    (
        _window(),
        Threshold("least", _("Receipts that came back, at least"), 2, 1, 1_000, _RECEIPTS),
        Threshold("points", _("Points spent, at least"), 100, 1, 1_000_000, _POINTS),
        Threshold("gap", _("Spent so long before the return, at the most"), 14, 1, 92, _DAYS),
    ),
)
SPLIT = Pattern(
    "split",
    _("One purchase split up"),
    _("Many receipts of one member at one store within minutes."),
    _("The most receipts of a member at a store in any stretch of so many minutes."),
    _("%(n)s receipts of one member at one store within %(minutes)s minutes."),
    _("Look into a purchase that was split up: %(n)s receipts within %(minutes)s minutes"),
    (
        Threshold("minutes", _("Within"), 60, 5, 720, _MINUTES),
        Threshold("least", _("Receipts, at least"), 8, 2, 1_000, _RECEIPTS),
    ),
)
BUSY = Pattern(
    "busy",
    _("One member, too many stores in a day"),
    _("A card or phone number collects in more stores in a day than one person shops in."),
    _("Different stores in which a member has receipts on one business day, all malls together."),
    _("Receipts in %(n)s stores on one day."),
    _("Look into a member with receipts in %(n)s stores on one day"),
    (Threshold("least", _("Stores, at least"), 20, 3, 200),),
)
APART = Pattern(
    "apart",
    _("In two malls at once"),
    _("A member has receipts in two malls with no time to go from one to the other."),
    _(
        "Receipts of a member that follow each other in different malls within so many minutes,"
        " counted over the days."
    ),
    _(
        "In %(days)s days %(n)s times in two malls within %(minutes)s minutes, the shortest way in"
        " %(shortest)s minutes."
    ),
    _("Look into a member who was in two malls at once %(n)s times"),
    (
        _window(),
        Threshold("minutes", _("No time to go: fewer than"), 10, 1, 240, _MINUTES),
        Threshold("least", _("Times, at least"), 3, 1, 1_000, _TIMES),
    ),
)
BY_HAND = Pattern(
    "by_hand",
    _("A store with many receipts by hand"),
    _("A store gives far more points by hand or long after the sale than other stores do."),
    _(
        "The share of a store’s member receipts that a member of staff recorded by hand, or that"
        " came more than 24 hours after the sale, against the same share of all other stores. What"
        " was loaded from a file or from a former system does not count."
    ),
    _(
        "In %(days)s days %(n)s of %(of_store)s member receipts by hand or late: %(share)s,"
        " elsewhere %(elsewhere)s."
    ),
    _("Look into a store with %(n)s receipts by hand or late"),
    (
        _window(),
        Threshold("least", _("Receipts by hand or late, at least"), 20, 3, 10_000, _RECEIPTS),
        Threshold("percent", _("Share, at least"), 20, 1, 100, _PERCENT),
        Threshold("times", _("Times the share elsewhere"), 3, 1, 1_000, _TIMES),
    ),
)
BURST = Pattern(
    "burst",
    _("Receipts typed in one go"),
    _("Somebody records many members’ receipts by hand within minutes, as from collected slips."),
    _(
        "The most member receipts that one member of staff recorded by hand at a store in any"
        " stretch of so many minutes, by the time of recording."
    ),
    _("%(n)s receipts recorded by hand within %(minutes)s minutes, for %(members)s members."),
    _("Look into %(n)s receipts typed in one go"),
    (
        Threshold("minutes", _("Within"), 10, 1, 240, _MINUTES),
        Threshold("least", _("Receipts, at least"), 12, 3, 1_000, _RECEIPTS),
    ),
)
FRIENDS = Pattern(
    "friends",
    _("Friends who buy once"),
    _("A member brings friends who buy once, all at one store, and are never seen again."),
    _(
        "Friends whom a member brought within the time, whose only receipt is at that store and so"
        " many days old: invented people, or one purchase shared out among them."
    ),
    _(
        "In %(days)s days %(n)s of %(brought)s friends whom the member brought bought once at this"
        " store, and not again in %(quiet)s days."
    ),
    _("Look into friends who bought once: %(n)s, all brought by one member"),
    (
        _window(92),
        Threshold("least", _("Friends, at least"), 4, 2, 1_000),
        Threshold("quiet", _("Not seen again for, at least"), 14, 1, 92, _DAYS),
    ),
)

DESK = Pattern(
    "desk",
    _("Strangers’ paper at the desk"),
    _(
        "Somebody at a desk gives one member, or themself, paper receipts that others left behind,"
        " or points by hand."
    ),
    _(
        "Paper receipts that were credited and points that were added by hand, counted for each"
        " member and who brought them in, whoever agreed to it and wherever the till had told the"
        " sale: so many within the time, and so many times what an ordinary member gets at that"
        " mall’s desks. For a member with their own e-mail or name a few are enough."
    ),
    _(
        "In %(days)s days one person gave this member %(n)s paper receipts or points by hand. An"
        " ordinary member gets %(ordinary)s. What ties the two: %(link)s."
    ),
    _("Look into a desk: %(n)s paper receipts or points by hand for one member"),
    (
        _window(),
        Threshold("least", _("Receipts and changes, at least"), 6, 2, 1_000),
        Threshold("times", _("Times an ordinary member’s"), 3, 1, 1_000, _TIMES),
        Threshold("own", _("For themself, at least"), 3, 1, 1_000),
    ),
)
DEVICE = Pattern(
    "device",
    _("Too much through one till"),
    _(
        "More receipts or redemptions of members come from one till, key or account within minutes"
        " than one pair of hands makes: a key was stolen, or a program is at work."
    ),
    _(
        "The most member receipts of a store, by the time of the sale, and the most redemptions"
        " that one key or one person’s account sent in any stretch of so many minutes. What was"
        " loaded from a file or typed from paper does not count."
    ),
    _(
        "%(n)s receipts or redemptions of %(members)s members within %(minutes)s minutes through"
        " one till, key or account."
    ),
    _("Look into a till: %(n)s receipts or redemptions within %(minutes)s minutes"),
    (
        Threshold("minutes", _("Within"), 10, 1, 240, _MINUTES),
        Threshold("receipts", _("Receipts, at least"), 60, 3, 10_000, _RECEIPTS),
        Threshold("redemptions", _("Redemptions, at least"), 12, 2, 10_000),
    ),
)

PATTERNS: dict[str, Pattern] = {
    each.code: each
    for each in (
        STRANGERS, OWN_TILL, BROUGHT_BACK, SPLIT, BUSY, APART, BY_HAND, BURST, FRIENDS, DESK,
        DEVICE,
    )
}  # fmt: skip

LINKS: dict[str, Text] = {
    "email": _("their own e-mail"),
    "name": _("their own name"),
    "none": _("nothing that is known"),
}
"""How a member is somebody who works here."""
