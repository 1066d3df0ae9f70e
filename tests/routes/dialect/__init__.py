"""The rows of the dialects' routes, one file for each noun."""

from importlib import import_module
from pkgutil import iter_modules

from tests.routes.rule import Rule

DIALECT: dict[str, Rule] = {}
for found in iter_modules(__path__):
    DIALECT |= import_module(f"{__name__}.{found.name}").ROWS
