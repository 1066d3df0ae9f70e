"""The mail that brings an invitation, where mail is configured. It is never needed: the link can be handed over."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from rbacadmin.conf import conf
from teams.models import Invitation

logger = logging.getLogger(__name__)


def path_of(secret: str) -> str:
    """The path of the page behind the link."""
    return reverse("invitation-accept", args=(secret,))


def send_invitation(invitation: Invitation, secret: str, *, expected: bool) -> None:
    """Send the link, or (to somebody who has an account) word of being added. Mail that fails is logged, no more."""
    if not conf.email_url or not invitation.user.email:
        return  # without a server, Django's mail is printed to the log: no place for a link
    place = invitation.team or invitation.project or invitation.organization
    link = conf.base_url + (path_of(secret) if expected else reverse("account_login"))
    context = {"place": place.alias if place else "", "link": link, "expected": expected}
    text = render_to_string("account/email/invitation.txt", context)
    try:
        send_mail(gettext("You are invited to rbacadmin"), text, None, [invitation.user.email])
    except OSError as error:  # SMTPException is one
        logger.warning("mail of invitation %s was not sent: %s", invitation.pk, type(error).__name__)
