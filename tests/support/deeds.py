"""What stands on screen only after something was done: secrets, previews, outcomes, what opens, what went wrong.

Each deed begins on a screen of `screens.py` and is done once, with a narrow window. Done for pictures, not to test.
"""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Locator, Page

from teams.models import User

Deed = Callable[[Page], object]


class NotTheirs(Exception):
    """Whoever looks has no such button or field."""


FILE = "email,role\nada@larkspur.example.com,member\nlucas.moreau@larkspur.example.com,\nno address,\n"


def there(found: Locator) -> Locator:
    """What is on the page. Raises NotTheirs."""
    if not found.count():
        raise NotTheirs
    return found


def press(name: str) -> Deed:
    """The button or link in the page that is called this."""

    def pressed(page: Page) -> None:
        target = page.locator("main, dialog[open]").get_by_role("button", name=name, exact=True)
        link = page.locator("main, dialog[open]").get_by_role("link", name=name, exact=True)
        there(target.or_(link)).last.click()
        page.wait_for_load_state("networkidle")

    return pressed


def write(label: str, text: str) -> Deed:
    return lambda page: there(page.locator("main").get_by_label(label).and_(page.locator(":enabled"))).first.fill(text)


def tick(page: Page) -> None:
    for row in there(page.locator("td.tick input:enabled")).all()[:3]:
        row.check()


def look_around(page: Page) -> None:
    """What the page asks for is answered before its picture is taken."""
    page.keyboard.press("ControlOrMeta+k")
    page.locator("dialog[open] input").first.fill("re")
    page.wait_for_timeout(600)


def menu(page: Page) -> None:
    page.get_by_role("button", name="Menu").click()


def own_menu(page: Page) -> None:
    page.get_by_role("button", name="Account of").click()


def bring_in(page: Page) -> None:
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    press("Show what would happen")(page)


def share(page: Page) -> None:
    page.get_by_label("Team").select_option(index=1)
    page.get_by_label("Its members may").select_option("member")
    press("What will change")(page)


def change_role(page: Page) -> None:
    """The role of the last member, as it would be."""
    form = there(page.locator(".role-form")).last
    form.locator("select").evaluate(
        "one => { one.selectedIndex = (one.selectedIndex + 1) % one.length;"
        " one.dispatchEvent(new Event('change', { bubbles: true })) }"
    )
    form.get_by_role("button", name="What would change").click()
    page.locator("dialog[open]").wait_for()


def terminal(page: Page) -> None:
    from keys.terminals import begin

    waiting, _secret = begin("build-7.larkspur.example.com", "203.0.113.7")
    page.get_by_label("The code in your terminal").fill(waiting.user_code)
    press("Continue")(page)


def factors(path: str) -> Deed:
    """A page of one's second factors once there are some."""

    def shown(page: Page) -> None:
        from allauth.mfa.models import Authenticator
        from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        user = User.objects.get(pk=SessionStore(page.context.cookies()[0]["value"])[SESSION_KEY])
        if not user.authenticator_set.exists():
            TOTP.activate(user, generate_totp_secret())
            RecoveryCodes.activate(user)
            key = {"name": "Laptop", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
            Authenticator.objects.create(user=user, type="webauthn", data=key)
        first = user.authenticator_set.get(type="webauthn").pk
        page.goto(path.format(pk=first))

    return shown


def all_that_match(verb: str, go_on: bool = True) -> Deed:
    def done(page: Page) -> None:
        there(page.get_by_label("that match")).check()
        press(verb)(page)
        if go_on:
            page.get_by_label("To confirm").fill(page.locator("label[for=typed] code").inner_text())
            page.locator("#confirm button[type=submit]").first.click()
            page.get_by_text("Back to").wait_for(timeout=30_000)

    return done


DEEDS: dict[str, tuple[str, tuple[Deed, ...]]] = {
    "open-menu": ("home", (menu,)),
    "open-own-menu": ("home", (own_menu,)),
    "open-palette": ("home", (look_around,)),
    "key-created": ("key-new", (write("Name", "nightly report"), press("Make the key"))),
    "key-regenerated": ("key-regenerate", (press("Regenerate"),)),
    "project-service-key-created": ("project-service-key-new", (press("Make the key"),)),
    "key-wrong": ("key-edit", (write("Requests a minute", "-7"), write("Stops working at", "soon"), press("Save"))),
    "team-curl": ("team-edit", (press("Show as curl"),)),
    "team-preview": ("team-edit", (write("Requests a minute", "30"), press("What will change"))),
    "organization-preview": ("organization-edit", (write("Budget", "1"), press("What will change"))),
    "project-share-preview": ("project-share-new", (share,)),
    "team-members-wrong": ("team-members", (press("Add to the team"),)),
    "team-members-ticked": ("team-members", (tick,)),
    "team-members-role": ("team-members", (change_role,)),
    "team-members-removing": ("team-members", (tick, press("Remove the ticked"))),
    "keys-ticked": ("keys", (tick,)),
    "keys-blocked": ("keys", (tick, press("Block"))),
    "keys-all-asked": ("keys", (all_that_match("Block", go_on=False),)),
    "keys-all": ("keys", (all_that_match("Unblock"),)),
    "people-limits": ("people", (tick, press("Change"), write("Requests a minute", "5"), press("What will change"))),
    "organization-import-seen": ("organization-import", (bring_in,)),
    "account-terminal-answer": ("account-terminals", (terminal,)),
    "account-terminal-wrong": (
        "account-terminals",
        (write("The code in your terminal", "BCDF-GHJK"), press("Continue")),
    ),
    "account-factors-some": ("account-factors", (factors("/accounts/2fa/"),)),
    "account-passkeys-some": ("account-factors", (factors("/accounts/2fa/webauthn/"),)),
    "account-passkey-edit": ("account-factors", (factors("/accounts/2fa/webauthn/keys/{pk}/edit/"),)),
    "account-passkey-remove": ("account-factors", (factors("/accounts/2fa/webauthn/keys/{pk}/remove/"),)),
    "account-codes": ("account-factors", (factors("/accounts/2fa/recovery-codes/"),)),
    "account-codes-new": ("account-factors", (factors("/accounts/2fa/recovery-codes/generate/"),)),
    "account-totp-off": ("account-factors", (factors("/accounts/2fa/totp/deactivate/"),)),
    "account-reauthenticate": ("account-factors", (factors("/accounts/2fa/reauthenticate/"),)),
    "tasks-some": ("organization-import", (bring_in, lambda page: page.goto("/ui/tasks/"))),
}
