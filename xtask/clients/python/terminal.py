"""cutover itself at a terminal of its own, and what the scripts that drive it there configure."""

import pathlib
import pty
import re
import select
import signal
import subprocess
import tempfile
import time

from double import *  # noqa: F403

PROGRAM = os.environ["CUTOVER"]
CONNECTION = f"""
[connection]
login = "{BASE}"
graph = "{BASE}"
dataverse = "{BASE}"
power_platform = "{BASE}"
partner_center = "{BASE}"
trusted_ca = '{os.environ["SSL_CERT_FILE"]}'
"""
CONFIG = f"""tenant = "{TENANT}"

[environment]
url = "https://contoso.crm4.dynamics.com"

[work365]
tier = 2
region = "eu"

[who]
borrower = "{ADMIN}"
service_account = "{SERVICE}"

[sign_in]
client_id = "{DESKTOP}"
"""


def at_a_terminal(its):
    """What a shell leaves to a program at a terminal: Ctrl-C ends it, whatever ran this script in the background."""
    os.set_inheritable(its, True)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """The program on a terminal of its own, in an empty folder of its own."""

    def __init__(self, arguments, **files):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        for name, text in files.items():
            (self.folder / f"{name}.toml").write_text(text)
        self.screen, ours = "", pty.openpty()
        self.keys, its = ours
        variables = {**os.environ, "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "BROWSER": "true"}
        self.program = subprocess.Popen(
            [PROGRAM, *arguments.split()],
            cwd=self.folder,
            env=variables,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            preexec_fn=lambda: at_a_terminal(its),
        )
        os.close(its)

    def see(self, wanted, seconds=60):
        """Waits until the screen shows something."""
        end = time.monotonic() + seconds
        while not (found := re.search(wanted, self.screen)):
            assert time.monotonic() < end, f"`{wanted}` does not come up in: {self.screen}"
            if select.select([self.keys], [], [], 0.1)[0]:
                try:
                    self.screen += os.read(self.keys, 65536).decode()
                except OSError:  # The program has ended.
                    assert re.search(wanted, self.screen), f"no `{wanted}` in: {self.screen}"
        return found

    def type(self, line):
        os.write(self.keys, f"{line}\n".encode())

    def answer(self, question, line):
        """Types an answer to a question that has not been asked before."""
        self.see(question)
        self.screen = ""
        self.type(line)

    def ends(self):
        self.see_rest()
        return self.program.wait(10)

    def see_rest(self):
        with contextlib.suppress(OSError):
            while part := os.read(self.keys, 65536):
                self.screen += part.decode()

    def files(self):
        return {path.name: path.read_text() for path in self.folder.rglob("*") if path.is_file()}
