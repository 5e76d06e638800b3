"""The pages that people open most, at the demo's size, ten people at once.

It reads the installation that `MALLARD_HOME` names, which must hold the loaded demo: pages are
opened, nothing is written but the sessions, which end with it.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from mallard.bench.api.server import web_server
from mallard.bench.pages.visits import PAGES, Page, Person, browse, cookie_of
from mallard.bench.registry import Outcome
from mallard.kernel.database.embedded import running
from mallard.kernel.environment import environment

PEOPLE = 10
ROUNDS = 4
THINK_SECONDS = 1.0
LIMIT_MS = 200.0
ALL_PAGES = "all pages: p95 in ms; ratio to a limit of 200"


def run() -> Outcome:
    """Serve the demo, let ten people browse, and read the server's own times from its log."""
    import django

    with running(environment()), tempfile.TemporaryDirectory(prefix="mallard-bench-") as folder:
        django.setup()
        from django.db import connections

        pages = _pages()
        sessions = _sign_in(PEOPLE)
        settings = connections["default"].settings_dict
        database = {key.lower(): settings[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
        connections.close_all()
        people = [Person(cookie_of(session)) for session in sessions]
        try:
            with web_server(database | {"dbname": settings["NAME"]}, Path(folder)) as web:
                browse(web.port, pages, people[:1], rounds=1, think_seconds=0)
                people[0] = Person(people[0].cookie)
                warm = len(_requests(Path(folder)))
                browse(web.port, pages, people, rounds=ROUNDS, think_seconds=THINK_SECONDS)
            times = _requests(Path(folder))[warm:]
        finally:
            _sign_out(sessions)
    refused = sorted({problem for person in people for problem in person.refused})
    if refused or len(times) != PEOPLE * ROUNDS * len(pages):
        raise RuntimeError(f"{len(times)} pages answered; refused: {refused}")
    return _outcome(pages, people, times)


def _outcome(pages: Sequence[Page], people: Sequence[Person], times: Sequence[float]) -> Outcome:
    p95 = _p95(times)
    waited = {
        page.name: [s * 1000 for person in people for s in person.seconds_by_page[page.name]]
        for page in pages
    }
    return Outcome(
        "pages",
        "milliseconds",
        {ALL_PAGES: round(p95, 1)},
        {ALL_PAGES: LIMIT_MS},
        {ALL_PAGES: round(LIMIT_MS / p95, 3)},
        {ALL_PAGES: 1.0},
        {
            "server_p50_ms": round(statistics.median(times), 1),
            "requests": len(times),
            "people": PEOPLE,
            "think_seconds": THINK_SECONDS,
            "p95_that_people_waited_ms": {name: round(_p95(ms), 1) for name, ms in waited.items()},
        },
    )


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _requests(folder: Path) -> list[float]:
    """The server's own time for each page so far, in milliseconds."""
    found = []
    for line in (folder / "web.log").read_bytes().splitlines():
        entry: dict[str, Any] = orjson.loads(line) if line.startswith(b"{") else {}
        if entry.get("event") == "request" and entry["route"] != "healthz":
            found.append(float(entry["ms"]))
    return found


def _pages() -> list[Page]:
    """A path for each page: of the member with most receipts and what belongs to them."""
    from django.urls import reverse

    from mallard.demo.models import DemoLoad
    from mallard.value.sales.models import Receipt
    from mallard.world.catalog.models import Product
    from mallard.world.members.models import MemberPresence

    load = DemoLoad.objects.first()
    if load is None or load.stage != DemoLoad.Stage.FINISHED:
        raise RuntimeError("load the demo first: mallard demo --no-serve")
    busiest = MemberPresence.objects.order_by("-receipts", "member_id")[0].member_id
    receipt = Receipt.objects.filter(member=busiest).order_by("-occurred_at")[0]
    store = receipt.store
    arguments = {
        "members:detail": busiest,
        "checkout:receipt": receipt.pk,
        "malls:mall": store.mall_id,
        "malls:store": store.pk,
        "malls:tenant": store.tenant_id,
        "catalog:product": Product.objects.order_by("code")[0].pk,
    }
    return [
        Page(name, reverse(name, args=[arguments[name]] if name in arguments else []))
        for name in PAGES
    ]


def _sign_in(count: int) -> list[str]:
    """Sessions of the demo's administrator, as sign-in makes them."""
    from django.test import Client

    from mallard.demo.staff import LOGINS
    from mallard.world.staff.models import StaffUser

    email = next(login.email for login in LOGINS if login.role == "administrator")
    administrator = StaffUser.objects.get(email=email)
    sessions = []
    for _person in range(count):
        client = Client()
        client.force_login(administrator, "django.contrib.auth.backends.ModelBackend")
        sessions.append(client.cookies["sessionid"].value)
    return sessions


def _sign_out(sessions: Sequence[str]) -> None:
    from django.contrib.sessions.models import Session
    from django.db import connections

    Session.objects.filter(session_key__in=sessions).delete()
    connections.close_all()
