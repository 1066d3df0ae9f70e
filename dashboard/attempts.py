"""What somebody tried and was refused, in words: the record names attempts by noun and verb, as `team.add_models`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

THINGS = {
    "access_group": gettext_lazy("a group of models"),
    "audit": gettext_lazy("the audit log"),
    "budget": gettext_lazy("a shared budget"),
    "customer": gettext_lazy("a customer"),
    "invitation": gettext_lazy("an invitation"),
    "jobs": gettext_lazy("maintenance jobs"),
    "key": gettext_lazy("a key"),
    "manifest": gettext_lazy("manifests"),
    "member": gettext_lazy("a member"),
    "model": gettext_lazy("a model"),
    "organization": gettext_lazy("an organization"),
    "person": gettext_lazy("a person"),
    "project": gettext_lazy("a project"),
    "settings": gettext_lazy("the settings"),
    "team": gettext_lazy("a team"),
    "usage": gettext_lazy("usage"),
    "user": gettext_lazy("a person"),
}
MAKE, CHANGE = gettext_lazy("make %(thing)s"), gettext_lazy("change %(thing)s")
PERMISSIONS = gettext_lazy("change what members of %(thing)s may do with keys")
TRIED = {
    "accept": gettext_lazy("accept %(thing)s"),
    "add": gettext_lazy("add %(thing)s"),
    "add_member_permissions": PERMISSIONS,
    "add_models": gettext_lazy("give models to %(thing)s"),
    "add_service": gettext_lazy("give a service account another key"),
    "apply": gettext_lazy("apply %(thing)s"),
    "block": gettext_lazy("block %(thing)s"),
    "change": CHANGE,
    "change_email": gettext_lazy("change the e-mail address of %(thing)s"),
    "change_password": gettext_lazy("set the password of %(thing)s"),
    "create": MAKE,
    "create_person": gettext_lazy("make a person in %(thing)s"),
    "delete": gettext_lazy("delete %(thing)s"),
    "delete_service_account": gettext_lazy("delete a service account"),
    "export": gettext_lazy("export %(thing)s"),
    "generate": MAKE,
    "generate_admin": gettext_lazy("make the key of an administrator"),
    "generate_gateway": gettext_lazy("make the key of a gateway"),
    "generate_service": gettext_lazy("make a service account"),
    "invite": gettext_lazy("invite %(thing)s"),
    "join": gettext_lazy("join %(thing)s"),
    "move": gettext_lazy("move %(thing)s"),
    "patch": CHANGE,
    "record": gettext_lazy("record %(thing)s"),
    "regenerate": gettext_lazy("renew the secret of %(thing)s"),
    "remove": gettext_lazy("remove %(thing)s"),
    "remove_factors": gettext_lazy("take away the second factor of %(thing)s"),
    "remove_models": gettext_lazy("take models from %(thing)s"),
    "rename_service_account": gettext_lazy("rename a service account"),
    "reset_spend": gettext_lazy("reset the spend of %(thing)s"),
    "review": gettext_lazy("review the members of a place"),
    "revise": CHANGE,
    "revoke": gettext_lazy("take back %(thing)s"),
    "revoke_sessions": gettext_lazy("end the sessions of %(thing)s"),
    "run": gettext_lazy("run %(thing)s"),
    "set_member_permissions": PERMISSIONS,
    "share": gettext_lazy("share %(thing)s"),
    "start_viewing": gettext_lazy("see the dashboard as another person"),
    "take_over": gettext_lazy("take over %(thing)s"),
    "trigger_password_reset": gettext_lazy("send %(thing)s a link for a new password"),
    "unblock": gettext_lazy("unblock %(thing)s"),
    "unshare": gettext_lazy("stop sharing %(thing)s"),
    "update": CHANGE,
}


def attempt(event: str) -> str:
    """`team.add_models` as "give models to a team"; what has no words of its own is told by its name."""
    noun, _dot, verb = event.partition(".")
    thing = THINGS.get(noun, noun.replace("_", " "))
    if verb in TRIED:
        return str(TRIED[verb]) % {"thing": thing}
    return _("%(verb)s: %(thing)s") % {"verb": verb.replace("_", " "), "thing": thing}
