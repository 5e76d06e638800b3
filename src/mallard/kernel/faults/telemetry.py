"""Telling errors to Sentry and traces to an OpenTelemetry collector, when the operator says so.

Both are extras (`pip install "mallard-crm[sentry,otel]"`), imported only when their setting is set.
What is sent is built here from a few facts; what the libraries would gather by themselves (bodies,
headers, cookies, local variables, the machine's name, texts of exceptions) is switched off, and an
event that passes `scrubbed` keeps only what it lets through.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mallard.kernel.environment import Environment

if TYPE_CHECKING:
    from mallard.kernel.faults.noting import Facts

logger = logging.getLogger(__name__)
_FRAME = ("filename", "function", "lineno", "in_app")
_EVENT = ("event_id", "timestamp", "platform", "level", "release", "environment", "fingerprint")
_TAGS = ("kind", "route", "request_id")

_sentry: Any = None
_tracer: Any = None
_provider: Any = None


class ExtraMissing(RuntimeError):
    """A setting names a service whose package is not installed."""


def start(settings: Environment) -> None:
    """Begin to tell what the settings ask for. Raises `ExtraMissing`."""
    if settings.sentry_dsn is not None:
        _start_sentry(settings.sentry_dsn.get_secret_value())
    if settings.otel_endpoint:
        _start_otel(settings.otel_endpoint)


def stop() -> None:
    """Send what waits and tell nothing any more."""
    global _sentry, _tracer, _provider
    if _sentry is not None:
        _sentry.get_client().close(timeout=2.0)
        _sentry = None
    if _provider is not None:
        _provider.shutdown()
        _provider = _tracer = None


def _start_sentry(dsn: str) -> None:
    global _sentry
    try:
        import sentry_sdk
    except ImportError as error:
        raise ExtraMissing(
            "MALLARD_SENTRY_DSN is set, but its package is not installed: "
            'pip install "mallard-crm[sentry]"'
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        before_send=_before_send,
    )
    _sentry = sentry_sdk


def _before_send(event: Any, _hint: Any) -> Any:
    """What the library asks of each event before it leaves."""
    return scrubbed(event)


def _start_otel(endpoint: str) -> None:
    global _tracer, _provider
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ExtraMissing(
            "MALLARD_OTEL_ENDPOINT is set, but its packages are not installed: "
            'pip install "mallard-crm[otel]"'
        ) from error
    _provider = TracerProvider(
        resource=Resource({"service.name": "mallard"}), shutdown_on_exit=True
    )
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    _provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = _provider.get_tracer("mallard")


def scrubbed(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event with what may leave: type and place of the error, route and request id."""
    kept: dict[str, Any] = {name: event[name] for name in _EVENT if name in event}
    kept["tags"] = {
        name: value for name, value in (event.get("tags") or {}).items() if name in _TAGS
    }
    values = (event.get("exception") or {}).get("values") or []
    kept["exception"] = {
        "values": [
            {
                "type": one.get("type", ""),
                "stacktrace": {
                    "frames": [
                        {name: frame[name] for name in _FRAME if name in frame}
                        for frame in (one.get("stacktrace") or {}).get("frames") or []
                    ]
                },
            }
            for one in values
        ]
    }
    return kept


def error_met(facts: Facts) -> None:
    """Tell Sentry an error, from what is kept of it."""
    if _sentry is None:
        return
    from mallard.kernel.faults.noting import our_version

    _sentry.capture_event(
        {
            "level": "error",
            "release": f"mallard@{our_version()}",
            "fingerprint": [facts.fingerprint],
            "tags": {"kind": facts.kind, "route": facts.route, "request_id": facts.request_id},
            "exception": {
                "values": [
                    {
                        "type": facts.error,
                        "stacktrace": {"frames": [_frame(one) for one in facts.frames]},
                    }
                ]
            },
        }
    )


def _frame(text: str) -> dict[str, Any]:
    where, _space, function = text.partition(" ")
    filename, _colon, line = where.rpartition(":")
    return {
        "filename": filename,
        "function": function,
        "lineno": int(line) if line.isdigit() else 0,
        "in_app": filename.startswith("mallard/"),
    }


def request_done(
    *, method: str, route: str, status: int, request_id: str, began_ns: int, ended_ns: int
) -> None:
    """Tell the collector one request as a span. Route is the pattern, never the path."""
    if _tracer is None:
        return
    span = _tracer.start_span(
        f"{method} {route}",
        start_time=began_ns,
        attributes={
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "mallard.request_id": request_id,
        },
    )
    span.end(end_time=ended_ns)


def is_tracing() -> bool:
    """Whether a collector wants requests."""
    return _tracer is not None
