"""Background jobs: declared in an app's ``jobs.py``, kept in PostgreSQL, run by `worker`."""

from mallard.kernel.jobs.declaration import job, periodic

__all__ = ["job", "periodic"]
