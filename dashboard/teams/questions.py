"""What is asked before a team is moved, reset or deleted: what goes along, and what stays."""

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.asking import Question
from teams.models import Team


def counted(team: Team) -> dict[str, str]:
    """How many members and keys the team has, in words."""
    members, keys = team.memberships.count(), team.keys.count()
    return {
        "members": ngettext("%(n)s member", "%(n)s members", members) % {"n": members},
        "keys": ngettext("%(n)s key", "%(n)s keys", keys) % {"n": keys},
    }


def move(team: Team, form: BaseForm) -> Question:
    consequences = [
        _("Its %(keys)s and %(members)s go along; their secrets and roles stay as they are.") % counted(team),
        _("Members become members of the new organization, and remain in the one they come from."),
        _("The team's limits must fit into the new organization's."),
        _("What it spent so far stays with the organization where it was spent."),
    ]
    return Question(
        _("Move %(team)s to another organization?") % {"team": team.label}, consequences, _("Move the team"),
        reverse("team-detail", args=(team.pk,)), icon="arrow-right", tone="primary", form=form,
    )  # fmt: skip


def moved(team: Team) -> str:
    """The message after a move."""
    if team.organization is None:
        return _("%(team)s stands in no organization now.") % {"team": team.label}
    return _("%(team)s is in %(organization)s now.") % {"team": team.label, "organization": team.organization.label}


def reset(team: Team) -> Question:
    return Question(
        _("Set the spend of %(team)s back to nothing?") % {"team": team.label},
        [_("The budget of the running period can be used once more."),
         _("What was spent in all stays on record, and so does this reset.")],
        _("Reset the spend"), reverse("team-detail", args=(team.pk,)), icon="rotate-ccw", tone="primary",
    )  # fmt: skip


def deletion(team: Team) -> Question:
    return Question(
        _("Delete %(team)s?") % {"team": team.label},
        [_("Its %(keys)s stop working at once and for good; its %(members)s leave it.") % counted(team),
         _("The people stay, and so do their other teams and keys."),
         _("Its name, its history and what it spent stay on record.")],
        _("Delete the team"), reverse("team-detail", args=(team.pk,)), typed=team.label,
    )  # fmt: skip
