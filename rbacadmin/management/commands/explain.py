"""`manage.py explain PERSON ACTION [KIND OBJECT]`: may they, and why or why not?"""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from gateway.admission import refusal_of
from gateway.admission.load import RELATED
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import User

KINDS = {
    "organization": "orgs.Organization",
    "project": "orgs.Project",
    "team": "teams.Team",
    "user": "teams.User",
    "membership": "teams.Membership",
    "key": "keys.Key",
}


class Command(BaseCommand):
    help = "Say whether a person may do an action, with the reasons, what limits them and who could."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("person", help="id or e-mail")
        parser.add_argument("action", choices=Action.values, metavar="action", help="for example manage_members")
        parser.add_argument("kind", nargs="?", choices=KINDS, help="what kind of row it is about")
        parser.add_argument("object", nargs="?", help="id or name of the row")
        parser.add_argument("--model", help="with call_models and a key: which model, and which level refuses it")
        parser.add_argument("--json", action="store_true", help="the decision as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(User.named(options["person"])).first()
        if person is None:
            raise CommandError(f"No user '{options['person']}'.")
        row = self.row(options["kind"], options["object"]) if options["kind"] else None
        if options["model"]:
            self.tell_call(row, options["model"])
            return
        decision = policy.explain(Actor.for_user(person), Action(options["action"]), row, asker=Actor.master())
        if options["json"]:
            self.stdout.write(json.dumps(decision.as_dict(), indent=2))
            return
        self.stdout.write(decision.summary())
        for reason in decision.reasons:
            where = f" on {reason.scope[0]} {reason.scope[1]}" if reason.scope else ""
            until = f" until {reason.until.isoformat()}" if reason.until else ""
            self.stdout.write(f"  because: {reason.kind} {reason.name}{where}{until}")
        for limit in decision.limits:
            self.stdout.write(f"  held back: {limit.text}")
        for name in decision.who_could:
            self.stdout.write(f"  could: {name}")

    def tell_call(self, key: Any, model: str) -> None:
        """Whether a key may call a model now, and which level refuses it."""
        if not isinstance(key, Key):
            raise CommandError("--model goes with a key.")
        refusal = refusal_of(Key.objects.select_related(*RELATED).get(pk=key.pk), model)
        if refusal is None:
            self.stdout.write(f"{key.label} may call {model}.")
            return
        self.stdout.write(f"{key.label} may not call {model}: {refusal.message}")
        self.stdout.write(f"  refused by: {refusal.level} {refusal.level_id}, {refusal.status} {refusal.code}")

    def row(self, kind: str, ident: str | None) -> Any:
        model: Any = apps.get_model(KINDS[kind])
        found = model._default_manager.filter(model.named(ident or "")).first()
        if found is None and hasattr(model, "alias_key"):
            from rbacadmin.models import fold

            found = model._default_manager.filter(alias_key=fold(ident or "")).first()
        if found is None:
            raise CommandError(f"No {kind} '{ident}'.")
        return found
