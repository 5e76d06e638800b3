"""Words of tasks about members: sealed under the member's data key, opened for readers."""

from __future__ import annotations

from uuid import UUID

import orjson

from mallard.kernel.secrets.services import DataKey

Sealed = bytes | memoryview | None


def words_context(task_id: UUID) -> str:
    return f"tasks.words:{task_id}"


def outcome_context(task_id: UUID) -> str:
    return f"tasks.outcome:{task_id}"


def comment_context(comment_id: UUID) -> str:
    return f"tasks.comment:{comment_id}"


def seal_words(title: str, detail: str, key: DataKey, task_id: UUID) -> bytes | None:
    """Title and detail as one sealed value; None when there is nothing to keep."""
    if not title and not detail:
        return None
    return key.seal(orjson.dumps({"title": title, "detail": detail}), words_context(task_id))


def open_words(sealed: Sealed, key: DataKey | None, task_id: UUID) -> tuple[str, str]:
    """Title and detail; empty when they or their key are gone."""
    if sealed is None or key is None:
        return "", ""
    words = orjson.loads(key.open(bytes(sealed), words_context(task_id)))
    return words["title"], words["detail"]


def open_text(sealed: Sealed, key: DataKey | None, context: str) -> str:
    """An outcome or a comment; empty when it or its key is gone."""
    if sealed is None or key is None:
        return ""
    return key.open(bytes(sealed), context).decode()
