"""Which Python to build the environment from: the fastest of the right version on the PATH.

Two interpreters of one version differ by a third, by how they were compiled: a static one with
optimisation by profile (Debian's) against a shared one without (what `pyenv install` makes unless
told otherwise). Everything that Mallard does is faster or slower by that much, so it is measured.
The first on the PATH stays, unless another is clearly faster.

Run by whatever Python there is, before there is an environment: the standard library only.
Prints one path, or nothing when none will do; says on standard error why it is not the first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

NAMES = ("python3.11", "python3")
OLDEST, TOO_NEW = (3, 11), (3, 14)
CLEARLY = 0.85
"""A share of the first one's time; above it, the difference may be the hour's."""
PROBE = """
import sys, time
import ensurepip, venv  # without them it builds no environment
class Sum:
    def __init__(self, start): self.start = start
    def plus(self, more): return self.start + more
def work():
    kept = {}
    for each in range(20000):
        total = Sum(each)
        kept[each & 255] = total.plus(1)
        f"{each}-{total.start}".split("-")
times = []
for _ in range(7):
    before = time.process_time()
    work()
    times.append(time.process_time() - before)
print(*sys.version_info[:2], min(times), getattr(sys, "_base_executable", sys.executable))
"""


def candidates(path: str) -> Iterator[str]:
    """Every executable of one of `NAMES` in the folders of ``path``, each file once, in order."""
    seen = set()
    for name in NAMES:
        for folder in path.split(os.pathsep):
            found = os.path.join(folder, name)
            file = os.path.realpath(found)
            if folder and file not in seen and os.path.isfile(file) and os.access(file, os.X_OK):
                seen.add(file)
                yield found


def measured(executable: str) -> tuple[tuple[int, int], float, str] | None:
    """Version, seconds of the probe and the interpreter's own path (a shim leads to another);
    None for one that cannot build an environment."""
    try:
        answer = subprocess.run(
            [executable, "-I", "-c", PROBE], capture_output=True, text=True, timeout=30, check=True
        ).stdout
        major, minor, seconds, own = answer.split(maxsplit=3)
        return (int(major), int(minor)), float(seconds), own.strip()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def fastest(path: str) -> tuple[str, str] | None:
    """The interpreter to use, and why it is not the first one ("" when it is)."""
    seconds_of: dict[str, float] = {}
    wanted = None
    for executable in candidates(path):
        answer = measured(executable)
        if answer is None:
            continue
        version, seconds, own = answer
        if not OLDEST <= version < TOO_NEW or (wanted or version) != version:
            continue
        wanted = version
        seconds_of.setdefault(os.path.realpath(own), seconds)
    if not seconds_of:
        return None
    first = next(iter(seconds_of))
    best = min(seconds_of, key=seconds_of.__getitem__)
    if seconds_of[best] > CLEARLY * seconds_of[first]:
        return first, ""
    share = round(100 * (1 - seconds_of[best] / seconds_of[first]))
    return best, f"Python: {best}, which takes {share} % less time than {first}"


def main() -> None:
    chosen = fastest(os.environ.get("PATH", ""))
    if chosen is None:
        return
    interpreter, why = chosen
    if why:
        print(why, file=sys.stderr)
    print(interpreter)


if __name__ == "__main__":
    main()
