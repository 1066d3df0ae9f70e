"""What the two import commands share: their options, the key, progress, and the transaction of a dry run."""

import getpass
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from importing.bringing import bring
from importing.found import Found
from importing.keys import KEPT
from importing.run import Run
from importing.source import TIMEOUT, Source, SourceFailed
from importing.told import as_json, lines
from keys.models import Key
from keys.secrets import TAKEN_OVER_VERSION
from rbacadmin.policy import Actor, Origin

KEY_VARIABLE = "RBACADMIN_IMPORT_KEY"

Reading = Callable[[Source, Callable[[str, int, int], None]], Found]


class ImportCommand(BaseCommand):
    """`--url`, `--key`, `--dry-run`, `--update`, `--report`; `reading` is the other gateway's."""

    reading: Reading
    whose = ""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--url", required=True, help="where the other gateway answers")
        parser.add_argument(
            "--key",
            help=f"a key of its administrator; '-' reads it from standard input. Better: leave it out and set "
            f"{KEY_VARIABLE}, or be asked for it: what stands on a command line is in the list of processes",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would come, and write nothing")
        parser.add_argument("--update", action="store_true", help="change what is here already and differs")
        parser.add_argument("--report", type=Path, help="a file for the whole report, as JSON")
        parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds without an answer")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line for each page helps nobody here
        progress = Progress(self)
        try:
            with Source(options["url"], self.key(options["key"]), timeout=options["timeout"]) as source:
                if source.is_in_the_clear:
                    self.stderr.write(self.style.WARNING("http: the key crosses the network in the clear."))
                found = type(self).reading(source, progress)
        except SourceFailed as error:
            raise CommandError(f"{error} Nothing was written.") from None
        progress.end()
        run = Run(Actor.master(Origin(door="import")), found.report, progress, options["update"])
        if dry:
            with transaction.atomic():
                bring(run, found)
                transaction.set_rollback(True)
        else:
            bring(run, found)
        progress.end()
        for line in lines(found.report, dry=dry):
            self.stdout.write(line)
        if KEPT in found.report.secrets.values() and not settings.TAKEN_OVER_KEYS:
            self.stdout.write("Keys that keep their secret open nothing until RBACADMIN_TAKEN_OVER_KEYS=true.")
        if not dry and (foreign := Key.objects.filter(hash_version=TAKEN_OVER_VERSION).count()):
            self.stdout.write(f"Keys here that still have the secret of another gateway: {foreign:,}.")
        if options["report"]:
            options["report"].write_text(json.dumps(as_json(found.report, dry=dry), indent=2) + "\n")

    def key(self, given: str | None) -> str:
        """The key of the other gateway, which is neither shown nor logged anywhere."""
        if given == "-":
            return sys.stdin.readline().strip()
        if given:
            self.stderr.write(self.style.WARNING(f"--key stands in the list of processes; {KEY_VARIABLE} does not."))
            return given
        if found := os.environ.get(KEY_VARIABLE, ""):
            return found
        if not sys.stdin.isatty():
            raise CommandError(f"Set {KEY_VARIABLE}, or give --key - and the key on standard input.")
        return getpass.getpass(f"Key of the {self.whose} administrator: ")


class Progress:
    """One line that is written over on a terminal, and a line now and then elsewhere."""

    def __init__(self, command: BaseCommand, every: float = 5.0) -> None:
        self.out, self.every, self.last, self.open = command.stderr, every, time.monotonic(), False

    def __call__(self, what: str, done: int, of: int) -> None:
        terminal = self.out.isatty()
        if time.monotonic() - self.last < (0.1 if terminal else self.every) and not (terminal and done == of):
            return
        self.last, self.open = time.monotonic(), terminal
        self.out.write(f"\r{what}: {done:,} of {of:,}\x1b[K" if terminal else f"{what}: {done:,} of {of:,}", ending="")
        if not terminal:
            self.out.write("")

    def end(self) -> None:
        if self.open:
            self.out.write("")
            self.open = False
