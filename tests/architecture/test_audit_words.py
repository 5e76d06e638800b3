"""Whatever the code notes in the audit log is told in words."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.utils import translation

from mallard.kernel.audit import words
from mallard.kernel.settings.declaration import declared_settings
from mallard.value.watch.patterns import PATTERNS
from mallard.world.catalog import saving
from mallard.world.intake.models import RowAction
from mallard.world.members.services import fields, tags
from mallard.world.staff.handover import every_holdings
from tests.architecture.audit_keys import Source
from tools.setup import SOURCE, own_apps

SCOPE = ("is_group", "mall_ids", "tenant_ids", "store_ids")
SETTING = declared_settings()[0]

# Codes that are put together when the program runs: which they are, by the file that does it.
PUT_TOGETHER = {
    "kernel/jobs/services.py": {"jobs.job_retried", "jobs.job_cancelled"},
    "value/counter/services.py": {
        "counter.receipt_brought", "counter.receipt_refused", "counter.receipt_approved",
        "counter.receipt_declined",
    },
    "value/wallets/services.py": {
        "wallets.request_asked", "wallets.request_approved", "wallets.request_refused",
    },
    "world/catalog/saving.py": {"catalog.product_created", "catalog.product_changed"},
    "world/corrections/services.py": {
        "corrections.correction_accepted", "corrections.correction_declined",
    },
    "world/intake/services/running.py": {"intake.checked", "intake.done", "intake.stopped"},
    "world/lists/services.py": {"lists.members_added", "lists.members_removed"},
    "world/members/services/fields.py": {"members.field_retired", "members.field_restored"},
    "world/members/services/identities.py": {
        "members.identity_added", "members.identity_removed",
    },
    "world/phones/services.py": {
        "phones.change_asked", "phones.change_declined", "phones.change_done",
        "phones.change_ended",
    },
    "world/tasks/services/handling.py": {
        "tasks.task_taken", "tasks.task_assigned", "tasks.task_finished", "tasks.task_cancelled",
    },
}  # fmt: skip
# Hands on what it is given: the rows of tables, below.
HANDS_ON = {"kernel/audited_rows.py"}


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of a function of this name in the product, and the files they are in."""
    for path in sorted(SOURCE.rglob("*.py")):
        file = path.relative_to(SOURCE).as_posix()
        if {"tests", "migrations"} & set(path.parts) or file.startswith("bench/"):
            continue
        if name not in (text := path.read_text("utf-8")):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _name(node.func) == name:
                yield file, node


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def entries() -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Of each entry that is noted: the file, the action, the kind of subject."""
    for file, call in calls("record"):
        if len(call.args) >= 3 and file not in HANDS_ON:
            yield file, call.args[1], call.args[2]


def test_every_action_has_words() -> None:
    written = {(file, _constant(action)) for file, action, _subject in entries()}
    assert len(written) > 100
    put_together = {file for file, code in written if code is None}
    assert put_together == PUT_TOGETHER.keys()
    codes = {code for _file, code in written if code} | set().union(*PUT_TOGETHER.values())
    assert sorted(code for code in codes if not words.knows_action(code)) == []


# Keys that only the running program knows: which they are, by the file that notes them.
UNREAD: dict[str, Iterable[str]] = {
    # Any row of a table of named rows; asked of the models below.
    "kernel/audited_rows.py": (),
    "kernel/workspace/services/lists.py": (),
    # Sums by a measure and a place or month, shown as they are.
    "value/migration/services/signing.py": (),
    "value/watch/services/deciding.py": ("member_id", "staff_id", "till_id", "store_id"),
    # The thresholds of the patterns, which have labels.
    "value/watch/services/thresholds.py": [
        one.code for pattern in PATTERNS.values() for one in pattern.thresholds
    ],
    "world/catalog/saving.py": saving._COMPARED,
    "world/intake/services/running.py": [action.value for action in RowAction],
    "world/intake/services/undoing.py": [action.value for action in RowAction],
    "world/lists/services.py": (
        "name", "notes", "is_shared", "shared_roles", "is_filled_by_all", "shared_malls",
    ),
    # Days of the week have words, single days are dates.
    "world/malls/opening_services.py": [str(day) for day in range(1, 8)],
    # Of a member's custom fields the codes are the group's own.
    "world/members/services/fields.py": fields._KEPT,
    "world/members/services/tags.py": tags._KEPT,
    "world/staff/services/accounts.py": ("name", "language", "theme"),
    "world/staff/services/keys.py": SCOPE,
    "world/staff/services/leaving.py": [each.code for each in every_holdings()] + ["views", "keys"],
    "world/staff/services/looking.py": SCOPE,
    "world/staff/services/roles.py": SCOPE,
    "world/tasks/services/opening.py": (
        "kind", "member_id", "store_id", "mall_id", "assignee_id", "role", "due_at",
    ),
}  # fmt: skip
# Words that Chinese writes as English does.
ALIKE = {"CSV", "Excel", "English", "API"}


def sources() -> Iterator[tuple[str, Source]]:
    for path in sorted(SOURCE.rglob("*.py")):
        file = path.relative_to(SOURCE).as_posix()
        is_product = not {"tests", "migrations"} & set(path.parts) and not file.startswith("bench/")
        if is_product and "record(" in path.read_text("utf-8"):
            yield file, Source(path)


def is_chinese(words: str) -> bool:
    return words in ALIKE or any("\u4e00" <= letter <= "\u9fff" for letter in words)


def is_worded(action: str, key: str) -> bool:
    """In both languages: words of its own, which are Chinese where they should be."""
    with translation.override("zh-hans"):
        return words.knows_field(action, key) and is_chinese(words.field(action, key))


def test_every_key_before_and_after_has_words_in_both_languages() -> None:
    noted = {(f"{_label(file)}.", key) for file, keys in UNREAD.items() for key in keys}
    unread = set()
    for file, source in sources():
        noted |= {(action or f"{_label(file)}.", key) for action, key in source.noted()}
        if source.unread:
            unread.add(file)
    assert unread == UNREAD.keys()
    assert len(noted) > 200
    assert sorted(each for each in noted if not is_worded(*each)) == []


def test_every_column_of_a_named_row_has_words_in_both_languages() -> None:
    columns = {
        (f"{_label(file)}.", column.attname)
        for file, call in calls("Table")
        if call.args and _name(call.args[0]) in _models(_label(file))
        for column in apps.get_model(_label(file), _name(call.args[0]))._meta.concrete_fields
    }
    assert len(columns) > 50
    assert sorted(each for each in columns if not is_worded(*each)) == []


def test_every_choice_before_and_after_has_words_in_both_languages() -> None:
    told = 0
    for model in (model for app in own_apps() for model in app.get_models()):
        label, subject = model._meta.app_label, model.__name__.lower()
        for column in model._meta.concrete_fields:
            action = f"{label}.something_done"
            if not column.choices or not words.knows_field(action, column.attname):
                continue
            for code, _said in column.flatchoices:
                with translation.override("zh-hans"):
                    said = words.value(action, subject, column.attname, str(code))
                assert is_chinese(said), (label, column.attname, code, said)
                told += 1
    assert told > 200


def test_what_registries_name_is_told_by_their_names() -> None:
    with translation.override("zh-hans"):
        kind = words.value("tasks.task_opened", "task", "kind", "approval")
        part = words.value("privacy.copy_made", "member", "parts", "requests")
        pattern = words.value("watch.terms_set", "pattern_terms", "pattern", next(iter(PATTERNS)))
        role = words.value("staff.role_assigned", "staff", "role", "marketer")
        permission = words.value("staff.role_changed", "role", "permissions", "audit.view_entry")
        setting = words.value("settings.setting_changed", "setting", "code", SETTING.code)
    for said in (kind, part, pattern, role, permission, setting):
        assert is_chinese(said), said


def test_every_kind_of_subject_has_words() -> None:
    kinds = {code for _file, _action, subject in entries() if (code := _constant(subject))}
    assert len(kinds) > 25
    assert sorted(kind for kind in kinds if not words.knows_subject(kind)) == []


def test_every_table_of_named_rows_has_words() -> None:
    tables = [
        (_label(file), code)
        for file, call in calls("Table")
        if len(call.args) >= 2 and (code := _constant(call.args[1]))
        if _name(call.args[0]) in _models(_label(file))
    ]
    assert len(tables) > 12
    assert [
        f"{label}.{subject}_{verb}"
        for label, subject in tables
        for verb in ("created", "changed", "batch_saved")
        if not words.knows_action(f"{label}.{subject}_{verb}")
    ] == []


def _label(file: str) -> str:
    return file.split("/")[1]


def _models(label: str) -> set[str]:
    config = apps.app_configs.get(label)
    return {model.__name__ for model in config.get_models()} if config else set()


def test_every_job_and_command_has_words() -> None:
    labels = {
        label for _file, call in calls("system") if call.args and (label := _constant(call.args[0]))
    }
    assert len(labels) > 20
    assert sorted(label for label in labels if not words.knows_actor(label)) == []


def test_what_nobody_gave_words_is_shown_as_it_is() -> None:
    assert words.action("gone.thing_done") == "gone.thing_done"
    assert words.subject("gone_thing") == "gone_thing"
    assert words.actor("nobody") == "nobody"
    assert words.field("gone.thing_done", "thing") == "thing"
    assert words.value("gone.thing_done", "thing", "state", "broken") == ""
