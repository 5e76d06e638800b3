"""An import-linter contract: some modules of an app may be imported by that app only."""

from __future__ import annotations

from collections.abc import Iterable

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.imports import Module


class AllowedDoor(fields.Field[tuple[str, str]]):
    """``package -> name``: modules below ``package`` may import the private module ``name``."""

    def parse(self, raw_data: str | list[str]) -> tuple[str, str]:
        importer, _arrow, name = str(raw_data).partition("->")
        if not name:
            raise fields.ValidationError("write an allowed door as `package -> name`")
        return importer.strip(), name.strip()


class DoorsContract(Contract):
    """Modules named in ``private`` are imported by nobody outside their app.

    An app is the first three parts of a module's name (`mallard.world.members`). A private module
    may be a package; what is in it is private too. Tests may look anywhere: they play the callers.
    Packages in ``open`` have no doors: the kernel's modules are made to be used.
    """

    private = fields.ListField(subfield=fields.StringField())
    open = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    allowed = fields.ListField(subfield=AllowedDoor(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            (importer, imported, detail["line_number"])
            for module in sorted(graph.modules)
            if self._private_name(module)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not self._may(importer, module)
            for imported in [module]
            for detail in graph.get_import_details(importer=importer, imported=module)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        rows: Iterable[tuple[str, str, int]] = check.metadata["broken"]
        for importer, imported, line in rows:
            output.print_error(f"{importer}:{line} reaches behind the door: {imported}", bold=False)
        output.new_line()

    def _private_name(self, module: str) -> str | None:
        if any(Module(module).is_in_package(Module(package)) for package in self.open):  # type: ignore[attr-defined]
            return None
        parts = module.split(".")
        return parts[3] if len(parts) > 3 and parts[3] in self.private else None  # type: ignore[operator]

    def _may(self, importer: str, module: str) -> bool:
        if app_of(importer) == app_of(module) or ".tests." in importer:
            return True
        name = self._private_name(module)
        return any(
            name == door and Module(importer).is_in_package(Module(package))
            for package, door in self.allowed  # type: ignore[attr-defined]
        )


def app_of(module: str) -> str:
    """``mallard.world.members.pages`` → ``mallard.world.members``."""
    return ".".join(module.split(".")[:3])
