"""Chromium without a window, driven by WebDriver, for the scripts beside."""

import atexit
import json
import shutil
import socket
import subprocess
import tempfile
import time

import requests

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

    def __init__(self, **capabilities):
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
        wanted = {"acceptInsecureCerts": True, "goog:chromeOptions": options, **capabilities}
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
