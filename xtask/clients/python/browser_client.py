"""People sign in at the double's pages in a real browser: Chromium without a window, driven by WebDriver."""

import threading
import webbrowser

import msal

from chromium import Chromium
from terminal import *  # noqa: F403


class Machine(webbrowser.BaseBrowser):
    """The machine's browser is this one; a person presses these buttons in it."""

    def __init__(self, chromium, *pressed):
        super().__init__("chromium of this script")
        self.chromium, self.pressed = chromium, pressed

    def open(self, url, new=0, autoraise=True):
        def person():
            self.chromium.open(url)
            for button in self.pressed:
                self.chromium.press(*button)

        threading.Thread(target=person, daemon=True).start()
        return True


def interactive(chromium, *pressed, **more):
    """MSAL listens on loopback and lets the machine's browser open the page."""
    webbrowser.register("scripted", None, Machine(chromium, *pressed), preferred=True)
    app = msal.PublicClientApplication(DESKTOP, authority=AUTHORITY, instance_discovery=False)
    return app.acquire_token_interactive(USER_READ, timeout=60, **more)


CHROMIUM = Chromium()


@case
def a_person_signs_in_on_loopback_with_pkce():
    result = interactive(CHROMIUM, account(SERVICE), APPROVE)
    said = claims(result["access_token"])
    assert (said["upn"], said["amr"]) == (SERVICE, ["pwd", "mfa"]), said


@case
def the_browser_remembers_the_person_until_signed_out():
    assert claims(interactive(CHROMIUM)["access_token"])["upn"] == SERVICE
    result = interactive(CHROMIUM, account(PLAIN), prompt="select_account")
    assert claims(result["access_token"])["upn"] == PLAIN
    CHROMIUM.open(f"{BASE}/common/oauth2/v2.0/logout")
    assert "You signed out" in CHROMIUM.text()
    result = interactive(CHROMIUM, ("answer", "decline"))
    assert result["error"] == "access_denied", result


@case
def cutover_itself_signs_a_person_in():
    """The address that it shows is opened in this browser."""
    person = Terminal("whoami --sign-in browser", cutover=CONFIG + CONNECTION)
    address = person.see(r"(https://\S+/authorize\?\S+)").group(1)
    CHROMIUM.open(address)
    CHROMIUM.press(*account(SERVICE))
    CHROMIUM.press(*APPROVE)
    person.see(f"signed in: {SERVICE}")
    CHROMIUM.wait(lambda: "cutover" in CHROMIUM.text())
    person.ends()
    CHROMIUM.open(f"{BASE}/common/oauth2/v2.0/logout")
    assert "multifactor authentication: yes" in person.screen, person.screen
    assert "eyJ" not in person.screen and set(person.files()) == {"cutover.toml"}, person.screen


@case
def the_code_of_a_device_is_entered_at_its_page():
    app = msal.PublicClientApplication(DESKTOP, authority=AUTHORITY, instance_discovery=False)
    flow = app.initiate_device_flow(USER_READ)
    CHROMIUM.open(flow["verification_uri"])
    CHROMIUM.type_in("user_code", flow["user_code"])
    CHROMIUM.press(*account(SERVICE))
    CHROMIUM.press(*APPROVE)
    CHROMIUM.press(*ACCEPT)
    CHROMIUM.wait(lambda: "You have signed in" in CHROMIUM.text())
    assert claims(app.acquire_token_by_device_flow(flow)["access_token"])["upn"] == SERVICE


@case
def a_refusal_is_shown_to_the_person():
    app = msal.PublicClientApplication(DESKTOP, authority=AUTHORITY, instance_discovery=False)
    flow = app.initiate_auth_code_flow(["https://graph.microsoft.com/User.Read.All"], redirect_uri="http://localhost")
    CHROMIUM.open(flow["auth_uri"])
    CHROMIUM.press(*account(PLAIN))
    CHROMIUM.wait(lambda: "AADSTS90094" in CHROMIUM.text())


run("browser")
