"""When a pattern is met, and how strongly. Pure: no database, no clock.

Each rule compares counts with thresholds (`patterns`) and answers a `Verdict` or None. The score
says how far above its thresholds a finding is: 50 at the threshold, 75 at twice, 88 at four times,
never 100. Where several thresholds must be met, the finding is as strong as the weakest of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from mallard.kernel.search_text import normalise, simplified

Thresholds = Mapping[str, int]
MOST_SCORE = 99
LEAST_NAME = 2
MOST_ODDS = 300
"""Beyond this a probability is no number of a computer any more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``why`` are the figures of the pattern's sentence."""

    score: int
    why: Mapping[str, int | str] = field(default_factory=dict)


def score_of(times: Fraction) -> int:
    """The score of ``times`` the threshold (1 or more): 100 − 50 ÷ times, rounded half up."""
    return max(1, min(MOST_SCORE, math.floor(100 - Fraction(50) / times + Fraction(1, 2))))


def odds_against_chance(n: int, of: int, part: int, whole: int) -> int:
    """−log10 of P(X ≥ n), X binomial with ``of`` trials and probability ``part`` ÷ ``whole``;
    whole noughts, rounded down.

    The question: a member has ``of`` receipts at a store, and a cashier gives ``part`` of the
    store's ``whole`` member receipts; how likely is it that ``n`` or more fall to that cashier?
    Summed by logarithms, as such probabilities are smaller than a float.
    """
    if n <= 0 or part >= whole:
        return 0
    if n > of:
        raise ValueError("more receipts than the member has")
    log_p = math.log(part / whole)
    log_q = math.log1p(-part / whole)
    terms = [
        math.lgamma(of + 1)
        - math.lgamma(k + 1)
        - math.lgamma(of - k + 1)
        + k * log_p
        + (of - k) * log_q
        for k in range(n, of + 1)
    ]
    highest = max(terms)
    log_tail = highest + math.log(sum(math.exp(term - highest) for term in terms))
    return min(MOST_ODDS, max(0, math.floor(-log_tail / math.log(10) + 1e-9)))


@dataclass(frozen=True, slots=True)
class Given:
    """What one cashier or till gave one member at a store within the window, and what is usual.

    ``of_member``: the member's receipts there by anybody; ``of_recorder``: member receipts that
    this cashier gave there; ``of_store``: all member receipts there; ``members``: how many members
    these are of.
    """

    n: int
    of_member: int
    of_recorder: int
    of_store: int
    members: int

    @property
    def ordinary(self) -> Fraction:
        """Receipts of an ordinary member: of all others at the store, one at the least."""
        if self.members < 2:
            return Fraction(1)
        return max(Fraction(1), Fraction(self.of_store - self.of_member, self.members - 1))


def strangers(given: Sequence[Given], terms: Thresholds) -> list[Verdict | None]:
    """Verdicts on the members of one cashier at one store, in the order given."""
    odds = [
        odds_against_chance(one.n, one.of_member, one.of_recorder, one.of_store) for one in given
    ]
    striking = [
        i
        for i, one in enumerate(given)
        if one.n >= terms["each"]
        and odds[i] >= terms["odds"]
        and one.n >= terms["times"] * one.ordinary
    ]
    together = sum(given[i].n for i in striking)
    if len(striking) > terms["few"] or together < terms["least"]:
        return [None] * len(given)
    verdicts: list[Verdict | None] = [None] * len(given)
    for i in striking:
        one = given[i]
        weakest = min(
            Fraction(together, terms["least"]),
            Fraction(odds[i], terms["odds"]),
            Fraction(one.n) / (terms["times"] * one.ordinary),
        )
        verdicts[i] = Verdict(
            score_of(weakest),
            {
                "days": terms["days"],
                "n": one.n,
                "of_member": one.of_member,
                "share_bp": one.of_recorder * 10_000 // one.of_store,
                "ordinary": max(1, math.floor(one.ordinary + Fraction(1, 2))),
                "odds": odds[i],
            },
        )
    return verdicts


def at_desk(one: Given, link: str, terms: Thresholds) -> Verdict | None:
    """What one person at a desk gave one member by hand, against what others get there. Whom they
    are tied to (``link``: `email`, `name`) needs fewer, and nothing to compare with."""
    least = terms["own"] if link else terms["least"]
    if one.n < least or (not link and one.n < terms["times"] * one.ordinary):
        return None
    weakest = Fraction(one.n, least)
    if not link:
        weakest = min(weakest, Fraction(one.n) / (terms["times"] * one.ordinary))
    score = score_of(weakest)
    if link == "email":
        score += (MOST_SCORE - score) // 2
    return Verdict(
        score,
        {
            "days": terms["days"],
            "n": one.n,
            "ordinary": max(1, math.floor(one.ordinary + Fraction(1, 2))),
            "link": link or "none",
        },
    )


def is_same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: equal, or all words of the shorter are in the longer
    (邱语禾 and 邱语禾 Qiu Yuhe). Case, width, 繁/简 and punctuation say nothing."""
    words, others = _words(one), _words(other)
    shorter, longer = sorted((words, others), key=len)
    return sum(map(len, shorter)) >= LEAST_NAME and bool(shorter) and shorter <= longer


def _words(name: str) -> frozenset[str]:
    text = simplified(normalise(name))
    return frozenset("".join(c if c.isalnum() else " " for c in text).split())


def own_till(n: int, link: str, terms: Thresholds) -> Verdict | None:
    """``link`` says how the member is the person who recorded: `email`, `name` or neither."""
    if not link or n < terms["least"]:
        return None
    score = score_of(Fraction(n, terms["least"]))
    if link == "email":
        score += (MOST_SCORE - score) // 2
    return Verdict(score, {"days": terms["days"], "n": n, "link": link})


def brought_back(n: int, points: int, gap_days: int, terms: Thresholds) -> Verdict | None:
    if n < terms["least"] or points < terms["points"]:
        return None
    weakest = min(Fraction(n, terms["least"]), Fraction(points, terms["points"]))
    why = {"days": terms["days"], "n": n, "points": points, "gap": gap_days}
    return Verdict(score_of(weakest), why)


def at_least(n: int, terms: Thresholds, **why: int) -> Verdict | None:
    """The plain rule of `split`, `busy`, `apart`, `burst` and `friends`: so many, or more."""
    if n < terms["least"]:
        return None
    return Verdict(score_of(Fraction(n, terms["least"])), {"n": n, **why})


@dataclass(frozen=True, slots=True)
class ByHand:
    """Member receipts of a store, those by hand or late, and the same of all other stores."""

    n: int
    of_store: int
    n_elsewhere: int
    of_elsewhere: int


def by_hand(one: ByHand, terms: Thresholds) -> Verdict | None:
    share = Fraction(one.n, one.of_store)
    elsewhere = Fraction(one.n_elsewhere, one.of_elsewhere) if one.of_elsewhere else Fraction(0)
    wanted = max(Fraction(terms["percent"], 100), elsewhere * terms["times"])
    if one.n < terms["least"] or share < wanted:
        return None
    weakest = min(Fraction(one.n, terms["least"]), share / wanted)
    return Verdict(
        score_of(weakest),
        {
            "days": terms["days"],
            "n": one.n,
            "of_store": one.of_store,
            "share_bp": math.floor(share * 10_000),
            "elsewhere_bp": math.floor(elsewhere * 10_000),
        },
    )
