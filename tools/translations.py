"""Compiles the translations and says what is not translated.

``python -m tools.translations compile`` writes a ``.mo`` beside each changed ``.po``;
``check`` compares the strings in the code with the Chinese catalogues. Neither needs gettext's
programs: Babel reads Python and catalogues, Django turns its templates into something Babel reads.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tools.setup import ROOT, SOURCE

LANGUAGE = "zh_Hans"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
LONE_PERCENT = re.compile(r"(?<!%)%(?:%%)*(?!%)")

# A message: its context, its singular, its plural ("" when it has none).
Key = tuple[str, str, str]


def catalogue_paths() -> list[Path]:
    """The `.po` files of every app."""
    return sorted(SOURCE.rglob("locale/*/LC_MESSAGES/*.po"))


def compile_catalogues() -> int:
    """Write the `.mo` beside each `.po` that is newer, in one step each; return how many."""
    written = 0
    for source in catalogue_paths():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        compiled = BytesIO()
        write_mo(compiled, read_catalogue(source))
        temporary = target.with_name(f"{target.name}.{os.getpid()}")
        temporary.write_bytes(compiled.getvalue())
        temporary.replace(target)
        written += 1
    return written


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def strings_in_code() -> dict[Key, str]:
    """Every translatable string of the product and where it stands first (`path:line`)."""
    found: dict[Key, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            for line, key in _messages(path.read_bytes()):
                found.setdefault(key, f"{path.relative_to(ROOT)}:{line}")
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.is_file():
            for line, key in _messages(_as_python(path)):
                found.setdefault(key, f"{path.relative_to(ROOT)}:{line}")
    return found


def _as_python(template: Path) -> bytes:
    """The template with all but its translatable strings blanked out, as gettext expects it."""
    from django.utils.translation.template import templatize

    lines = templatize(template.read_text("utf-8"), origin=str(template)).splitlines()
    # Indentation means nothing here but would to Babel's tokenizer.
    return "\n".join(line.strip() for line in lines).encode()


def _messages(source: bytes) -> Iterator[tuple[int, Key]]:
    for line, message, _comments, context in extract("python", BytesIO(source), KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        yield line, (context or "", singular, plural)


def problems() -> list[str]:
    """A line for everything that is wrong with the Chinese catalogues."""
    wanted = strings_in_code()
    translated: dict[Key, Message] = {}
    places: defaultdict[Key, list[Path]] = defaultdict(list)
    lines = []
    for path in catalogue_paths():
        if path.parent.parent.name != LANGUAGE:
            continue
        for message in read_catalogue(path):
            if not message.id:
                continue
            key = _key(message)
            where = path.relative_to(ROOT)
            places[key].append(where)
            lines += [f"{where}: {fault}: {key[1]!r}" for fault in _faults(message)]
            if key not in wanted:
                lines.append(f"{where}: no longer in the code: {key[1]!r}")
            other = translated.setdefault(key, message)
            if other.string != message.string:
                lines.append(f"{where}: {key[1]!r} has another translation in {places[key][0]}")
    lines += [
        f"{where}: not translated: {key[1]!r}"
        for key, where in wanted.items()
        if key not in translated
    ]
    return lines


def _key(message: Message) -> Key:
    singular, plural = message.id if isinstance(message.id, (tuple, list)) else (message.id, "")
    return (message.context or "", singular, plural)


def _faults(message: Message) -> Iterator[str]:
    given = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    strings = [string or "" for string in given]
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings):
        yield "empty"
        return
    originals = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    # Chinese has one form for all numbers, so it follows the plural.
    expected = sorted(set(PLACEHOLDER.findall(originals[-1])))
    for string in strings:
        if sorted(set(PLACEHOLDER.findall(string))) != expected:
            yield "placeholders differ"
        elif _is_filled(originals[-1]) and LONE_PERCENT.search(PLACEHOLDER.sub("", string)):
            yield "a percent sign that is meant must be doubled"


def _is_filled(original: str) -> bool:
    """Whether the code fills the string with ``%``, which reads every percent sign in it."""
    return any(found.startswith("%") for found in PLACEHOLDER.findall(original))


def main(command: str) -> int:
    if command == "compile":
        print(f"Translations: {compile_catalogues()} compiled")
        return 0
    from django.conf import settings

    if not settings.configured:  # the template lexer asks for settings, not for ours
        settings.configure()
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    print("Translations:", f"{len(found)} problems" if found else "complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
