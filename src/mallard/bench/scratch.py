"""A database for one benchmark run: on the same durable server, migrated, gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from mallard.kernel.database.embedded import running
from mallard.kernel.environment import environment


@contextmanager
def scratch_database() -> Iterator[dict[str, Any]]:
    """Django's default connection on a fresh, migrated database; yields psycopg's arguments for
    connections beside it. The server is the embedded one, or your own, with fsync as it is."""
    import django

    with running(environment()):
        django.setup()
        from django.core.management import call_command
        from django.db import connections

        settings = connections["default"].settings_dict
        kept, name = settings["NAME"], f"bench_{os.getpid()}"
        arguments = {
            "host": settings["HOST"],
            "port": settings["PORT"],
            "user": settings["USER"],
            "password": settings["PASSWORD"],
        }
        with psycopg.connect(**arguments, dbname="postgres", autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            connections.close_all()
            settings["NAME"] = name
            try:
                call_command("migrate", verbosity=0, interactive=False)
                yield arguments | {"dbname": name}
            finally:
                connections.close_all()
                settings["NAME"] = kept
                # Not WITH (FORCE): our role may not end an autovacuum worker, which PostgreSQL
                # itself sends away from a database that is to go.
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
