"""The pages that people open most, and people who open them."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

# Address names of the console; those with arguments are filled from the demo's own rows.
PAGES = (
    "console:home",
    "members:list",
    "members:detail",
    "checkout:receipts",
    "checkout:receipt",
    "checkout:returns",
    "ledger:funders",
    "loyalty:programme",
    "malls:malls",
    "malls:mall",
    "malls:stores",
    "malls:store",
    "malls:tenants",
    "malls:tenant",
    "catalog:products",
    "catalog:product",
    "staff:list",
    "tasks:list",
    "footfall:days",
    "reports:figures",
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address name (what figures are told of) and a path that is there."""

    name: str
    path: str


@dataclass(slots=True)
class Person:
    """Somebody signed in; ``cookie`` is the whole header."""

    cookie: str
    seconds_by_page: dict[str, list[float]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def browse(
    port: int, pages: Sequence[Page], people: Sequence[Person], *, rounds: int, think_seconds: float
) -> None:
    """Everybody opens every page ``rounds`` times in an order of their own, all at once, pausing
    about ``think_seconds`` between two pages as readers do."""
    threads = [
        threading.Thread(target=_browse_alone, args=(port, pages, person, rounds, think_seconds, n))
        for n, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _browse_alone(
    port: int, pages: Sequence[Page], person: Person, rounds: int, think_seconds: float, seed: int
) -> None:
    order = random.Random(seed)  # noqa: S311 a reader's whim
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _round in range(rounds):
        for page in order.sample(list(pages), len(pages)):
            time.sleep(think_seconds * order.uniform(0.5, 1.5))
            began = time.perf_counter()
            connection.request("GET", page.path, headers={"Cookie": person.cookie})
            answer = connection.getresponse()
            answer.read()
            person.seconds_by_page.setdefault(page.name, []).append(time.perf_counter() - began)
            if answer.status != 200:
                person.refused.append(f"{page.path}: {answer.status}")
    connection.close()


def cookie_of(session_key: str) -> str:
    """The header that a signed-in browser sends."""
    return urlencode({"sessionid": session_key})
