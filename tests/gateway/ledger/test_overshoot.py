"""Four processes of sixteen callers each spend one budget on PostgreSQL: all of it and no nano-dollar more."""

import json
import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from benchmarks.overshoot import BUDGET
from gateway.models import Lease, Spend, Usage
from tests.support.server import ROOT

PROCESSES, THREADS = 4, 16
SPENDS = """
import json, sys, uuid
import django
django.setup()
from benchmarks.overshoot import leased
class Answers:
    def put(self, spent):
        print(json.dumps(spent), flush=True)
leased(uuid.UUID(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Answers())
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_budget_that_four_processes_share_is_used_and_not_overspent() -> None:
    budget_id = uuid.uuid4()
    Spend.objects.create(object_id=budget_id, kind="team", period_start=timezone.now())
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "rbacadmin.settings", "DATABASE_URL": database.geturl()}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SPENDS, str(budget_id), str(THREADS), str(seed)],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    try:
        told = [process.communicate(timeout=90)[0] for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    amounts, calls, _trips = zip(*(json.loads(text) for text in told), strict=True)
    spend = Spend.objects.get(object_id=budget_id)
    assert spend.current == spend.lifetime == sum(amounts) <= BUDGET
    assert sum(amounts) >= 0.97 * BUDGET, f"{100 * sum(amounts) / BUDGET:.1f} % used"
    assert (spend.reserved, Lease.objects.count()) == (0, 0), "nothing leaks"
    assert Usage.objects.count() == sum(calls)
