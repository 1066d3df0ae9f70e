"""One example for every route: a query where a GET needs one, a body for what writes. One file for each noun."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

READS: dict[str, str] = {}
WRITES: dict[str, dict[str, Any]] = {}
for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    READS |= module.READS
    WRITES |= module.WRITES
