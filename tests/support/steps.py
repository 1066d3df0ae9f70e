"""What one does on a page to see what stands there afterwards; `deeds.py` puts these steps together."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Locator, Page

from teams.models import User
from tests.support.passkeys import passkey

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
    """With the first team that it is not shared with yet."""
    page.get_by_label("Team").select_option(index=1)
    page.get_by_label("Its members may").select_option("member")


def follow(selector: str) -> Deed:
    """The first such link in a table of the page."""
    return lambda page: page.goto(there(page.locator(f"main td {selector}")).first.get_attribute("href") or "")


def sure(page: Page) -> None:
    """Answer what is asked before something is done."""
    there(page.locator("#confirm button[type=submit]")).first.click()
    page.wait_for_load_state("networkidle")


def open_all(page: Page) -> None:
    """Everything that is folded."""
    there(page.locator("main details")).evaluate_all("all => all.forEach(one => { one.open = true })")


def look_as(page: Page) -> None:
    people = User.objects.filter(platform_role="internal_user").exclude(email=None).order_by("email")
    page.get_by_label("E-mail or id").fill(str(people[0].email))
    press("Look")(page)


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
            Authenticator.objects.create(user=user, type="webauthn", data=passkey("Laptop"))
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
