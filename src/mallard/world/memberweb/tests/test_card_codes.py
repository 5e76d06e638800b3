"""The code that changes: read, of now, of one phone, taken once, spent once; and without us."""

from __future__ import annotations

import base64
import datetime as dt
import json
import threading
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel import clock
from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.http import limits
from mallard.kernel.ids import uuid7
from mallard.world.members import services as members
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import Member
from mallard.world.members.queries import find_by_identities, search_members
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.memberweb import card_codes, cards, services
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.commands import card
from mallard.world.memberweb.errors import (
    CardCodeNeeded,
    CardCodeOfAnother,
    CardCodeOld,
    CardCodeUnknown,
    CardCodeUsed,
    PhoneClockWrong,
    PhoneKeyInvalid,
    SessionNotFound,
)
from mallard.world.memberweb.models import CardCodeUse, CardPhone
from mallard.world.memberweb.services.cards import TRIES_OF_PHONE
from mallard.world.memberweb.tests.factories import signed_in
from mallard.world.memberweb.tests.phones import Phone, a_phone_of, point_of
from mallard.world.staff.services import create_api_key

SECONDS = dt.timedelta(seconds=1)
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits.forget_leases()


@pytest.fixture
def phone(db: None) -> Phone:
    return a_phone_of(a_member())


def a_till() -> Actor:
    return Actor(ActorKind.API, uuid7(), "api key POS", frozenset(), WHOLE_GROUP)


def found(text: str, at: dt.datetime | None = None) -> Any:
    ref = MemberRef("card_code", text, at)
    return find_by_identities([ref]).get(ref)


# --- pure


