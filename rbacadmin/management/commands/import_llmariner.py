"""`manage.py import_llmariner --url URL`: bring in what a running LLMariner knows about people, projects and keys."""

from importing.llmariner import read
from rbacadmin.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Bring in the organizations, projects, people, memberships and keys of a running LLMariner."
    reading = staticmethod(read)
    whose = "LLMariner"
