from __future__ import annotations

import pickle
import uuid

from mallard.kernel.ids import uuid7


def test_an_identifier_is_a_uuid_like_any_other() -> None:
    made = uuid7()
    same = uuid.UUID(str(made))
    assert (made, hash(made), repr(made), made.is_safe) == (
        same,
        hash(same),
        repr(same),
        same.is_safe,
    )
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 our own


def test_identifiers_sort_by_when_they_were_made() -> None:
    made = [uuid7() for _ in range(5_000)]
    assert made == sorted(set(made))
