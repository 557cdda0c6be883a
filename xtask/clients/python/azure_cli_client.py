"""The Azure CLI signs in to the double, and asks Graph and Dataverse there what an administrator would ask."""

import os
import re
import subprocess
import sys
import tempfile

from double import *  # noqa: F403

FOLDER = tempfile.mkdtemp()
SIGN_IN = ["login", "--allow-no-subscriptions", "--tenant", TENANT]
AS_READER = [*SIGN_IN, "--service-principal", "--username", READER]


def environment(name, **more):
    """Variables of a command; settings and tokens lie in a folder of their own."""
    return {
        **os.environ,
        "AZURE_CONFIG_DIR": os.path.join(FOLDER, name),
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "AZURE_CORE_INSTANCE_DISCOVERY": "false",
        "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
        **more,
    }


def az(*words, where="registered", **more):
    """What a command prints, as JSON."""
    ended = subprocess.run(
        [sys.executable, "-m", "azure.cli", *words, "--output", "json"],
        capture_output=True,
        env=environment(where, **more),
        text=True,
        timeout=110,
    )
    assert ended.returncode == 0, f"az {words[0]}: {ended.stderr[-900:]}"
    return json.loads(ended.stdout) if ended.stdout.strip() else None


def refused(code, *words, **more):
    try:
        az(*words, **more)
    except AssertionError as error:
        assert f"AADSTS{code}" in str(error), error
        return
    raise AssertionError(f"az {words[0]} did what it should not")


def signed_in_device(*words, where):
    """A sign-in on a device; the code is entered by a scripted person."""
    command = [sys.executable, "-m", "azure.cli", *words, "--use-device-code", "--output", "json"]
    # The message with the code is a warning.
    variables = environment(where, AZURE_CORE_ONLY_SHOW_ERRORS="false")
    running = subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    told = ""
    for line in running.stderr:
        told += line
        code = re.search(r"enter the code ([A-Z0-9]{9})", line)
        if code:
            control("device-code", {"user_code": code[1], "user": ADMIN, "mfa": True})
            break
    out, more = running.communicate(timeout=100)
    assert running.returncode == 0, told + more
    return json.loads(out)


@case
def a_cloud_is_registered_by_its_resource_manager_alone():
    az("cloud", "register", "--name", "Double", "--endpoint-resource-manager", BASE)
    az("cloud", "set", "--name", "Double")
    known = az("cloud", "show")
    assert known["endpoints"]["activeDirectory"].rstrip("/") == BASE, known


@case
def an_application_signs_in_with_a_secret_and_asks_graph():
    (signed_in,) = az(*AS_READER, "--password", READER_SECRET)
    assert signed_in["user"] == {"name": READER, "type": "servicePrincipal"}, signed_in
    names = [user["userPrincipalName"] for user in az("ad", "user", "list")]
    assert ADMIN in names and PLAIN in names, names
    assert az("ad", "user", "show", "--id", PLAIN)["displayName"] == "Paula Plain"
    assert az("ad", "sp", "show", "--id", READER)["appId"] == READER
    skus = az("rest", "--url", f"{BASE}/v1.0/subscribedSkus", "--resource", f"{BASE}/")
    assert "DYN365_ENTERPRISE_SALES" in [sku["skuPartNumber"] for sku in skus["value"]], skus
    who = az("rest", "--url", f"{BASE}/api/data/v9.2/WhoAmI", "--resource", "https://contoso.crm4.dynamics.com/")
    assert who["OrganizationId"], who
    az("logout")


@case
def wrong_secrets_are_told():
    refused(7000215, *AS_READER, "--password", "wrong")
    refused(7000222, *AS_READER, "--password", EXPIRED_SECRET)


@case
def an_application_signs_in_with_a_certificate_or_for_an_issuer_elsewhere():
    path = os.path.join(FOLDER, "reader.pem")
    with open(path, "w") as file:
        file.write(os.environ["READER_KEY"] + os.environ["READER_CERTIFICATE"])
    az(*AS_READER, "--certificate", path)
    az("ad", "group", "list")
    az("logout")
    az(*AS_READER, "--federated-token", federated_token())
    az("logout")
    refused(700213, *AS_READER, "--federated-token", federated_token(subject="somebody else"))


@case
def a_person_signs_in_by_the_code_of_a_device():
    (signed_in,) = signed_in_device(*SIGN_IN, where="registered")
    assert signed_in["user"]["name"] == ADMIN, signed_in
    assert az("ad", "signed-in-user", "show")["userPrincipalName"] == ADMIN
    token = az("account", "get-access-token", "--resource", "https://contoso.crm4.dynamics.com/")
    assert claims(token["accessToken"])["amr"] == ["pwd", "mfa"]
    az("logout")


@case
def a_managed_identity_signs_in():
    variables = {"IDENTITY_ENDPOINT": f"{BASE}/msi/token", "IDENTITY_HEADER": IDENTITY_HEADER}
    az("login", "--allow-no-subscriptions", "--identity", **variables)
    names = az("ad", "user", "list", **variables)
    assert names
    az("logout")


@case
def a_person_signs_in_with_a_password_by_microsofts_own_names():
    with microsofts_names():
        variables = {"where": "real", "AZURE_CORE_INSTANCE_DISCOVERY": "true"}
        az(*SIGN_IN, "--username", PLAIN, "--password", PASSWORD, **variables)
        assert az("ad", "signed-in-user", "show", **variables)["userPrincipalName"] == PLAIN
        refused(50076, *SIGN_IN, "--username", SERVICE, "--password", PASSWORD, **variables)
        refused(50126, *SIGN_IN, "--username", PLAIN, "--password", "wrong", **variables)


run("azure-cli")
