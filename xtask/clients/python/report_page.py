"""The page that `cutover report` writes, in a real browser: it asks nothing of anybody, it can be used without a mouse, without
a script and by a screen reader, as far as axe-core can tell."""

import functools
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading

from chromium import Chromium
from double import case, run

PROGRAM = os.environ["CUTOVER"]
AXE = pathlib.Path(os.environ["NODE_MODULES"], "axe-core", "axe.min.js").read_text()
FOLDER = pathlib.Path(tempfile.mkdtemp())
TAB, SPACE = "\ue004", " "


def cutover(arguments, code=0):
    """Runs the program in a folder of its own."""
    ended = subprocess.run([PROGRAM, *arguments.split()], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ended.returncode == code, f"{arguments}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"


class Pages(http.server.SimpleHTTPRequestHandler):
    """Serves the folder, and remembers what was asked for."""

    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        """Nothing is told of requests."""


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pages, directory=FOLDER))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def write_pages():
    """A run with loans, and a check of a tenant whose names are meant to do harm."""
    cutover("plan --world to-apply --state applied -o plan.json", 3)
    cutover("apply plan.json --world to-apply --state applied --yes")
    cutover("report --state applied -o run.html")
    cutover("facts --world hostile-names --state hostile -o facts.json")
    cutover("report --of facts.json -o check.html")


write_pages()
PLACE = serve()
CHROMIUM = Chromium(**{"goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}})
PAGES = ["run.html", "check.html"]


def devtools(command, **parameters):
    return CHROMIUM.post("goog/cdp/execute", {"cmd": command, "params": parameters})


def script(text):
    return CHROMIUM.post("execute/sync", {"script": text, "args": []})


def told(kind):
    return CHROMIUM.post("se/log", {"type": kind})


def sent():
    """Addresses that the page in the browser asked for since it was looked last; the browser's own pages are not ours."""
    events = [json.loads(entry["message"])["message"] for entry in told("performance")]
    requests = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return [request["request"]["url"] for request in requests if request["documentURL"].startswith(PLACE)]


def open_page(name):
    CHROMIUM.open("about:blank")
    told("browser"), told("performance")
    Pages.asked.clear()
    CHROMIUM.open(f"{PLACE}/{name}")


def keys(*pressed):
    """Keys of a keyboard, whatever has the focus."""
    actions = [{"type": kind, "value": key} for key in pressed for kind in ("keyDown", "keyUp")]
    CHROMIUM.post("actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})


@case
def no_request_leaves_the_page_and_nothing_is_complained_about():
    for name in PAGES:
        open_page(name)
        assert script("return document.title") and script("return document.querySelectorAll('tbody tr').length > 20")
        script("for (const details of document.querySelectorAll('details')) details.open = true")
        assert Pages.asked == [f"/{name}"], Pages.asked
        beyond = [url for url in sent() if url not in (f"{PLACE}/{name}", "data:,")]
        assert not beyond, beyond
        assert told("browser") == [], "the console says something"


@case
def nothing_that_a_tenant_named_becomes_markup():
    open_page("check.html")
    assert script("return document.scripts.length") == 1
    assert script("return document.querySelectorAll('img, iframe, object, embed, form, svg').length") == 0
    shown = script("return document.body.textContent")
    assert "<img src=x onerror=alert(2)>" in shown and "\\u{202e}" in shown, "the hostile names are not shown at all"


@case
def requirements_are_filtered_by_keyboard():
    for name in PAGES:
        open_page(name)
        for _ in range(60):
            if script("return document.activeElement.dataset.verdict"):
                break
            keys(TAB)
        verdict = script("return document.activeElement.dataset.verdict")
        assert verdict, "no filter can be reached with the tab key"
        assert script("return getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus cannot be seen"
        shown = (
            "const filter = document.activeElement.closest('.filter');"
            "const rows = [...document.getElementById(filter.dataset.table).tBodies[0].rows];"
            "return rows.filter((row) => row.checkVisibility()).map((row) => row.dataset.verdict)"
        )
        everything = script(shown)
        assert len(set(everything)) > 1
        keys(SPACE)
        assert script("return document.activeElement.getAttribute('aria-pressed')") == "true"
        assert script(shown) == [verdict] * everything.count(verdict)
        said = script("return document.getElementById(document.activeElement.closest('.filter').dataset.told).textContent")
        assert said.startswith(f"{everything.count(verdict)} of {len(everything)} "), said
        keys(SPACE)
        assert script(shown) == everything


@case
def everything_is_shown_without_a_script():
    devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        for name in PAGES:
            open_page(name)
            shown = CHROMIUM.post("elements", {"using": "css selector", "value": ".filter:not([hidden])"})
            assert not shown, "a filter that does nothing is shown"
            assert "W901" in CHROMIUM.text()
    finally:
        devtools("Emulation.setScriptExecutionDisabled", value=False)


@case
def axe_finds_no_violation_in_light_and_dark():
    for name in PAGES:
        for scheme in ["light", "dark"]:
            devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            open_page(name)
            script("for (const details of document.querySelectorAll('details')) details.open = true")
            body = f"{AXE}; const tell = arguments[arguments.length - 1]; axe.run().then(tell, (error) => tell(String(error)))"
            found = CHROMIUM.post("execute/async", {"script": body, "args": []})
            assert found["passes"], found
            faults = [(one["id"], one["help"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]
            assert not faults, f"{name}, {scheme}: {faults}"


run("report")
