"""What tasks listen to."""

from __future__ import annotations

from mallard.kernel.outbox.events import consumers


def test_erasures_are_heard() -> None:
    assert "tasks.erasures" in {consumer.name for consumer in consumers()}
