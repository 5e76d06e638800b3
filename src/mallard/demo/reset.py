"""Throwing the demo away, to load it anew."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from mallard.demo.load import NotADemoError
from mallard.demo.models import DemoLoad
from mallard.world.malls.models import Group


def drop_everything() -> None:
    """Drop all tables; the caller migrates afterwards. Keys and files of the data folder stay.

    Rows cannot be deleted one by one: the ledger and the receipts refuse it, as they must.

    Raises:
        NotADemoError: the data here are not the demo's.
        django.db.OperationalError: other processes are using the tables.
    """
    if Group.objects.exists() and not DemoLoad.objects.exists():
        raise NotADemoError("this installation holds data that no demo has loaded")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    ContentType.objects.clear_cache()
