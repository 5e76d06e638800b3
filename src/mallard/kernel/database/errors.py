"""What can go wrong with the database server itself. Operators read these, in a terminal."""

from __future__ import annotations


class DatabaseServerError(Exception):
    """The embedded database cannot serve; the message says why and what to do."""


class ForeignMajor(DatabaseServerError):
    """The data folder was made by another major version of PostgreSQL."""

    def __init__(self, folder: str, found: str, wanted: int) -> None:
        super().__init__(
            f"The database in {folder} was made by PostgreSQL {found}; this Mallard brings "
            f"PostgreSQL {wanted} and leaves it untouched. Dump it with the Mallard that made it "
            "(`mallard pg-dump > mallard.sql`), move the folder away, and restore it with this "
            "one (`mallard psql < mallard.sql`); or run your own PostgreSQL and set "
            "MALLARD_DATABASE_URL."
        )


class ServerFailed(DatabaseServerError):
    """The server stopped while it was starting; carries the end of its log."""

    def __init__(self, log: str, tail: str) -> None:
        super().__init__(f"PostgreSQL did not start. The end of {log}:\n{tail}")


class ServerNotReady(DatabaseServerError):
    """The server is alive but did not answer in the time we were ready to wait."""
