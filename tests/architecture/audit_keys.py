"""Which keys the code puts into `before` and `after` of the audit log, as far as it can be read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Function = ast.FunctionDef
SIDES = ("before", "after")


@dataclass
class Source:
    """One file of the product. ``unread``: what only the running program knows."""

    path: Path
    functions: dict[str, Function] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    _open: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        tree = ast.parse(self.path.read_text("utf-8"))
        self.functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }

    def noted(self) -> set[tuple[str, str]]:
        """Action and key of everything that this file notes; the action is empty where it is put
        together when the program runs."""
        return {
            (_text(call.args[1]) or "", key)
            for function in self.functions.values()
            for call in _calls(function, "record")
            if len(call.args) >= 3
            for keyword in call.keywords
            if keyword.arg in SIDES
            for key in self._keys(keyword.value, function)
        }

    def _keys(self, node: ast.expr | None, function: Function) -> Iterator[str]:
        if node is None or isinstance(node, ast.Constant):
            return
        parts = _parts(node)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is None:
                    yield from self._keys(value, function)
                elif text := _text(key):
                    yield text
        elif parts:
            for part in parts:
                yield from self._keys(part, function)
        elif isinstance(node, ast.Call) and _name(node.func) == "dict" and not node.args:
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        elif isinstance(node, ast.Call) and _name(node.func) in self.functions:
            yield from self._answered(self.functions[_name(node.func)])
        elif isinstance(node, ast.Name):
            yield from self._named(node.id, function)
        else:
            self.unread.add(ast.unparse(node))

    def _answered(self, function: Function) -> Iterator[str]:
        if ("", function.name) in self._open:
            return
        self._open.add(("", function.name))
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                yield from self._keys(node.value, function)
        self._open.discard(("", function.name))

    def _named(self, name: str, function: Function) -> Iterator[str]:
        """The keys of a name: assigned here, or handed on by callers in this file."""
        if (name, function.name) in self._open:
            return
        self._open.add((name, function.name))
        values = [*_assigned(name, function)]
        for value in values:
            yield from self._keys(value, function)
        yield from _set_one_by_one(name, function)
        handed = list(self._handed(name, function))
        for value, caller in handed:
            yield from self._keys(value, caller)
        if not values and not handed:
            self.unread.add(f"{function.name}({name})")
        self._open.discard((name, function.name))

    def _handed(self, name: str, function: Function) -> Iterator[tuple[ast.expr, Function]]:
        arguments = [each.arg for each in function.args.args]
        if name not in arguments + [each.arg for each in function.args.kwonlyargs]:
            return
        for caller in self.functions.values():
            for call in _calls(caller, function.name):
                by_name = {keyword.arg: keyword.value for keyword in call.keywords}
                place = arguments.index(name) if name in arguments else len(call.args)
                if name in by_name:
                    yield by_name[name], caller
                elif place < len(call.args):
                    yield call.args[place], caller


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    return node.values if isinstance(node, ast.BoolOp) else []


def _assigned(name: str, function: Function) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for each, value in zip(target.elts, node.value.elts, strict=True):
                    if isinstance(each, ast.Name) and each.id == name:
                        yield value


def _set_one_by_one(name: str, function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == name
            and (key := _text(node.slice))
        ):
            yield key


def _calls(function: Function, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) == name:
            yield node


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
