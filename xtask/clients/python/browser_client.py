"""People sign in at the double's pages in a real browser: Chromium without a window, driven by WebDriver."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import webbrowser

import msal

from terminal import *  # noqa: F403

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Chromium:
    """A browser of its own, with nothing remembered from before."""

    def __init__(self):
        port = free_port()
        self.folder = tempfile.mkdtemp()
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        atexit.register(self.close)
        self.base = f"http://127.0.0.1:{port}"
        self.wait(lambda: requests.get(f"{self.base}/status").json()["value"]["ready"])
        options = {"args": [*FLAGS, f"--user-data-dir={self.folder}"]}
        if shutil.which("chromium"):
            options["binary"] = shutil.which("chromium")
        # The double's authority is nobody's business but the clients'.
        wanted = {"acceptInsecureCerts": True, "goog:chromeOptions": options}
        session = self.post("session", {"capabilities": {"alwaysMatch": wanted}})
        self.base = f"{self.base}/session/{session['sessionId']}"

    def close(self):
        self.driver.terminate()
        self.driver.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def post(self, path, body):
        reply = requests.post(f"{self.base}/{path}", data=json.dumps(body)).json()["value"]
        assert not (isinstance(reply, dict) and "error" in reply), reply
        return reply

    @staticmethod
    def wait(done):
        """Until something is so, which is looked at again and again."""
        for _ in range(300):
            try:
                if found := done():
                    return found
            except (AssertionError, requests.ConnectionError):
                pass
            time.sleep(0.1)
        raise AssertionError("it did not become so in half a minute")

    def open(self, url):
        self.post("url", {"url": url})

    def element(self, selector):
        found = self.wait(lambda: self.post("element", {"using": "css selector", "value": selector}))
        return next(iter(found.values()))

    def press(self, name, value):
        """Presses a button as soon as it is there."""
        button = self.element(f"button[name='{name}'][value='{value}']")
        self.post(f"element/{button}/click", {})

    def type_in(self, name, text):
        field = self.element(f"input[name='{name}']")
        self.post(f"element/{field}/value", {"text": text})
        self.post(f"element/{self.element('#next')}/click", {})

    def text(self):
        found = self.element("body")
        return requests.get(f"{self.base}/element/{found}/text").json()["value"]


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
