"""What a till does next: sales now and late, returns, returns before their sale, repeats.

Seeded: the same seed asks for the same things. A till remembers only its own receipts.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LATE_DAYS = 400


@dataclass(frozen=True)
class Shares:
    """Of how many errands in a thousand are which; the rest are single new receipts."""

    batch: int = 60
    goods_return: int = 90
    return_first: int = 40
    repeat: int = 120
    contradict: int = 15
    twice_at_once: int = 50
    anonymous: int = 120
    late: int = 200


@dataclass(frozen=True)
class Errand:
    """One request. ``expects``: `answered`, `same` as ``first`` said, or `refused` with a code."""

    route: str
    body: dict[str, Any]
    key: str | None
    expects: str = "answered"
    first: dict[str, Any] | None = None
    at_once: int = 1


@dataclass
class Sold:
    """A receipt of this till and what may still come back of it."""

    body: dict[str, Any]
    key: str | None
    answer: dict[str, Any] = field(default_factory=dict)
    returned: str = "nothing"


class Errands:
    """The endless list of errands of one till."""

    def __init__(self, place: dict[str, Any], *, till: int, seed: int, shares: Shares) -> None:
        self._place = place
        self._till = till
        self._draw = random.Random(seed * 1_000 + till)
        self._shares = shares
        self._count = 0
        self._base = dt.datetime.fromisoformat(place["made_at"]) - dt.timedelta(minutes=10)
        self._owed: list[tuple[int, dict[str, Any]]] = []
        self.sold: list[Sold] = []

    def __iter__(self) -> Iterator[Errand]:
        while True:
            yield from self._owed_sales()
            yield from self._next()

    def finish(self) -> Iterator[Errand]:
        """The sales whose returns are waiting already."""
        self._owed = [(0, body) for _after, body in self._owed]
        yield from self._owed_sales()

    def answered(self, errand: Errand, answer: dict[str, Any]) -> None:
        """Remember what a new receipt was answered, to return or repeat it later."""
        if errand.expects == "answered" and errand.route == "receipts":
            self.sold.append(Sold(errand.body, errand.key, answer))
        elif errand.expects == "answered" and errand.route == "receipts/batch":
            for body, item in zip(errand.body["items"], answer["items"], strict=True):
                self.sold.append(Sold(body, None, item))

    # --- what to do -------------------------------------------------------------------------

    def _next(self) -> Iterator[Errand]:
        lot = self._draw.randrange(1_000)
        shares = self._shares
        choices = (
            (shares.batch, self._batch),
            (shares.goods_return, self._return),
            (shares.return_first, self._return_first),
            (shares.repeat, self._repeat),
            (shares.contradict, self._contradict),
            (shares.twice_at_once, self._twice_at_once),
        )
        for share, errands in choices:
            if lot < share:
                yield from errands()
                return
            lot -= share
        yield Errand("receipts", self._receipt(), self._key())

    def _batch(self) -> Iterator[Errand]:
        items = [self._receipt() for _ in range(self._draw.randint(2, 12))]
        yield Errand("receipts/batch", {"items": items}, self._key())

    def _twice_at_once(self) -> Iterator[Errand]:
        """A till whose first try hangs and that tries again on another line."""
        key = self._key() if self._draw.random() < 0.5 else None
        yield Errand("receipts", self._receipt(), key, at_once=2)

    def _return(self) -> Iterator[Errand]:
        sold = self._some_sale()
        if sold is None or sold.returned == "everything":
            return
        body = self._return_of(sold.body)
        if sold.returned == "nothing" and self._draw.random() < 0.5:
            body["lines"], sold.returned = self._part_of(sold.body)
        else:
            sold.returned = "everything"
        yield Errand("returns", body, self._key())

    def _return_first(self) -> Iterator[Errand]:
        sale = self._receipt()
        self._owed.append((self._count + self._draw.randint(1, 12), sale))
        body = self._return_of(sale)
        if self._draw.random() < 0.5:
            body["lines"], _left = self._part_of(sale)
        yield Errand("returns", body, self._key())

    def _owed_sales(self) -> Iterator[Errand]:
        due = [body for after, body in self._owed if after <= self._count]
        self._owed = [entry for entry in self._owed if entry[0] > self._count]
        for body in due:
            # Goods of it came back already; nothing further may.
            sale = Errand("receipts", body, self._key(), expects="first came back")
            yield sale

    def _repeat(self) -> Iterator[Errand]:
        sold = self._some_sale()
        if sold is None:
            return
        key = self._draw.choice([sold.key, None, self._key()])
        expects = "same reply" if key is not None and key == sold.key else "same receipt"
        yield Errand("receipts", sold.body, key, expects, sold.answer)

    def _contradict(self) -> Iterator[Errand]:
        sold = self._some_sale()
        if sold is None:
            return
        lines = [{**line, "amount_minor": line["amount_minor"] + 1} for line in sold.body["lines"]]
        other = {**sold.body, "lines": lines, "tenders": []}
        if sold.key is not None and self._draw.random() < 0.5:
            yield Errand("receipts", other, sold.key, "http.idempotency_conflict")
        else:
            yield Errand("receipts", other, self._key(), "sales.number_reused")

    def _some_sale(self) -> Sold | None:
        return self._draw.choice(self.sold[-300:]) if self.sold else None

    # --- what it says -----------------------------------------------------------------------

    def _key(self) -> str:
        return str(uuid.UUID(int=self._draw.getrandbits(128), version=4))

    def _number(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._till:02}-{self._count:06}"

    def _receipt(self) -> dict[str, Any]:
        draw = self._draw
        lines = []
        for item in draw.sample(self._place["goods"], draw.randint(1, 4)):
            quantity = draw.randint(1, 3)
            lines.append(
                {
                    "sku": item["sku"],
                    "quantity": quantity,
                    "amount_minor": item["price_minor"] * quantity,
                    "discount_minor": draw.choice([0, 0, 0, 50]),
                }
            )
        body: dict[str, Any] = {
            "store": draw.choice(self._place["stores"])["code"],
            "number": self._number("R"),
            "occurred_at": self._when().isoformat(),
            "currency": self._place["currency"],
            "lines": lines,
        }
        if draw.randrange(1_000) >= self._shares.anonymous:
            body["member"] = {"kind": "phone", "value": draw.choice(self._place["phones"])}
        if draw.random() < 0.7:
            paid = sum(line["amount_minor"] for line in lines)
            body["tenders"] = [{"kind": "wechat", "amount_minor": paid}]
        return body

    def _when(self) -> dt.datetime:
        if self._draw.randrange(1_000) < self._shares.late:
            ago = dt.timedelta(minutes=self._draw.randint(1, LATE_DAYS * 24 * 60))
        else:
            ago = dt.timedelta(seconds=self._draw.randint(1, 6 * 60 * 60))
        return self._base - ago

    def _return_of(self, sale: dict[str, Any]) -> dict[str, Any]:
        sold_at = dt.datetime.fromisoformat(sale["occurred_at"])
        seconds = min(5 * 86_400, int((self._base - sold_at).total_seconds()))
        at = sold_at + dt.timedelta(seconds=self._draw.randint(0, max(0, seconds)))
        return {
            "store": sale["store"],
            "number": self._number("B"),
            "receipt_number": sale["number"],
            "occurred_at": at.isoformat(),
        }

    def _part_of(self, sale: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
        """Some of one line's quantity, with its amount; and what has then come back."""
        number = self._draw.randrange(len(sale["lines"]))
        line = sale["lines"][number]
        quantity = self._draw.randint(1, line["quantity"])
        is_all = quantity == line["quantity"]
        amount = line["amount_minor"]
        refund = amount if is_all else self._draw.randint(0, amount * quantity // line["quantity"])
        part = {"line": number + 1, "quantity": quantity, "amount_minor": refund}
        return [part], "everything" if is_all and len(sale["lines"]) == 1 else "a part"
