from __future__ import annotations

import datetime as dt
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from django.db import connection

from mallard.kernel.access.actor import system
from mallard.kernel.http import idempotency
from mallard.kernel.http.idempotency import Reply, ReplyErased, run_once
from mallard.kernel.http.models import IdempotencyKey
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.secrets.services import blind_index, create_data_keys, destroy_data_key

pytestmark = pytest.mark.urls("mallard.surfaces.api.tests.urls")
LAMP = {"name": "Desk", "watts": 5}


@pytest.mark.django_db
def test_same_key_and_content_gets_the_first_answer_again(call):
    first = call("post", "/lamps", LAMP, idempotency="k1")
    again = call("post", "/lamps", '{ "watts": 5, "name": "Desk" }', idempotency="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db
def test_same_key_with_other_content_is_refused(call):
    call("post", "/lamps", LAMP, idempotency="k1")
    refused = call("post", "/lamps", {**LAMP, "watts": 6}, idempotency="k1")
    assert (refused.status_code, refused.json()["code"]) == (409, "http.idempotency_conflict")
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db
def test_content_cannot_be_guessed_from_its_digest(call):
    """A body with a phone number in it must not be found by hashing all phone numbers."""
    call("post", "/lamps", LAMP, idempotency="k1")
    kept = bytes(IdempotencyKey.objects.get().content_digest)
    content = b"POST\n/api/v1/lamps\n" + orjson.dumps(LAMP, option=orjson.OPT_SORT_KEYS)
    assert len(kept) == 32
    assert kept != hashlib.sha256(content).digest()
    # … and the guess above is right but for the key.
    assert kept == blind_index("http.idempotency.content", hashlib.sha256(content).hexdigest())


@pytest.mark.django_db
def test_keys_belong_to_a_caller_and_a_route(call):
    ids = {
        call("post", "/lamps", LAMP, idempotency="k1").json()["id"],
        call("post", "/lamps", LAMP, idempotency="k1", key="mk_other_secret").json()["id"],
        call("post", "/strict-lamps", LAMP, idempotency="k1").json()["id"],
    }
    assert len(ids) == 3


@pytest.mark.django_db(transaction=True)
def test_refusal_leaves_nothing_and_may_be_tried_again(call):
    refused = call("post", "/lamps", {**LAMP, "fails": True}, idempotency="k1")
    assert refused.status_code == 422
    assert refused.json()["title"] == "Only 5 W."
    assert not OutboxEvent.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert call("post", "/lamps", LAMP, idempotency="k1").status_code == 201


@pytest.mark.django_db
def test_key_is_checked(call):
    assert call("post", "/strict-lamps", LAMP).json()["code"] == "http.idempotency_key_needed"
    for bad in ("x" * 201, "schlüssel"):
        response = call("post", "/lamps", LAMP, idempotency=bad)
        assert response.json()["code"] == "http.idempotency_key_invalid"
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_key_from_32_threads_has_one_effect_and_one_answer(call):
    barrier = threading.Barrier(32)

    def post(_number: int) -> tuple[int, bytes]:
        try:
            barrier.wait(30)
            response = call("post", "/lamps", {**LAMP, "pause_ms": 100}, idempotency="k1")
            return response.status_code, response.content
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(post, range(32)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_second_request_does_the_work_when_the_first_rolls_back(call):
    began = threading.Event()

    def fail() -> None:
        try:
            began.set()
            call("post", "/lamps", {**LAMP, "pause_ms": 400, "fails": True}, idempotency="k1")
        finally:
            connection.close()

    thread = threading.Thread(target=fail)
    thread.start()
    began.wait(10)
    assert call("post", "/lamps", LAMP, idempotency="k1").status_code in {201, 409}
    thread.join()
    assert call("post", "/lamps", LAMP, idempotency="k1").status_code == 201
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_crash_before_the_reply_costs_only_the_reply(call, monkeypatch):
    class Crash(BaseException):
        """The process dies after the commit."""

    def dies(*_args: object, **_kwargs: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "HttpResponse", dies)
        with pytest.raises(Crash):
            call("post", "/lamps", LAMP, idempotency="k1")
    kept = OutboxEvent.objects.get()
    answer = call("post", "/lamps", LAMP, idempotency="k1")
    assert answer.status_code == 201
    assert answer.json()["id"] == str(kept.id)
    assert answer["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_keys_that_move_value_never_expire(call, frozen_clock):
    call("post", "/lamps", LAMP, idempotency="kept")
    call("post", "/strict-lamps", LAMP, idempotency="goes")
    frozen_clock.advance(hours=47)
    assert idempotency.prune() == 0
    frozen_clock.advance(days=3650)
    assert idempotency.prune() == 1
    assert IdempotencyKey.objects.get().key == "kept"


@pytest.mark.django_db
def test_stored_reply_about_a_member_is_sealed_and_erased_with_the_member():
    actor, member = system("test"), uuid7()
    create_data_keys([member], actor=actor)

    def once() -> Reply:
        return run_once(
            caller="api:x",
            route="members.enrol",
            key="k1",
            content=b"c",
            moves_value=False,
            work=lambda: Reply(201, b'{"phone":"13812345678"}', member),
        )

    first, again = once(), once()
    assert (again.body, again.is_replay) == (first.body, True)
    assert b"138" not in bytes(IdempotencyKey.objects.get().reply)
    destroy_data_key(member, actor=actor)
    with pytest.raises(ReplyErased):
        once()


@pytest.mark.django_db(transaction=True)
def test_idempotent_write_costs_two_statements_more(call, django_assert_num_queries):
    call("post", "/lamps", LAMP, idempotency="k0")  # leases tokens, remembers keys
    with django_assert_num_queries(1):
        call("post", "/lamps", LAMP)
    with django_assert_num_queries(3 + 2):  # BEGIN and COMMIT counted
        call("post", "/lamps", LAMP, idempotency="k1")
    assert dt.datetime.now(dt.UTC) > IdempotencyKey.objects.get(key="k1").recorded_at


@pytest.mark.django_db
def test_reply_reads_the_same_with_and_without_a_key(call):
    plain = call("post", "/clock", {"name": "x", "watts": 1}).json()
    keyed = call("post", "/clock", {"name": "x", "watts": 1}, idempotency="k1").json()
    assert plain == keyed == {"at": "2026-01-01T00:00:00.500000Z", "kilo": "0.235", "of": "a"}
