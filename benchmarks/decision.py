"""What one warm decision costs in process: `python -m benchmarks.decision`.

The key has models, a budget, and limits of requests, tokens and parallel calls at all five levels: key, team member,
team, project, organization; the person's own rate limits bind besides. A database in memory, the shipped code.
"""

import os
import time
import timeit
from typing import Any

CALLS, ROUNDS = 20_000, 7
ROUTE = "/v1/chat/completions"
LIMITS: dict[str, Any] = {
    "models": ["bench"],
    "max_budget": 10**18,
    "rpm_limit": 10**9,
    "tpm_limit": 10**12,
    "max_parallel_requests": 10**9,  # calls that nobody settles stay in flight
}


def prepare(database: str = "sqlite://:memory:") -> str:
    """A world with one key in it, in an empty database; gives the key's secret."""
    import django

    os.environ["DATABASE_URL"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbacadmin.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from gateway.models import CatalogModel
    from keys import secrets
    from keys.models import Key
    from orgs.models import Organization, Project
    from teams.models import Membership, Team, User

    organization = Organization.objects.create(alias="bench", **LIMITS)
    team = Team.objects.create(alias="bench", organization=organization, **LIMITS)
    project = Project.objects.create(alias="bench", organization=organization, **LIMITS)
    user = User.objects.create_user("bench@example.com", rpm_limit=10**9)
    for scope, role, columns in (
        (organization, "internal_user", {}),
        (team, "user", {"team": team, **LIMITS}),
        (project, "member", {"project": project}),
    ):
        Membership.objects.create(user=user, group=scope.group, role=role, **{"organization": organization, **columns})
    secret = secrets.make("personal")
    place = {"team": team, "project": project, "organization": organization}
    Key.objects.create(user=user, token=secrets.digest(secret), hint=secret[-4:], **place, **LIMITS)
    CatalogModel.objects.create(name="bench", input_price=10**9, output_price=2 * 10**9)
    return secret


def gateway() -> str:
    """The secret of a gateway's key, which may report what calls used. After `prepare`."""
    from keys import secrets
    from keys.models import Key

    secret = secrets.make("gateway")
    Key.objects.create(kind=Key.Kind.GATEWAY, token=secrets.digest(secret), hint=secret[-4:])
    return secret


def measure(secret: str) -> dict[str, float]:
    """Microseconds of each step, CPU time, the best of several rounds."""
    from gateway import admission
    from gateway.ledger.recording import begin_again

    def decide() -> Any:
        now = time.time()
        return admission.admit(
            admission.authenticate(secret, now),
            model="bench",
            route=ROUTE,
            prompt_tokens=20,
            completion_tokens=200,
            most_open=10**9,
            now=now,
        )

    caller = admission.authenticate(secret)
    offer = decide().offer
    assert len(offer.purses) == 5, offer.held
    assert len(offer.meters) == 6, offer.meters

    def forgotten(work: Any) -> float:
        seconds = timeit.timeit(work, timer=time.thread_time, number=CALLS)
        from gateway.admission import decide as module

        for call in [*module.flying]:
            admission.release(call)
        begin_again()  # nobody writes here, and a buffer that is full admits nothing
        return seconds / CALLS * 1e6

    def admit() -> Any:
        return admission.admit(caller, model="bench", route=ROUTE, prompt_tokens=20, completion_tokens=200)

    steps = {
        "authenticate": lambda: admission.authenticate(secret),
        "admit": admit,
        "decision (both)": decide,
        "decision, released": lambda: admission.release(decide()),
        "decision, settled": lambda: admission.settle(decide(), prompt_tokens=20, completion_tokens=100),
    }
    return {name: min(forgotten(work) for _ in range(ROUNDS)) for name, work in steps.items()}


if __name__ == "__main__":
    for step, microseconds in measure(prepare()).items():
        print(f"{step:20} {microseconds:6.2f} us")
