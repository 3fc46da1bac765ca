"""Run all benchmarks, or one with its options: `python -m benchmarks exploring --sizes 100000`."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = ("answering", "building", "crowding", "exploring", "pages", "pooling", "searching")


def main(arguments: list[str]) -> None:
    """Run what is named first, with the rest as its options; without a name, everything."""
    if arguments and arguments[0] not in NAMES:
        sys.exit(f"There is no benchmark “{arguments[0]}”; choose one of: {', '.join(NAMES)}.")
    for name in arguments[:1] or NAMES:
        import_module(f"benchmarks.{name}").run(arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
