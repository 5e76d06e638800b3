"""What the log keeps as codes, in words. Apps give theirs in ``audit_words.py``, found at start::

words.of_actions({"members.member_enrolled": pgettext_lazy("audit", "Member enrolled")})
words.of_subjects({"member": pgettext_lazy("audit subject", "Member")})
words.of_rows("malls", {"store": pgettext_lazy("audit subject", "Store")})
words.of_actors({"expire points": pgettext_lazy("audit actor", "Expiry of points")})
words.of_fields({"due_at": pgettext_lazy("audit field", "Due")})
words.of_fields({"levels": pgettext_lazy("audit field", "Levels")}, app_label="loyalty")
words.of_values("role", role_name)
words.of_values("source", {"desk": _("Front desk")}, app_label="members")
    words.of_records({"store": words.attribute_of("malls.Store", "name")})

The values of a model's field with choices have its words without being told. A record is told by
what it is called, where it is the subject and where a key ends in ``store_id`` or ``store_ids``.
Words for one app's actions go before those for all. A code without words is shown as it is: an
entry of an app that is gone stays readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Words = str | Promise
Reading = Callable[[str], Words | None]

_actions: dict[str, Words] = {}
_subjects: dict[str, Words] = {}
_actors: dict[str, Words] = {}
# By app label ("" for all apps) and the key in `before` and `after`.
_fields: dict[tuple[str, str], Words] = {}
_values: dict[tuple[str, str], Reading] = {}
# By kind of subject; and the kind that a key means whose name does not say it.
_records: dict[str, Reading] = {}
_kinds: dict[str, str] = {}
# What becomes of a row of `audited_rows.Table`.
_ROW_VERBS = {
    "created": pgettext_lazy("audit", "%(subject)s created"),
    "changed": pgettext_lazy("audit", "%(subject)s changed"),
    "batch_saved": pgettext_lazy("audit", "%(subject)s: several saved"),
}
_rows: dict[str, tuple[str, str]] = {}


def of_actions(words: Mapping[str, Words]) -> None:
    """Words for action codes."""
    _actions.update(words)


def of_subjects(words: Mapping[str, Words]) -> None:
    """Words for kinds of subject."""
    _subjects.update(words)


def of_rows(app_label: str, words: Mapping[str, Words]) -> None:
    """Words for the subjects of `audited_rows` tables and for all that may become of a row."""
    of_subjects(words)
    for subject in words:
        for verb in _ROW_VERBS:
            _rows[f"{app_label}.{subject}_{verb}"] = (subject, verb)


def of_actors(words: Mapping[str, Words]) -> None:
    """Words for the labels of jobs, commands and machines, or for how they begin."""
    _actors.update(words)


def of_fields(words: Mapping[str, Words], *, app_label: str = "") -> None:
    """Words for the keys of `before` and `after`; for the actions of one app, or for all."""
    _fields.update({(app_label, code): said for code, said in words.items()})


def of_values(field: str, words: Mapping[str, Words] | Reading, *, app_label: str = "") -> None:
    """Words for the values of a key, or who can tell them (None: this one has no words)."""
    _values[app_label, field] = words if callable(words) else words.get


def of_records(names: Mapping[str, Reading], *, keys: Mapping[str, str] | None = None) -> None:
    """What a record is called by its id (None: it is gone), by kind of subject. ``keys`` are those
    of `before` and `after` that name such a record and do not say so: ``{"heir_id": "staff"}``."""
    _records.update(names)
    _kinds.update(keys or {})


def attribute_of(model: str, attribute: str) -> Reading:
    """Looks a record of ``model`` (``app.Model``) up by its id and takes an attribute of it."""

    def read(id_: str) -> str | None:
        try:
            row = apps.get_model(model)._default_manager.filter(pk=id_).first()
        except (ValueError, ValidationError):
            return None
        return None if row is None else str(getattr(row, attribute))

    return read


def record(kind: str, id_: str) -> str:
    """What a record is called; empty where nobody says or it is gone."""
    return str((_records[kind](id_) if kind in _records else None) or "")


def actions_saying(text: str) -> list[str]:
    """The codes of the actions whose words have ``text`` in them, in the reader's language."""
    sought = text.strip().casefold()
    return [code for code in (*_actions, *_rows) if sought in action(code).casefold()]


def actions() -> list[tuple[str, str]]:
    """Every action that has words, as code and words, by the words of the reader's language."""
    return _by_words((code, action(code)) for code in (*_actions, *_rows))


def subjects() -> list[tuple[str, str]]:
    """Every kind of subject that has words, likewise."""
    return _by_words((code, subject(code)) for code in _subjects)


def _by_words(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0]))


def knows_action(code: str) -> bool:
    return code in _actions or code in _rows


def knows_subject(code: str) -> bool:
    return code in _subjects


def knows_actor(label: str) -> bool:
    return label in _actors


def action(code: str) -> str:
    """An action as people read it."""
    if code in _actions:
        return str(_actions[code])
    if code in _rows:
        subject, verb = _rows[code]
        return str(_ROW_VERBS[verb]) % {"subject": _subjects[subject]}
    return code


def subject(code: str) -> str:
    """A kind of subject as people read it."""
    return str(_subjects.get(code, code))


def knows_field(action: str, code: str) -> bool:
    return (_app_of(action), code) in _fields or ("", code) in _fields


def field(action: str, code: str) -> str:
    """A key of `before` and `after` as people read it."""
    own = _fields.get((_app_of(action), code))
    return str(own or _fields.get(("", code), code))


def value(action: str, subject_type: str, field: str, code: str) -> str:
    """A value out of a list as people read it; empty when it has no words."""
    app_label = _app_of(action)
    for key in ((app_label, field), ("", field)):
        if key in _values and (said := _values[key](code)):
            return str(said)
    said = str(_choices(app_label, subject_type, field).get(code, ""))
    return said or record(_kind_of(field), code)


def _kind_of(field: str) -> str:
    """The kind of record that a key names, such as ``store`` for ``store_ids``."""
    return _kinds.get(field) or field.removesuffix("s").removesuffix("_id")


def _app_of(action: str) -> str:
    return action.partition(".")[0]


def _choices(app_label: str, subject_type: str, field: str) -> dict[str, Words]:
    """The choices of the app's fields of that name; of the subject's own model, if it has it."""
    config = apps.app_configs.get(app_label)
    found: dict[str, Words] = {}
    for model in config.get_models() if config else ():
        here = next((one for one in model._meta.concrete_fields if one.attname == field), None)
        if here is None or not here.choices:
            continue
        said = {str(code): label for code, label in here.flatchoices}
        if model.__name__.lower() == subject_type.replace("_", ""):
            return said
        found = said | found
    return found


def actor(label: str) -> str:
    """Who did it, where no person did: ``api key Till 3`` is "API key Till 3"."""
    if label in _actors:
        return str(_actors[label])
    for known, words in _actors.items():
        if label.startswith(f"{known} "):
            return f"{words} {label.removeprefix(known).strip()}"
    return label
