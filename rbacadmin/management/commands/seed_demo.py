"""`manage.py seed_demo`: three believable organizations to look around in. Run by `bin/serve --demo`."""

from random import Random
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from orgs.models import Organization
from rbacadmin.management.commands.bootstrap import bootstrap
from rbacadmin.management.demo.build import KEYS, SEED, build, try_what_is_refused
from rbacadmin.management.demo.cast import HOUSES
from rbacadmin.management.demo.past import spread
from rbacadmin.management.demo.turned_away import turn_away
from rbacadmin.management.demo.usage import spend_a_month
from rbacadmin.models import fold


class Command(BaseCommand):
    help = "Make the demo company: people, teams, keys and a month of usage. Does nothing when it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if Organization.objects.filter(alias_key=fold(HOUSES[0].alias)).exists():
            self.stdout.write("The demo company is there already.")
            return
        chance = Random(SEED)  # noqa: S311  (the same company each time, no secret)
        with transaction.atomic():  # all of it or nothing, and one write to disk
            bootstrap()
            made = build(chance, self.stdout.write)
            self.stdout.write(f"  {try_what_is_refused(made)} refused calls")
            self.stdout.write(f"  {spend_a_month(made, chance, spread(made, chance))} calls in a month")
            self.stdout.write(f"  {turn_away(made, chance)} counts of calls that the gateway turned away")
        self.stdout.write(f"The demo company is there: {len(made)} organizations, {KEYS} keys.")