def test_digits_are_those_of_rfc_6238() -> None:
    secret = b"12345678901234567890123456789012"  # RFC 6238, appendix B, SHA-256
    for seconds, mac in ((59, "46119246"), (1111111109, "68084774"), (20000000000, "77737706")):
        assert card_codes.mac_of(secret, seconds // 30) == mac


@given(st.text(max_size=60) | st.integers(0, 10**460).map("77{}".format))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    code = card_codes.read_code(text)
    assert code is None or (len(code.number) == len(code.mac) == 8)


@given(st.integers(min_value=0, max_value=card_codes.PAYLOAD_BYTES * 8 - 1))
def test_a_qr_with_one_bit_changed_is_no_code(bit: int) -> None:
    ours, phone = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    certified = card_codes.certificate(
        ours, key=1, number="00000042", until=at + dt.timedelta(days=1),
        phone_key=card_codes.public_bytes(phone),
    )  # fmt: skip
    signed = card_codes.payload(certified, phone, card_codes.step_at(at))
    keys = {1: card_codes.public_bytes(ours)}
    assert card_codes.check_signed(signed, keys, at).number == "00000042"
    changed = bytearray(signed)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(card_codes.CodeFault):
        card_codes.check_signed(bytes(changed), keys, at)


def test_a_till_with_our_public_key_cannot_make_a_code() -> None:
    """A phone key of its own, certified by itself, is forged."""
    ours, till = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    certified = card_codes.certificate(
        till, key=1, number="00000042", until=at + dt.timedelta(days=1),
        phone_key=card_codes.public_bytes(till),
    )  # fmt: skip
    signed = card_codes.payload(certified, till, card_codes.step_at(at))
    with pytest.raises(card_codes.CodeFault) as fault:
        card_codes.check_signed(signed, {1: card_codes.public_bytes(ours)}, at)
    assert fault.value.reason == "forged"


# --- finding


def test_digits_and_qr_find_the_member(frozen_clock: Any, phone: Phone) -> None:
    for text in (phone.digits(), phone.qr(), " ".join(phone.digits())):
        assert found(text).member_id == phone.session.member_id
    rows = search_members(Member.objects.all(), phone.digits())
    assert [row.pk for row in rows] == [phone.session.member_id]


@pytest.mark.parametrize(
    ("off", "is_good"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_one_step_before_and_after_is_good(
    frozen_clock: Any, phone: Phone, off: int, is_good: bool
) -> None:
    for text in (phone.digits(off * SECONDS), phone.qr(off * SECONDS)):
        assert (found(text) is not None) == is_good


def test_a_receipt_that_comes_late_names_the_code_of_its_time(
    frozen_clock: Any, phone: Phone
) -> None:
    scanned, sold = phone.qr(), clock.now() + 4 * MINUTES
    frozen_clock.advance(hours=9)
    assert found(scanned) is None
    assert found(scanned, sold).member_id == phone.session.member_id
    assert found(scanned, sold + 40 * MINUTES) is None
    assert found(scanned, sold - 10 * MINUTES) is None


def test_a_phone_that_was_signed_out_makes_no_code(frozen_clock: Any, phone: Phone) -> None:
    texts = (phone.digits(), phone.qr())
    sold = clock.now()
    frozen_clock.advance(seconds=5)
    services.end_session(phone.session.pk, actor=member_actor(phone.session.member_id))
    assert [found(text) for text in texts] == [None, None]
    assert found(texts[1], sold) is not None, "what was sold before was sold to the member"
    assert phone.number in cards.material().revoked
    with pytest.raises(CardCodeUnknown):
        services.show_code(texts[0], actor=a_till())


def test_an_erased_member_has_no_code(frozen_clock: Any, phone: Phone) -> None:
    text = phone.qr()
    members.erase_member(phone.session.member_id, actor=SYSTEM)
    assert found(text) is None
    with pytest.raises(CardCodeUnknown):
        services.show_code(text, actor=a_till())
    assert phone.number in cards.material().revoked


def test_a_merged_members_code_finds_the_survivor(frozen_clock: Any, phone: Phone) -> None:
    other = a_member(name="李四")
    members.merge_members(other.pk, merged_id=phone.session.member_id, actor=SYSTEM)
    assert found(phone.digits()).survivor_id == other.pk
    assert services.show_code(phone.digits(), actor=a_till()).member_id == other.pk


# --- phones


def test_a_known_key_renews_and_a_new_one_takes_its_place(frozen_clock: Any, phone: Phone) -> None:
    actor = member_actor(phone.session.member_id)
    frozen_clock.advance(days=2)
    again = services.provide_phone(phone.session, point_of(phone.private), actor=actor)
    assert (again.number, again.secret) == (phone.number, None)
    assert again.certificate != phone.certificate
    fresh = services.provide_phone(
        phone.session, point_of(ec.generate_private_key(ec.SECP256R1())), actor=actor
    )
    assert fresh.number != phone.number
    assert found(phone.digits()) is None
    assert phone.number in cards.material().revoked
    assert Entry.objects.filter(action="memberweb.card_phone_made").count() == 2


def test_a_phone_of_a_session_that_ended_gets_nothing(phone: Phone) -> None:
    actor = member_actor(phone.session.member_id)
    services.end_session(phone.session.pk, actor=actor)
    with pytest.raises(SessionNotFound):
        services.provide_phone(phone.session, point_of(phone.private), actor=actor)
    with pytest.raises(PhoneKeyInvalid):
        services.provide_phone(phone.session, b"no point", actor=actor)
    assert CardPhone.objects.count() == 1


def test_the_secret_lies_sealed(phone: Phone) -> None:
    row = CardPhone.objects.get()
    assert phone.secret not in bytes(row.secret_sealed)


def test_the_page_gives_a_phone_its_number(db: None) -> None:
    client = signed_in(a_member())
    key = point_of(ec.generate_private_key(ec.SECP256R1()))
    body = {"key": base64.b64encode(key).decode()}
    first = client.post("/m/card/phone", body).json()
    second = client.post("/m/card/phone", body).json()
    assert first["number"] == second["number"] == CardPhone.objects.get().number
    assert "secret" in first
    assert "secret" not in second
    for bad in ({}, {"key": ""}, {"key": "AAAA"}, {"key": "%"}, {"key": body["key"] * 9}):
        assert client.post("/m/card/phone", bad).status_code == 422
    assert Client().post("/m/card/phone", body).status_code == 302


# --- taking and spending


def test_who_takes_a_code_first_has_it(frozen_clock: Any, phone: Phone) -> None:
    till, other = a_till(), a_till()
    text = phone.digits()
    shown = services.show_code(text, actor=till)
    frozen_clock.advance(minutes=5)
    assert services.show_code(text, actor=till).use_id == shown.use_id
    with pytest.raises(CardCodeOld):
        services.show_code(text, actor=other)
    frozen_clock.advance(minutes=6)
    with pytest.raises(CardCodeOld):
        services.show_code(text, actor=till)
    text = phone.qr()
    services.show_code(text, actor=other)
    with pytest.raises(CardCodeUsed):
        services.show_code(text, actor=till)
    assert CardCodeUse.objects.count() == 2


def test_a_code_pays_for_one_act(frozen_clock: Any, phone: Phone) -> None:
    till, member_id = a_till(), phone.session.member_id
    with pytest.raises(CardCodeNeeded):
        services.spend_code(member_id, act="one", actor=till)
    text = phone.digits()
    services.spend_code(member_id, act="one", text=text, actor=till)
    services.spend_code(member_id, act="one", text=text, actor=till)
    with pytest.raises(CardCodeUsed):
        services.spend_code(member_id, act="two", text=text, actor=till)
    with pytest.raises(CardCodeNeeded):
        services.spend_code(member_id, act="two", actor=till)
    assert CardCodeUse.objects.get().spent_on == "one"
    frozen_clock.advance(seconds=31)
    services.show_code(phone.digits(), actor=till)
    assert services.is_shown_to(member_id, actor=till)
    assert not services.is_shown_to(member_id, actor=a_till())
    services.spend_code(member_id, act="two", actor=till)
    assert not services.is_shown_to(member_id, actor=till)


def test_a_code_pays_for_its_own_member_only(frozen_clock: Any, phone: Phone) -> None:
    other = a_member(name="李四")
    with pytest.raises(CardCodeOfAnother):
        services.spend_code(other.pk, act="one", text=phone.digits(), actor=a_till())
    assert not CardCodeUse.objects.exclude(spent_on="").exists()


def test_a_clock_ahead_is_told_and_an_old_code_is_old(frozen_clock: Any, phone: Phone) -> None:
    with pytest.raises(PhoneClockWrong) as refusal:
        services.show_code(phone.digits(20 * MINUTES), actor=a_till())
    assert refusal.value.params == {"minutes": 20}
    with pytest.raises(CardCodeOld):
        services.show_code(phone.qr(-20 * MINUTES), actor=a_till())
    with pytest.raises(CardCodeUnknown):
        services.show_code(phone.digits()[:-1] + "x", actor=a_till())
    assert not CardCodeUse.objects.exists()


def test_guessing_is_slowed_down(frozen_clock: Any, phone: Phone) -> None:
    till = a_till()
    right = phone.digits()
    wrong = right[:-8] + f"{(int(right[-8:]) + 1) % 10**8:08d}"
    for _try in range(TRIES_OF_PHONE.capacity):
        with pytest.raises(CardCodeUnknown):
            services.show_code(wrong, actor=till)
    with pytest.raises(limits.TooManyRequests):
        services.show_code(right, actor=till)


@pytest.mark.django_db(transaction=True)
def test_of_two_tills_that_scan_at_once_one_has_the_code() -> None:
    phone = a_phone_of(a_member())
    text, outcomes = phone.digits(), []
    start = threading.Barrier(4)

    def scan() -> None:
        start.wait()
        try:
            services.spend_code(
                phone.session.member_id, act=str(uuid7()), text=text, actor=a_till()
            )
            outcomes.append("spent")
        except CardCodeUsed:
            outcomes.append("used")
        finally:
            connection.close()

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["spent", "used", "used", "used"]
    assert CardCodeUse.objects.count() == 1


# --- over HTTP


def a_key(*permissions: str, scope: Scope = WHOLE_GROUP) -> Client:
    made = create_api_key(name="POS", scope=scope, permissions=permissions, actor=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {made.plain}"})


def post(machine: Client, path: str, body: dict[str, Any]) -> Any:
    return machine.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_a_till_shows_a_code_and_finds_the_member(frozen_clock: Any, phone: Phone) -> None:
    machine, member = a_key("members.view_member"), Member.objects.get()
    shown = post(machine, "/card-codes", {"code": phone.qr()}).json()
    assert shown == {
        "member_id": str(member.pk),
        "number": member.number,
        "spend_until": (clock.now() + 10 * MINUTES).isoformat().replace("+00:00", "Z"),
    }
    looked_up = post(machine, "/members/search", {"kind": "card_code", "value": phone.digits()})
    assert looked_up.json()["id"] == str(member.pk)
    old = post(machine, "/members/search", {"kind": "card_code", "value": phone.digits(-MINUTES)})
    assert old.status_code == 404
    assert post(machine, "/card-codes", {"code": "12"}).json()["code"] == (
        "memberweb.card_code_unknown"
    )
    other = post(a_key("members.view_member"), "/card-codes", {"code": phone.digits()})
    assert (other.status_code, other.json()["code"]) == (409, "memberweb.card_code_used")


def test_a_key_that_may_not_know_the_member_takes_no_code(frozen_clock: Any, phone: Phone) -> None:
    elsewhere = a_key("members.view_member", scope=Scope(mall_ids=frozenset([uuid7()])))
    assert post(elsewhere, "/card-codes", {"code": phone.qr()}).status_code == 404
    assert not CardCodeUse.objects.exists()


def test_tills_get_public_keys_only(phone: Phone) -> None:
    told = a_key("members.view_member").get("/api/v1/card-codes/keys")
    [key] = told.json()["keys"]
    assert bytes.fromhex(key["public_key"]) == cards.our_public_keys()[1]
    assert cards.our_key().hex() not in told.content.decode()
    assert a_key().get("/api/v1/card-codes/keys").status_code == 403


# --- without a connection


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    answer = CliRunner().invoke(card, [*arguments, "--json"])
    return answer.exit_code, json.loads(answer.output)


def test_the_command_checks_as_a_till_without_a_connection(
    frozen_clock: Any, phone: Phone, tmp_path: Any
) -> None:
    material = tmp_path / "keys.json"
    material.write_text(json.dumps(run("keys")[1]))
    text, at = phone.qr(), clock.now()
    given_keys = ("--keys", str(material))
    assert run("verify", text, *given_keys) == (
        0,
        {
            "is_good": True,
            "number": phone.number,
            "step": phone.step(),
            "until": (at + dt.timedelta(days=7)).isoformat(),
        },
    )
    late = run("verify", text, *given_keys, "--at", (at + 5 * MINUTES).isoformat())
    assert late == (
        1,
        {"is_good": False, "reason": "not_now", "number": phone.number, "steps_off": -10},
    )
    assert run("verify", phone.digits(), *given_keys)[1]["reason"] == "digits_only"
    assert run("verify", "77", *given_keys)[1]["reason"] == "not_a_code"
    frozen_clock.advance(days=8)
    assert run("verify", phone.qr(), *given_keys)[1]["reason"] == "expired"


def test_a_till_hears_of_phones_that_were_signed_out(
    frozen_clock: Any, phone: Phone, tmp_path: Any
) -> None:
    text = phone.qr()
    services.end_all([phone.session.member_id])
    material = tmp_path / "keys.json"
    material.write_text(json.dumps(run("keys")[1]))
    assert run("verify", text, "--keys", str(material))[1]["reason"] == "revoked"
    frozen_clock.advance(days=8)
    assert run("keys")[1]["revoked"] == [], "its certificates are over by themselves"
