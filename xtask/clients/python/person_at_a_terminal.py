"""A person at a terminal: cutover itself asks, waits, and is broken off with Ctrl-C."""

import signal
import tomllib

from terminal import *  # noqa: F403


@case
def init_writes_what_is_typed_and_asks_again_for_what_cannot_be():
    person = Terminal("init --offline --environment https://contoso.crm4.dynamics.com --connection c.toml", c=CONNECTION)
    person.answer("Tenant with", "no tenant")
    person.answer("neither a tenant id nor a domain", TENANT)
    person.answer("Application that signs in", "cutover")
    person.answer("is not a GUID", DESKTOP)
    person.answer("Who signs in", "both")
    person.answer("please answer one of: person, application", "person")
    person.answer("Partner tier", "three")
    person.answer("please answer one of: 1, 2", "1")
    person.answer("Data centre", "eu")
    person.answer("Person who acts as Global Administrator", "Alice")
    person.answer("is not a user principal name", ADMIN)
    person.answer("Account that Work 365 runs as", "")
    person.answer("Account that Work 365 works as", "")
    assert person.ends() == 0, person.screen
    written = tomllib.loads(person.files()["cutover.toml"])
    assert written["tenant"] == TENANT and written["who"]["borrower"] == ADMIN, written
    assert written["work365"] == {"tier": 1, "region": "eu"}, written
    assert written["who"]["application_user"] is True, written
    assert written["sign_in"] == {"client_id": DESKTOP, "method": "browser"}, written


@case
def init_asks_an_indirect_partner_for_no_account_in_partner_center():
    person = Terminal("init --offline --environment https://contoso.crm4.dynamics.com --connection c.toml", c=CONNECTION)
    person.answer("Tenant with", TENANT)
    person.answer("Application that signs in", DESKTOP)
    person.answer("Who signs in", "application")
    person.answer("Partner tier", "2")
    person.answer("Data centre", "eu")
    person.answer("Person who acts as Global Administrator", ADMIN)
    person.answer("Account that Work 365 runs as", SERVICE)
    assert person.ends() == 0, person.screen
    assert "Partner Center" not in person.screen, person.screen
    written = tomllib.loads(person.files()["cutover.toml"])
    assert written["work365"]["tier"] == 2 and "integration_account" not in written["who"], written
    # What proves an application says by which way it signs in.
    assert written["sign_in"] == {"client_id": DESKTOP}, written


@case
def init_leaves_the_way_out_where_the_environment_proves_an_application():
    os.environ["CUTOVER_CLIENT_SECRET"] = "s3cret"
    try:
        person = Terminal("init --offline --environment https://contoso.crm4.dynamics.com --connection c.toml", c=CONNECTION)
    finally:
        del os.environ["CUTOVER_CLIENT_SECRET"]
    person.answer("Tenant with", TENANT)
    person.answer("Application that signs in", DESKTOP)
    person.answer("Partner tier", "2")
    person.answer("Data centre", "eu")
    person.answer("Person who acts as Global Administrator", ADMIN)
    person.answer("Account that Work 365 runs as", "")
    assert person.ends() == 0, person.screen
    written = tomllib.loads(person.files()["cutover.toml"])
    assert written["sign_in"] == {"client_id": DESKTOP}, written


@case
def init_that_nobody_answers_ends_and_writes_nothing():
    person = Terminal("init --offline --environment https://contoso.crm4.dynamics.com")
    person.see("Tenant with")
    os.write(person.keys, b"\x04")  # Ctrl-D: the end of what is typed
    assert person.ends() == 1, person.screen
    assert "cutover.toml" not in person.files()


def breaks_off(arguments, wanted):
    """Ctrl-C while a sign-in is waited for: the program ends at once, and nothing lies about."""
    person = Terminal(arguments, cutover=CONFIG + CONNECTION)
    person.see(wanted)
    person.program.send_signal(signal.SIGINT)
    assert person.ends() != 0, person.screen
    assert "panicked" not in person.screen, person.screen
    assert set(person.files()) == {"cutover.toml"}, person.files().keys()


@case
def ctrl_c_ends_the_wait_for_a_code():
    breaks_off("whoami --sign-in device-code", "enter the code")


@case
def ctrl_c_ends_the_wait_for_the_browser():
    breaks_off("whoami --sign-in browser", "in the browser")


@case
def a_code_that_is_entered_signs_the_person_in():
    person = Terminal("whoami --sign-in device-code", cutover=CONFIG + CONNECTION)
    code = person.see(r"enter the code (\S+)").group(1)
    control("device-code", {"user_code": code, "user": ADMIN, "mfa": True})
    person.see(f"signed in: {ADMIN}")
    person.ends()
    assert "eyJ" not in person.screen and set(person.files()) == {"cutover.toml"}, person.screen


run("terminal")
