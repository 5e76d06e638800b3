"""What people tell Mallard about themselves appears in no log line and in no table in clear.

Pages and API are used with telephone numbers, names, e-mail addresses and free text, rightly and
wrongly; then everything that was logged and every row of every table is searched for them.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from psycopg import sql

from mallard.kernel.access.actor import WHOLE_GROUP, system
from mallard.kernel.access.permissions import declared_permissions
from mallard.kernel.clock import now
from mallard.kernel.faults.models import Fault
from mallard.kernel.faults.noting import forget_seen
from mallard.kernel.http.logs import JsonFormatter
from mallard.kernel.jobs.failures import note_failures
from mallard.value.checkout.commands import load
from mallard.world.members import api as members_api
from mallard.world.members.models import Identity, Member
from mallard.world.members.pages import lists as lists_page
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user
from tests.journeys.town import Town, a_town

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, OTHER_PHONE, TYPED_PHONE = "13655550123", "13655550456", "13655550789"
NAME, LATIN_NAME = "欧阳雪莹", "Quillonda Zephyrine"
EMAIL, TYPED_EMAIL = "quillonda.z@example.net", "zephyrine.q@example.org"
NOTE = "allergic to hazelnuts and lilies"
PERSONAL = (PHONE, OTHER_PHONE, TYPED_PHONE, NAME, LATIN_NAME, EMAIL, TYPED_EMAIL, NOTE)

READABLE = {
    # The one readable row by which a member is found by name; erasing deletes it.
    "members_membersearch",
    # Who is locked out of the sign-in, by what they typed; it goes when the lock-out ends.
    "axes_accessattempt",
}


@pytest.fixture
def town(transactional_db: None) -> Town:
    return a_town()


class Api:
    def __init__(self) -> None:
        everything = tuple(permission.code for permission in declared_permissions())
        made = create_api_key(
            name="trust",
            scope=WHOLE_GROUP,
            permissions=everything,
            expires_at=None,
            actor=system("trust"),
        )
        self.key = made.plain
        self.client = Client(raise_request_exception=False)
        self.count = 0

    def send(self, method: str, path: str, body: Any, *, expect: int) -> Mapping[str, Any]:
        self.count += 1
        answer = self.client.generic(
            method,
            f"/api/v1{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.key}",
                "Idempotency-Key": f"trust-{self.count}",
            },
        )
        assert answer.status_code == expect, answer.content
        return answer.json()


def use_the_api(town: Town) -> str:
    """Right and wrong requests; the id of the member who was enrolled."""
    api = Api()
    enrolment = {
        "profile": {"name": NAME},
        "identities": [{"kind": "phone", "value": PHONE}, {"kind": "email", "value": EMAIL}],
        "store_code": town.bakery.code,
    }
    member = api.send("POST", "/members", enrolment, expect=201)["id"]
    api.send("POST", "/members", enrolment, expect=409)
    api.send("POST", "/members", enrolment | {"name": LATIN_NAME}, expect=422)
    api.send("PATCH", f"/members/{member}", {"profile": {"name": LATIN_NAME}}, expect=200)
    api.send("POST", "/members/search", {"kind": "phone", "value": PHONE}, expect=200)
    api.send("POST", "/members/search", {"kind": "phone", "value": TYPED_PHONE}, expect=404)
    api.send("POST", "/members/search", {"kind": "tel", "value": TYPED_PHONE}, expect=404)
    api.send("POST", "/members/search", f'{{"value": "{TYPED_PHONE}"'.encode(), expect=400)
    api.send(
        "POST", f"/members/{member}/identities", {"kind": "phone", "value": OTHER_PHONE}, expect=201
    )
    sale = {
        "store": town.bakery.code,
        "number": "TRUST-1",
        "occurred_at": now().isoformat(),
        "currency": "CNY",
        "member": {"kind": "phone", "value": PHONE},
        "lines": [{"name": "Loaf", "amount_minor": 9_900}],
    }
    api.send("POST", "/receipts", sale, expect=201)
    unknown = sale | {"number": "TRUST-2", "member": {"kind": "phone", "value": TYPED_PHONE}}
    api.send("POST", "/receipts/batch", {"items": [unknown]}, expect=200)
    return member


def use_the_console(member: str) -> None:
    """Search, look, change, reveal; mistype; knock at the wrong door."""
    client = Client(raise_request_exception=False)
    client.post("/sign-in", {"username": TYPED_EMAIL, "password": LATIN_NAME})
    client.post("/password/forgotten", {"email": TYPED_EMAIL})
    client.force_login(a_staff_user("administrator"), "django.contrib.auth.backends.ModelBackend")
    for words in (PHONE, PHONE[-4:], NAME, LATIN_NAME, EMAIL, TYPED_PHONE):
        assert client.get("/members/", {"q": words}).status_code == 200
    page = f"/members/{member}/"
    assert client.get(page).status_code == 200
    identity = Identity.objects.filter(member_id=member).earliest("id").pk
    reveal = f"{page}identities/{identity}/reveal"
    shown = client.post(reveal, {"reason": f"{LATIN_NAME} asks"})
    assert PHONE in re.sub(r"\s", "", shown.content.decode())
    assert client.post(f"{page}notes", {"body": NOTE}).status_code == 302
    assert client.post(f"{page}edit", {"name": NAME, "language": "en"}).status_code == 302
    assert (
        client.post(f"{page}identities", {"kind": "phone", "value": "x" + NAME}).status_code == 422
    )
    assert client.get(f"/members/{EMAIL}").status_code == 404
    assert client.get(f"/{NAME}").status_code == 404


def import_a_file(town: Town, folder: Path) -> None:
    """A till's file, with a row that is wrong."""
    file = folder / "receipts.csv"
    rows = ["store,number,occurred_at,amount,currency,member_kind,member,name"]
    at = now().isoformat()
    rows += [
        f"{town.bakery.code},TRUST-3,{at},99.00,CNY,phone,{PHONE},Loaf",
        f"{town.bakery.code},TRUST-4,{at},{NAME},CNY,phone,{TYPED_PHONE},Loaf",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    answer = CliRunner().invoke(load, ["receipts", str(file)])
    assert "1 recorded" in answer.output, answer.output


def break_things(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    """Errors that nobody expected, with everything personal in their text, on a page, in the API
    and in a job."""
    forget_seen()
    text = " ".join(PERSONAL)

    def broken(*_args: Any, **_more: Any) -> Any:
        local = text
        raise ValueError(f"Key (phone)=({local}) already exists")

    client = Client(raise_request_exception=False)
    client.force_login(a_staff_user("administrator"), "django.contrib.auth.backends.ModelBackend")
    api = Api()
    with monkeypatch.context() as patched:
        patched.setattr(lists_page, "visible_members", broken)
        assert client.get("/members/", {"q": NAME}).status_code == 500
    with monkeypatch.context() as patched:
        patched.setattr(members_api.services, "enrol_member", broken)
        enrolment = {
            "profile": {"name": LATIN_NAME},
            "identities": [{"kind": "phone", "value": TYPED_PHONE}],
            "store_code": town.bakery.code,
        }
        api.send("POST", "/members", enrolment, expect=500)
    context = SimpleNamespace(job=SimpleNamespace(id=None, attempts=1, task_name="trust.job"))
    with pytest.raises(ValueError, match="already exists"):
        note_failures(broken, context, None)  # type: ignore[arg-type]
    assert set(Fault.objects.values_list("kind", flat=True)) == {"page", "api", "job"}


def clear_text(content: str) -> set[str]:
    """Which personal texts a piece of text holds, as such, as bytes in hexadecimal, or escaped."""
    lowered = content.lower()
    return {
        secret
        for secret in PERSONAL
        if secret.lower() in lowered
        or secret.encode().hex() in lowered
        or secret.encode("unicode_escape").decode().lower() in lowered
    }


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def rows_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
        return "\n".join(row for (row,) in cursor.fetchall())


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the process would write to standard error, by the handlers' own formatter."""
    root, written = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_logs_and_tables_hold_nothing_personal_in_clear(
    town: Town, log: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(isinstance(h.formatter, JsonFormatter) for h in logging.getLogger().handlers[:-1])
    member = use_the_api(town)
    use_the_console(member)
    import_a_file(town, tmp_path)
    break_things(monkeypatch, town)
    figures = Client().get("/metrics")
    assert figures.status_code == 200
    assert clear_text(figures.content.decode()) == set()
    assert '"event":"unexpected"' in log.getvalue()
    assert '"event":"request"' in log.getvalue()
    assert clear_text(log.getvalue()) == set()

    filled = {table: rows_of(table) for table in tables()}
    for table in (
        "audit_entry",
        "outbox_event",
        "http_idempotency_key",
        "procrastinate_jobs",
        "faults_fault",
    ):
        assert table in filled
    assert "ValueError" in filled["faults_fault"]
    leaks = {
        table: found
        for table, rows in filled.items()
        if table not in READABLE and (found := clear_text(rows))
    }
    assert leaks == {}
    assert Member.objects.filter(pk=member).exists()


def test_a_leak_would_be_found() -> None:
    assert clear_text(f"(7,\\x{EMAIL.encode().hex()})") == {EMAIL}
    assert clear_text(f'{{"q": "{PHONE}"}}') == {PHONE}
    assert clear_text(NAME.encode("unicode_escape").decode()) == {NAME}
