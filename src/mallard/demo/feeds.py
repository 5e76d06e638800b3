"""Recording the year's receipts: several feeds beside each other, each its own households.

A member's receipts all come through one feed, in the order in which they happened, so two feeds
never wait for the same member and nothing arrives late. What they share is the stores' daily
figures, which a batch adds to at its very end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mallard.demo.models import DemoFeed
from mallard.demo.people import card_number
from mallard.demo.place import CURRENCY
from mallard.demo.products import sku_of
from mallard.demo.receipts import DemoReceipt, Year
from mallard.demo.returns import LOOK_BACK_VISITS, due_by, returns_of
from mallard.demo.workers import FeedPlan, RefusedReceiptsError
from mallard.kernel.access.actor import Actor, system
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.checkout.outcomes import ReceiptOutcome, ReturnOutcome, Status
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.sales.facts import LineInput, ReceiptInput, ReturnInput, TenderInput
from mallard.value.sales.models import Source
from mallard.world.members.inputs import MemberRef

# About 2,300 receipts: few enough to lose little when killed, many enough that what a batch
# costs by itself does not count.
BATCH_VISITS = 800
MOST_FEEDS = 4


def fitting_feeds() -> int:
    """How many feeds keep this machine's cores busy, PostgreSQL's share included."""
    return max(2, min(MOST_FEEDS, os.cpu_count() or 1))


def open_feeds(count: int) -> int:
    """The feeds of this load: ``count`` of them if there are none yet. Returns how many.

    Their number stays for the whole load, because it decides which households each one has.
    """
    known = DemoFeed.objects.count()
    if known:
        return known
    DemoFeed.objects.bulk_create([DemoFeed(number=number) for number in range(count)])
    return count


def places() -> dict[int, int]:
    """How far each feed is, by its number."""
    return dict(DemoFeed.objects.values_list("number", "done_visits"))


def record_in_turn(
    year: Year, names: Mapping[str, str], plans: Sequence[FeedPlan]
) -> Iterator[tuple[int, int]]:
    """Record all feeds in this process, a batch of each in turn; yields what they yield."""
    feeds = [record_feed(year, names, plan) for plan in plans]
    while feeds:
        for feed in list(feeds):
            try:
                yield next(feed)
            except StopIteration:
                feeds.remove(feed)


def record_feed(year: Year, names: Mapping[str, str], plan: FeedPlan) -> Iterator[tuple[int, int]]:
    """Record what is left of a feed; yields its number and how far it is, once before the first
    batch and after each."""
    actor = system("demo load")
    done = DemoFeed.objects.get(number=plan.number).done_visits
    waiting = still_to_come_back(year, plan, done)
    yield plan.number, done
    while done < year.visits:
        # Of so many visits this feed has about `batch_visits`.
        end = min(done + plan.batch_visits * plan.feeds, year.visits)
        receipts = year.receipts(done, end, weeks=plan.weeks, feed=plan.number, feeds=plan.feeds)
        waiting += returns_of(receipts)
        back = due_by(waiting, receipts[-1].occurred_at) if receipts else []
        batch = FeedBatch([as_input(receipt, names) for receipt in receipts], back)
        done = record_batch(batch, plan.number, done, end, actor=actor)
        waiting = [one for one in waiting if one not in back]
        yield plan.number, done


def still_to_come_back(year: Year, plan: FeedPlan, done: int) -> list[ReturnInput]:
    """Returns of receipts that are recorded, for a load that goes on where it was killed."""
    first = max(0, done - LOOK_BACK_VISITS)
    receipts = year.receipts(first, done, weeks=plan.weeks, feed=plan.number, feeds=plan.feeds)
    return [back for back in returns_of(receipts) if back.occurred_at > receipts[-1].occurred_at]


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """Receipts of some visits, and the goods that came back by the last of them."""

    receipts: Sequence[ReceiptInput] = ()
    returns: Sequence[ReturnInput] = ()


@atomic_retrying
def record_batch(batch: FeedBatch, feed: int, start: int, end: int, *, actor: Actor) -> int:
    """Record a feed's batch of the visits from ``start`` to before ``end``, and that it is
    recorded, in one transaction. Returns how far the feed is now.

    Where somebody else has moved the feed in the meantime (a load that was given up, but whose
    last batch was still on its way), nothing is recorded and the feed's place is the answer.

    Raises:
        RefusedReceiptsError: at least one was refused; nothing is recorded.
    """
    here = DemoFeed.objects.filter(number=feed)
    if not here.filter(done_visits=start).update(done_visits=end):
        return here.get().done_visits
    outcomes: list[ReceiptOutcome | ReturnOutcome] = [
        *record_receipts(batch.receipts, actor=actor, source=Source.HISTORY),
        *record_returns(batch.returns, actor=actor, source=Source.GENERATED),
    ]
    refused = [one for one in outcomes if one.status is not Status.RECORDED]
    if refused:
        first = refused[0]
        raise RefusedReceiptsError(
            f"{len(refused)} receipts or returns were refused; {first.store_code} "
            f"{first.number}: {first.error}"
        )
    return end


def as_input(receipt: DemoReceipt, names: Mapping[str, str]) -> ReceiptInput:
    """A receipt of the year as a till sends it. Its time is also when it was recorded."""
    return ReceiptInput(
        store_code=receipt.store,
        number=receipt.number,
        occurred_at=receipt.occurred_at,
        currency=CURRENCY,
        member=MemberRef("card", card_number(receipt.household)),
        lines=tuple(
            LineInput(sku, names[sku], line.quantity_milli, line.amount_minor, line.discount_minor)
            for line in receipt.lines
            for sku in (sku_of(line.product_id),)
        ),
        tenders=_tenders(receipt),
        visit_reference=str(receipt.visit),
        recorded_at=receipt.occurred_at,
    )


def _tenders(receipt: DemoReceipt) -> tuple[TenderInput, ...]:
    """Coupons are the only means of payment that the source tells; the rest is not known.

    A coupon worth more than the tenant's lines pays them and no more: no till gives change.
    """
    if not receipt.coupon_minor:
        return ()
    due = receipt.amount_minor
    coupon = min(receipt.coupon_minor, due)
    tenders = [TenderInput("coupon", coupon)]
    if due > coupon:
        tenders.append(TenderInput("other", due - coupon))
    return tuple(tenders)
