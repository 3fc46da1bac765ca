"""Run all benchmarks, or those named: `python -m benchmarks building`."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = ("building",)

if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        import_module(f"benchmarks.{name}").run()
