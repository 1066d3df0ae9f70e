"""LOG-01: everybody may sign in to the dashboard; nobody else may look like them."""

import pytest
from django.test import Client

from rbacadmin.models import AuditEvent
from rbacadmin.policy.matrix import PERSONAS, table
from tests.matrix.calls import Cell
from tests.matrix.managed import changed, snapshot
from tests.world import World

CELLS = [pytest.param(persona, id=f"LOG-01-{persona}-{table()['LOG-01'].cells[persona]}") for persona in PERSONAS]
PASSWORD = "correct horse battery staple"


@pytest.mark.parametrize("persona", CELLS)
def test_cell(world: World, persona: str) -> None:
    client, cell = Client(), Cell(world, persona)
    assert client.get("/accounts/login/").status_code == 200, "anybody may reach the form"
    if cell.name is None:
        return
    user = type(cell.user).objects.get(pk=cell.user.pk)
    user.set_password(PASSWORD)
    user.save()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AuditEvent.objects.filter(actor_user_id=user.pk, outcome="done").count() == 1


@pytest.mark.parametrize("persona", [persona for persona in PERSONAS if persona != "anonymous"])
def test_a_wrong_password_signs_nobody_in(world: World, persona: str) -> None:
    rows, client, user = snapshot(), Client(), Cell(world, persona).user
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code in (200, 422)
    assert "_auth_user_id" not in client.session
    assert not changed(rows, snapshot())
