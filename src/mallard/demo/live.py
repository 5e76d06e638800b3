"""`mallard demo --live`: the receipts of the same day a year earlier, as a till would send them.

A process beside the web server posts them to the POS API of this installation: first what has
happened since the loaded year ended, then each receipt when its minute comes. 364 days are whole
weeks, so a Friday is replayed on a Friday. Numbers follow from the receipt and its new day: a feed
that is started again repeats itself, and the API recognises what it has.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import click

from mallard.demo.calendar import LAST_FULL_DAY, ZONE, shifted
from mallard.demo.people import card_number
from mallard.demo.place import BUSINESS_DAY_CUTOFF_HOUR, CURRENCY
from mallard.demo.products import sku_of
from mallard.demo.receipts import DemoReceipt, Year
from mallard.demo.story.events import CLOSED_STORE

KEY_VARIABLE = "MALLARD_DEMO_LIVE_KEY"
KEY_NAME = "Demo: live feed"
YEAR = timedelta(weeks=52)
LONGEST_CATCH_UP = timedelta(days=8)
BATCH = 200
LOOK_EVERY_SECONDS = 5
RETRY_SECONDS = 2
TIMEOUT_SECONDS = 60


def receipts_due(year: Year, *, weeks: int, after: datetime, until: datetime) -> list[DemoReceipt]:
    """The receipts that the replay places after ``after`` and up to ``until`` (aware), in order.

    Times are the replay's: those of the loaded year, 364 days later.
    """
    visits = year.visits_between(after - YEAR, until - YEAR, weeks=weeks)
    receipts = year.receipts(visits.start, visits.stop, weeks=weeks)
    return [
        receipt._replace(occurred_at=receipt.occurred_at + YEAR)
        for receipt in receipts
        if receipt.store != CLOSED_STORE
    ]


def as_json(receipt: DemoReceipt, names: Mapping[str, str]) -> dict[str, Any]:
    """A receipt as the POS API takes it. The source tells no means of payment but coupons, which
    are left out here."""
    day = receipt.occurred_at.astimezone(ZONE).date()
    return {
        "store": receipt.store,
        "number": f"{receipt.number}-L{day:%y%m%d}",
        "occurred_at": receipt.occurred_at.isoformat(),
        "currency": CURRENCY,
        "member": {"kind": "card", "value": card_number(receipt.household)},
        "visit": f"{receipt.visit}-L{day:%y%m%d}",
        "lines": [
            {
                "sku": sku_of(line.product_id),
                "name": names[sku_of(line.product_id)],
                "quantity": f"{line.quantity_milli // 1000}.{line.quantity_milli % 1000:03d}",
                "amount_minor": line.amount_minor,
                "discount_minor": line.discount_minor,
            }
            for line in receipt.lines
        ],
    }


def year_end(weeks: int) -> datetime:
    """When the loaded year's last business day was over."""
    day = LAST_FULL_DAY + timedelta(days=1)
    end = datetime(day.year, day.month, day.day, BUSINESS_DAY_CUTOFF_HOUR, tzinfo=ZONE)
    return shifted(end, weeks=weeks)


class PosFeed:
    """A till's connection to the POS API: what was not acknowledged is sent again."""

    def __init__(self, host: str, port: int, key: str) -> None:
        self._host, self._port, self._key = host, port, key

    def send(self, receipts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Send a batch until it is answered. Returns how many items met which fate.

        Raises RuntimeError when the API refuses the batch itself: sending it again is no use.
        """
        body = json.dumps({"items": receipts}).encode()
        name = f"live-{receipts[0]['store']}-{receipts[0]['number']}-{len(receipts)}"
        while True:
            try:
                status, answer = self._post(body, name)
            except (OSError, http.client.HTTPException):
                time.sleep(RETRY_SECONDS)
                continue
            if status == 200:
                return _fates(answer)
            if status not in (429, 502, 503, 504):
                raise RuntimeError(f"the POS API answered {status}: {answer}")
            time.sleep(RETRY_SECONDS)

    def _post(self, body: bytes, name: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            headers = {
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                "Idempotency-Key": name,
                "Host": f"127.0.0.1:{self._port}",
            }
            connection.request("POST", "/api/v1/receipts/batch", body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


def _fates(answer: Mapping[str, Any]) -> dict[str, int]:
    fates: dict[str, int] = {}
    for item in answer["items"]:
        fates[item["status"]] = fates.get(item["status"], 0) + 1
    return fates


def batches(receipts: Sequence[DemoReceipt]) -> Iterator[list[DemoReceipt]]:
    """So many as one request carries."""
    rest = iter(receipts)
    while batch := list(islice(rest, BATCH)):
        yield batch


def replay(year: Year, names: Mapping[str, str], feed: PosFeed, *, weeks: int) -> None:
    """Send what is due, for ever."""
    now = datetime.now(UTC)
    done = max(year_end(weeks), now - LONGEST_CATCH_UP)
    while True:
        now = datetime.now(UTC)
        for batch in batches(receipts_due(year, weeks=weeks, after=done, until=now)):
            fates = feed.send([as_json(receipt, names) for receipt in batch])
            if set(fates) - {"recorded", "duplicate"}:
                click.echo(f"live feed: {fates}", err=True)
        done = now
        time.sleep(LOOK_EVERY_SECONDS)


@click.command()
@click.argument("host")
@click.argument("port", type=int)
@click.argument("weeks", type=int)
def main(host: str, port: int, weeks: int) -> None:
    """Feed the installation at HOST:PORT, whose year was moved by WEEKS."""
    from mallard.demo.products import names_of_goods
    from mallard.demo.source import open_source

    with open_source(threads=1, is_checked=True) as source:
        replay(
            Year(source),
            names_of_goods(source),
            PosFeed(host, port, os.environ[KEY_VARIABLE]),
            weeks=weeks,
        )


if __name__ == "__main__":
    main()
