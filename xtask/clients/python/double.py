"""What the scripts beside share: where the double is, how its driver reaches it, a browser, and how cases are told.

The client under test never sees anything of this module but addresses.
"""

import base64
import contextlib
import html.parser
import json
import logging
import os
import socket
import socketserver
import sys
import threading
import traceback
import urllib.parse

import requests

# Clients log the refusals that the cases ask for.
logging.disable(logging.CRITICAL)

BASE = os.environ["DOUBLE"]
TENANT = "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10"
AUTHORITY = f"{BASE}/{TENANT}"
GRAPH = "https://graph.microsoft.com/.default"
USER_READ = ["https://graph.microsoft.com/User.Read"]
DATAVERSE = "https://contoso.crm4.dynamics.com/.default"

READER = "c07e7000-0000-4000-8000-00000000000a"
READER_SECRET = "emulated-secret-of-cutover-reader"
EXPIRED_SECRET = "emulated-secret-that-has-expired"
DESKTOP = "de5c7000-0000-4000-8000-000000000001"
SITE = "51700000-0000-4000-8000-000000000002"
SITE_SECRET = "secret-of-the-site"
SITE_REDIRECT = "https://localhost/signed-in"
MACHINE = "3a5e0000-0000-4000-8000-000000000001"
WORKER = "3a5e0000-0000-4000-8000-000000000002"
IDENTITY_HEADER = "header-of-app-service"
ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/upgrade:environment:production"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

ADMIN = "admin@contoso.onmicrosoft.com"
SERVICE = "svc-work365@contoso.onmicrosoft.com"
PLAIN = "plain@contoso.onmicrosoft.com"
PASSWORD = "open-sesame"


# --- the driver's side ---------------------------------------------------------------------------------------


def control(path, body=None):
    """A request to the control port; what it answers, if anything."""
    url = f"{BASE}/_emulator/{path}"
    reply = requests.get(url) if body is None else requests.post(url, data=json.dumps(body))
    assert reply.ok, f"{path}: {reply.status_code} {reply.text}"
    return reply.json() if reply.content else None


def faults(*active):
    control("faults", list(active))


def federated_token(**changes):
    """A token of the issuer that the reader's registration trusts."""
    return control("federation/token", {"issuer": ISSUER, "subject": SUBJECT, **changes})["token"]


def token_requests():
    """How often a token endpoint was asked so far."""
    return sum(entry["target"].endswith("/token") for entry in control("log"))


def claims(token):
    """What a token says."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def ask(path, token):
    """A request of a resource."""
    return requests.get(
        f"{BASE}{path}", headers={"Authorization": f"Bearer {token}"}
    )


def challenge(reply):
    """The claims that a resource demands, as a client passes them on."""
    assert reply.status_code == 401, reply.text
    header = reply.headers["WWW-Authenticate"]
    assert 'error="insufficient_claims"' in header, header
    return base64.b64decode(header.split('claims="')[1].split('"')[0]).decode()


def revoke_sessions(of, token):
    reply = requests.post(
        f"{BASE}/v1.0/users/{of}/revokeSignInSessions",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert reply.ok, reply.text


# --- Microsoft's own names -----------------------------------------------------------------------------------


class Relay(socketserver.BaseRequestHandler):
    """A proxy for TLS through which every name and port leads to the double: its certificate is good for them."""

    def handle(self):
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(4096)
            if not part:
                return
            head += part
        assert head.startswith(b"CONNECT "), head
        there = urllib.parse.urlsplit(BASE)
        with socket.create_connection((there.hostname, there.port)) as double:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self.pump, args=(double, self.request), daemon=True)
            back.start()
            self.pump(self.request, double)
            back.join(5)

    @staticmethod
    def pump(source, target):
        try:
            while part := source.recv(65536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # One of the two went away.


class Relays(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True


@contextlib.contextmanager
def microsofts_names():
    """As long as it lasts, clients reach the double by the names Microsoft's services have."""
    with Relays(("127.0.0.1", 0), Relay) as relays:
        threading.Thread(target=relays.serve_forever, daemon=True).start()
        kept = os.environ.pop("NO_PROXY", None)
        os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{relays.server_address[1]}"
        try:
            yield
        finally:
            del os.environ["HTTPS_PROXY"]
            if kept is not None:
                os.environ["NO_PROXY"] = kept
            relays.shutdown()


# --- a browser without a window ------------------------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """The forms of a page: where each goes, and its fields and buttons."""

    def __init__(self, text):
        super().__init__()
        self.text, self.forms = text, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes["action"], "fields": {}, "buttons": []})
        elif tag == "input" and attributes.get("type") == "hidden":
            self.forms[-1]["fields"][attributes["name"]] = attributes["value"]
        elif tag == "button" and "name" in attributes:
            self.forms[-1]["buttons"].append((attributes["name"], attributes["value"]))


class Browser:
    """Presses the buttons of sign-in pages until it is sent back to an application."""

    def __init__(self):
        self.session = requests.Session()

    def visit(self, url, *pressed):
        """Opens a page, presses one button after another, and gives the fields the application is called back with;
        the text of the last page when it is not."""
        reply = self.session.get(url, allow_redirects=False)
        for button in pressed:
            page = Page(reply.text)
            form = next((form for form in page.forms if button in form["buttons"]), None)
            assert form, f"no button {button} on {page.text}"
            target = urllib.parse.urljoin(url, form["action"])
            reply = self.session.post(target, data={**form["fields"], button[0]: button[1]}, allow_redirects=False)
        return self.arrival(reply)

    def enter_code(self, url, code, *pressed):
        """Types the code of a device."""
        reply = self.session.post(url, data={"user_code": code})
        for button in pressed:
            form = next(form for form in Page(reply.text).forms if button in form["buttons"])
            reply = self.session.post(url, data={**form["fields"], button[0]: button[1]})
        return reply.text

    @staticmethod
    def arrival(reply):
        if reply.is_redirect:
            parts = urllib.parse.urlsplit(reply.headers["Location"])
            return dict(urllib.parse.parse_qsl(parts.query or parts.fragment))
        page = Page(reply.text)
        if page.forms and "state" in page.forms[0]["fields"]:
            return page.forms[0]["fields"]
        return page.text


APPROVE = ("mfa", "1")
ACCEPT = ("consent", "yes")


def account(name):
    return ("login", name)


# --- cases ---------------------------------------------------------------------------------------------------

CASES = []


def case(function):
    """Marks a case; its name is what it shows."""
    CASES.append(function)
    return function


def run(client):
    """Runs all cases, tells each in a line, and ends the process accordingly."""
    failed = 0
    for function in CASES:
        name = f"{client}: {function.__name__.replace('_', ' ')}"
        # A client that hangs must not hang whoever runs it.
        watch = threading.Timer(120, lambda: os._exit(9))
        watch.start()
        try:
            function()
            print(f"ok {name}", flush=True)
        except Exception as error:  # noqa: BLE001: whatever it is, it is told
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {str(error)[:600]!r}", flush=True)
            traceback.print_exc(file=sys.stderr)
        finally:
            watch.cancel()
            faults()
    sys.exit(1 if failed else 0)
