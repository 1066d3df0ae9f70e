"""`manage.py import_litellm --url URL`: bring in what a running LiteLLM knows about people, teams and keys."""

from collections.abc import Callable

from importing.found import Found
from importing.litellm.mapping import found_in
from importing.litellm.reading import read
from importing.source import Source
from rbacadmin.management.importing import ImportCommand


def reading(source: Source, progress: Callable[[str, int, int], None]) -> Found:
    return found_in(read(source, progress))


class Command(ImportCommand):
    help = "Bring in the organizations, teams, users, memberships and keys of a running LiteLLM."
    reading = staticmethod(reading)
    whose = "LiteLLM"
