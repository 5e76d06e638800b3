"""Every table that refers to a member is in the copy of their data, or left out with a reason."""

from __future__ import annotations

import pytest
from django.apps import apps

from mallard.world.members.copies import left_out, parts
from mallard.world.members.models import Member


def referring() -> list[str]:
    """Our models with a foreign key to a member, and the member's own."""
    return sorted(
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("mallard.")
        and (
            model is Member
            or any(field.related_model is Member for field in model._meta.concrete_fields)
        )
    )


def told() -> set[str]:
    return {model for part in parts() for model in part.models}


def test_there_are_models() -> None:
    assert {"members.Consent", "sales.Receipt", "ledger.Lot"} <= set(referring())


@pytest.mark.parametrize("model", referring())
def test_a_model_that_refers_to_a_member_is_in_the_copy_or_left_out(model: str) -> None:
    is_told, is_left_out = model in told(), bool(left_out().get(model, "").strip())
    assert is_told != is_left_out, f"{model}: register a Part in its app's copying.py, or leave_out"


def test_nothing_is_named_that_is_gone() -> None:
    known = {model._meta.label for model in apps.get_models()}
    assert (told() | set(left_out())) - known == set()
