"""Logs: one JSON object a line on standard error, with the request's id and nothing personal.

What a log line may hold is decided here, once: the event's name, the fields that our own code
passes as ``extra``, and for an exception its type and where it was raised. An exception's text is
left out, because libraries quote values in it ("Key (phone)=(138…) already exists").
"""

from __future__ import annotations

import datetime as dt
import logging
import logging.config
import traceback
from types import TracebackType
from typing import Any

import orjson

from mallard.kernel.http import context

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
# Third-party loggers whose messages and arguments may quote requests or rows.
_QUOTING = ("django", "axes", "ninja")
_MAX_FRAMES = 25


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        request_id = context.request_id.get()
        if request_id:
            line["request_id"] = request_id
        if not record.name.startswith(_QUOTING):
            line |= {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        elif isinstance(getattr(record, "status_code", None), int):
            line["status"] = record.__dict__["status_code"]
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__qualname__
            line["where"] = frames(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def _event(record: logging.LogRecord) -> str:
    if record.name.startswith(_QUOTING):
        # The template of the message, without its arguments.
        return str(record.msg)[:200] if isinstance(record.msg, str) else type(record.msg).__name__
    return record.getMessage()


def frames(trace: TracebackType | None) -> list[str]:
    """``module.py:12 function`` of the innermost frames."""
    summary = traceback.extract_tb(trace)[-_MAX_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in summary]


def configure(level: str) -> None:
    """Send every logger through the JSON formatter."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # A 404 or 405 is in the access log already.
                "django.request": {"level": "ERROR"},
                "django.db.backends": {"level": "WARNING"},
                "procrastinate": {"level": "WARNING"},
                # Says at every start that it can draw no bitmaps; ours are drawn as SVG.
                "pyBarcode": {"level": "WARNING"},
            },
        }
    )
