from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from mallard.kernel.access.actor import system
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets import erasures, register, ring, services
from mallard.kernel.secrets.errors import (
    AlreadyErased,
    RingKeyMissing,
    RingMismatch,
    RingMissing,
    Unreadable,
)
from mallard.kernel.secrets.models import Erasure, WrappedKey

pytestmark = pytest.mark.django_db
ACTOR = system("test")


def made(count: int = 1) -> list[UUID]:
    ids = [uuid7() for _n in range(count)]
    services.create_data_keys(ids, actor=ACTOR)
    return ids


def test_sealed_value_opens_under_its_own_key_and_context_only(ring_path):
    one, other = made(2)
    keys = services.open_keys([one, other])
    sealed = keys[one].seal(b"13812345678", "identity:1")
    assert b"138" not in sealed
    assert services.open_keys([one])[one].open(sealed, "identity:1") == b"13812345678"
    for key, context in ((keys[one], "identity:2"), (keys[other], "identity:1")):
        with pytest.raises(Unreadable):
            key.open(sealed, context)
    for damaged in (
        sealed[:-1],
        b"",
        b"\x02" + sealed[1:],
        sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:],
    ):
        with pytest.raises(Unreadable):
            keys[one].open(damaged, "identity:1")


def test_a_batch_of_keys_takes_few_statements(ring_path, django_assert_max_num_queries):
    made()  # the first key marks the ring; that is once, not per batch
    ids = [uuid7() for _n in range(500)]
    with django_assert_max_num_queries(5):
        keys = services.create_data_keys(ids, actor=ACTOR)
    assert set(keys) == set(ids)
    services.key_ring()
    with django_assert_max_num_queries(1):
        services.open_keys(ids)


def test_making_a_key_twice_keeps_the_first(ring_path):
    (one,) = made()
    sealed = services.open_keys([one])[one].seal(b"x", "c")
    again = services.create_data_keys([one, one], actor=ACTOR)
    assert again[one].open(sealed, "c") == b"x"


def test_wrapped_key_cannot_stand_in_for_another_member(ring_path):
    one, other = made(2)
    stolen = WrappedKey.objects.get(pk=one).wrapped
    WrappedKey.objects.filter(pk=other).update(wrapped=stolen)
    with pytest.raises(RingMismatch):
        services.open_keys([other])


def test_erasure_destroys_the_key_and_is_registered(ring_path, django_capture_on_commit_callbacks):
    (one,) = made()
    with django_capture_on_commit_callbacks(execute=True):
        assert services.destroy_data_key(one, actor=ACTOR)
    assert services.open_keys([one]) == {}
    assert Erasure.objects.get().subject_id == one
    assert set(register.mirrored()) == {one}
    with pytest.raises(AlreadyErased):
        services.create_data_keys([one], actor=ACTOR)
    assert not services.destroy_data_key(one, actor=ACTOR)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE secrets_erasure SET actor_label = ''",
        "DELETE FROM secrets_erasure",
        "TRUNCATE secrets_erasure",
    ],
)
def test_register_refuses_edits(ring_path, statement):
    services.destroy_data_keys(made(), actor=ACTOR)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Erasure.objects.count() == 1


def test_restored_database_forgets_again(ring_path, django_capture_on_commit_callbacks):
    one, other = made(2)
    with django_capture_on_commit_callbacks(execute=True):
        services.destroy_data_key(one, actor=ACTOR)
    # The database as an older backup has it: the key is there, the register does not know.
    restored = uuid7()
    services.create_data_keys([restored], actor=ACTOR)
    register.mirror([restored], services.clock.now())
    seen: list[list[UUID]] = []
    eraser = register.on_replay(lambda ids: seen.append(list(ids)))
    try:
        assert erasures.replay(actor=ACTOR) == 1
        assert erasures.replay(actor=ACTOR) == 0
    finally:
        register._erasers.remove(eraser)
    assert seen == [[restored]]
    assert set(services.open_keys([one, other, restored])) == {other}


def test_mirror_survives_a_torn_line_and_is_completed(ring_path):
    ids = made(3)
    services.destroy_data_keys(ids, actor=ACTOR)
    register.path().parent.mkdir(exist_ok=True)
    register.path().write_text('{"subject": "0198')
    assert erasures.complete_mirror() == 3
    assert erasures.complete_mirror() == 0
    assert set(register.mirrored()) == set(ids)


def test_rotation_rewraps_in_batches_and_everything_stays_readable(ring_path):
    ids = made(7)
    sealed = {id_: key.seal(b"x", "c") for id_, key in services.open_keys(ids).items()}
    index = services.blind_index("phone", "13812345678")
    assert services.rotate_ring() == 2
    assert [services.rewrap_batch(limit=3) for _n in range(4)] == [3, 3, 1, 0]
    assert set(WrappedKey.objects.values_list("ring_version", flat=True)) == {2}
    for id_, key in services.open_keys(ids).items():
        assert key.open(sealed[id_], "c") == b"x"
    assert services.blind_index("phone", "13812345678") == index


def test_blind_indexes_are_equal_for_equal_values_of_one_purpose(ring_path):
    assert services.blind_index("phone", "1") == services.blind_indexer("phone")("1")
    assert services.blind_index("phone", "1") != services.blind_index("phone", "2")
    assert services.blind_index("phone", "1") != services.blind_index("email", "1")
    assert len(services.blind_index("phone", "1")) == 32


def test_lost_ring_is_an_error_and_no_new_one_is_made(ring_path):
    made()
    ring_path.unlink()
    with pytest.raises(RingMissing, match="backup"):
        services.blind_index("phone", "1")
    assert not ring_path.exists()


def test_foreign_ring_is_noticed_before_it_finds_nothing(ring_path, monkeypatch):
    made()
    ring.replace_file(ring_path, ring.new_ring())
    with pytest.raises(RingMismatch):
        services.blind_index("phone", "1")


def test_older_copy_of_the_ring_lacks_the_newest_key(ring_path):
    made()
    old = ring.read(ring_path)
    services.rotate_ring()
    newer = made()
    ring.replace_file(ring_path, old)
    with pytest.raises(RingKeyMissing, match="version 2"):
        services.open_keys(newer)


@pytest.mark.django_db(transaction=True)
def test_rewrapping_does_not_wait_for_an_erasure(ring_path):
    ids = made(4)
    services.rotate_ring()
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                list(WrappedKey.objects.select_for_update().filter(pk=ids[0]))
                holding.set()
                release.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(20)
        assert services.rewrap_batch() == 3
    finally:
        release.set()
        thread.join()
    assert services.rewrap_batch() == 1
