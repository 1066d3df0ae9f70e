"""What is asked before something happens to a person that cannot be taken back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.asking import Question
from teams.models import User


def back_to(person: User) -> str:
    return reverse("person-detail", args=(person.pk,))


def deletion(person: User) -> Question:
    return Question(
        _("Delete %(person)s?") % {"person": person.label},
        [_("They are signed out, and their keys stop working at once and for good."),
         _("They leave every organization, team and project."),
         _("Their name, their history and what they spent stay on record.")],
        _("Delete the person"), back_to(person), typed=person.label,
    )  # fmt: skip


def blocking(person: User) -> Question:
    return Question(
        _("Block %(person)s?") % {"person": person.label},
        [_("They are signed out and cannot sign in."), _("Their keys open nothing until they are unblocked."),
         _("Their memberships and limits stay.")],
        _("Block the person"), back_to(person), icon="ban",
    )  # fmt: skip


def reset(person: User) -> Question:
    return Question(
        _("Make %(person)s choose a new password?") % {"person": person.label},
        [_("The old password stops working and all sessions end at once, in terminals too. Their keys go on working."),
         _("You get a link to hand over. It is shown once, and opens the page where they choose a password.")],
        _("Reset the password"), back_to(person), icon="key-round", tone="primary",
    )  # fmt: skip


def sessions(person: User) -> Question:
    return Question(
        _("Sign %(person)s out everywhere?") % {"person": person.label},
        [_("Every browser and terminal in which they are signed in has to sign in again."),
         _("Their keys go on working.")],
        _("End all sessions"), reverse("person-sessions", args=(person.pk,)), icon="log-out",
    )  # fmt: skip


def factors(person: User) -> Question:
    return Question(
        _("Take away the second factors of %(person)s?") % {"person": person.label},
        [_("For somebody who has lost their device: from now on the password alone signs them in."),
         _("Recovery codes and passkeys go too, and all sessions end."),
         _("Make sure that it is really them who asks.")],
        _("Take them away"), reverse("person-sessions", args=(person.pk,)), icon="shield-off",
    )  # fmt: skip
