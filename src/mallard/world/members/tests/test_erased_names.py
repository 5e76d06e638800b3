"""Who was erased can no longer be read in the database's own files after the night."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.environment import environment
from mallard.kernel.secrets.jobs import scrub_after_erasures
from mallard.world.members.services import erase_member
from mallard.world.members.tests.factories import SYSTEM, a_member

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "欧阳雪莹"
PARTS = [NAME[n : n + 2].encode() for n in range(len(NAME) - 1)]
FILES = """
    SELECT pg_relation_filepath(oid::regclass) FROM pg_class
    WHERE relname LIKE 'members_%%' AND pg_relation_filepath(oid::regclass) IS NOT NULL
"""


def files_with_a_part_of_the_name() -> list[Path]:
    server = Server(Layout(environment().home))
    with server.connect_as_superuser() as superuser:
        superuser.execute("CHECKPOINT")
    with connection.cursor() as cursor:
        cursor.execute(FILES)
        files = [server.layout.data / name for (name,) in cursor.fetchall()]
    return [file for file in files if any(part in file.read_bytes() for part in PARTS)]


def test_a_name_leaves_the_files_in_the_night_after_the_erasure() -> None:
    member = a_member(profile={"name": NAME})
    a_member(profile={"name": "王小明"})
    assert files_with_a_part_of_the_name(), "a search that finds nothing proves nothing"
    erase_member(member.pk, actor=SYSTEM)
    scrub_after_erasures()
    assert files_with_a_part_of_the_name() == []


def test_a_transaction_that_might_still_read_the_name_is_waited_for() -> None:
    """Such as the server's own, when it gathers statistics."""
    member = a_member(profile={"name": NAME})
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as other:
        other.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT count(*) FROM members_member")
        erase_member(member.pk, actor=SYSTEM)
        over = threading.Timer(1.5, lambda: other.execute("COMMIT"))
        over.start()
        scrub_after_erasures()
        over.join()
    assert files_with_a_part_of_the_name() == []
