"""The benchmarks there are. Each runs a workload and its reference side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

MODULES = {
    "api": "mallard.bench.api.benchmark",
    "ledger": "mallard.bench.ledger.benchmark",
    "pages": "mallard.bench.pages.benchmark",
    "receipts": "mallard.bench.receipts.benchmark",
}
"""Where each benchmark lives; imported when it is asked for, after Django is set up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a benchmark found, by workload.

    ``figures`` and ``reference`` in ``unit``; ``ratio`` is figure to reference (larger is better
    unless ``smaller_is_better``); ``goal`` what it should reach, for the workloads that have one.
    ``notes`` are printed as they are: the reference's SQL, row counts, who used the processor
    (``load``, from `machine.measured_load`).
    """

    name: str
    unit: str
    figures: dict[str, float]
    reference: dict[str, float]
    ratio: dict[str, float]
    goal: dict[str, float]
    notes: dict[str, Any] = field(default_factory=dict)
    smaller_is_better: bool = False

    def is_met(self, workload: str) -> bool:
        if self.smaller_is_better:
            return self.ratio[workload] <= self.goal[workload]
        return self.ratio[workload] >= self.goal[workload]

    @property
    def met(self) -> bool:
        return all(self.is_met(workload) for workload in self.goal)


Benchmark = Callable[..., Outcome]

# Those whose workload can be cut down for a quick look: they take ``part``.
DIVISIBLE = frozenset({"receipts"})


def load(name: str) -> Benchmark:
    """The function ``run`` of a benchmark's module."""
    benchmark: Benchmark = import_module(MODULES[name]).run
    return benchmark
