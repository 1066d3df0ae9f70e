"""The mail that asks whether a new address is the person's own, where mail is configured."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from rbacadmin.conf import conf
from teams.models import User

logger = logging.getLogger(__name__)


def send_confirmation(user: User, address: str, token: str) -> None:
    """Send the link to the new address, and word of it to the old one. Mail that fails is logged, no more."""
    link = conf.base_url + reverse("own-address", args=(token,))
    context = {"person": user.label, "address": address, "link": link}
    text = render_to_string("account/email/address.txt", context)
    letters = [(gettext("Confirm your new e-mail address"), text, address)]
    if user.email:
        notice = render_to_string("account/email/address_asked.txt", context)
        letters.append((gettext("Your e-mail address is to be changed"), notice, user.email))
    for subject, body, to in letters:
        try:
            send_mail(subject, body, None, [to])
        except OSError as error:  # SMTPException is one
            logger.warning("mail about the address of %s was not sent: %s", user.pk, type(error).__name__)
