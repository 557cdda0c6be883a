"""Azure Identity for Python signs in to the double with each of its credentials, and meets what goes wrong."""

import os
import tempfile
import threading
import urllib.parse
import webbrowser

from azure.core import PipelineClient
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.core.rest import HttpRequest
from azure.identity import (
    AuthenticationRequiredError,
    AuthorizationCodeCredential,
    CertificateCredential,
    ChainedTokenCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    CredentialUnavailableError,
    DefaultAzureCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    InteractiveBrowserCredential,
    ManagedIdentityCredential,
    OnBehalfOfCredential,
    UsernamePasswordCredential,
    WorkloadIdentityCredential,
)

from double import *  # noqa: F403

HERE = {"authority": BASE, "disable_instance_discovery": True}
VARIABLES = [
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "AZURE_TENANT_ID",
    "AZURE_TOKEN_CREDENTIALS",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
]


def environment(**variables):
    for name in VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(variables)


def granted(credential, scope=GRAPH, **more):
    token = credential.get_token(scope, **more).token
    said = claims(token)
    assert said["aud"].rstrip("/") == scope.removesuffix("/.default").removesuffix("/User.Read"), said
    return token


def refused(credential, code, kind=ClientAuthenticationError):
    try:
        credential.get_token(GRAPH)
    except kind as error:
        assert f"AADSTS{code}" in error.message, error.message
        return error
    raise AssertionError(f"{credential} got a token")


@case
def client_secret():
    credential = ClientSecretCredential(TENANT, READER, READER_SECRET, **HERE)
    token = granted(credential)
    assert ask("/v1.0/users", token).status_code == 200
    before = token_requests()
    assert granted(credential) == token and token_requests() == before
    granted(credential, DATAVERSE)
    refused(ClientSecretCredential(TENANT, READER, "wrong", **HERE), 7000215)
    refused(ClientSecretCredential(TENANT, READER, EXPIRED_SECRET, **HERE), 7000222)


@case
def microsofts_own_names():
    with microsofts_names():
        token = granted(ClientSecretCredential(TENANT, READER, READER_SECRET))
        header = {"Authorization": f"Bearer {token}"}
        assert requests.get("https://graph.microsoft.com/v1.0/users", headers=header).status_code == 200


@case
def certificate():
    pem = (os.environ["READER_KEY"] + os.environ["READER_CERTIFICATE"]).encode()
    for chain in [False, True]:
        credential = CertificateCredential(TENANT, READER, certificate_data=pem, send_certificate_chain=chain, **HERE)
        assert claims(granted(credential))["appidacr"] == "2"
    refused(CertificateCredential(TENANT, SITE, certificate_data=pem, **HERE), 700027)


@case
def client_assertion():
    credential = ClientAssertionCredential(TENANT, READER, federated_token, **HERE)
    assert claims(granted(credential))["appid"] == READER
    for changes, code in [({"issuer": "https://x.example"}, 700211), ({"subject": "x"}, 700213)]:
        refused(ClientAssertionCredential(TENANT, READER, lambda: federated_token(**changes), **HERE), code)


@case
def workload_identity():
    environment(AZURE_AUTHORITY_HOST=BASE)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "token")

        def of(**changes):
            with open(path, "w") as file:
                file.write(federated_token(**changes))
            more = {"disable_instance_discovery": True, "token_file_path": path}
            return WorkloadIdentityCredential(tenant_id=TENANT, client_id=READER, **more)

        assert claims(granted(of()))["appid"] == READER
        refused(of(audience="api://other"), 700212)
        refused(of(seconds=-900), 700024)


@case
def environment_and_default():
    environment(
        AZURE_AUTHORITY_HOST=BASE,
        AZURE_TENANT_ID=TENANT,
        AZURE_CLIENT_ID=READER,
        AZURE_CLIENT_SECRET=READER_SECRET,
    )
    granted(EnvironmentCredential(disable_instance_discovery=True))
    granted(DefaultAzureCredential(disable_instance_discovery=True))
    environment()
    chained = ChainedTokenCredential(
        EnvironmentCredential(), ClientSecretCredential(TENANT, READER, READER_SECRET, **HERE)
    )
    granted(chained)


@case
def username_and_password():
    def of(name, password=PASSWORD):
        return UsernamePasswordCredential(DESKTOP, name, password, tenant_id=TENANT)

    # The client asks for the realm of a user at the port that every https address has.
    with microsofts_names():
        assert claims(granted(of(PLAIN)))["upn"] == PLAIN
        refused(of(PLAIN, "wrong"), 50126)
        refused(of(SERVICE), 50076)


@case
def device_code():
    def enter(uri, code, _expires):
        text = Browser().enter_code(uri, code, account(SERVICE), APPROVE, ACCEPT)
        assert "You have signed in" in text, text

    def decline(_uri, code, _expires):
        control("device-code", {"user_code": code, "decline": True})

    credential = DeviceCodeCredential(DESKTOP, tenant_id=TENANT, prompt_callback=enter, **HERE)
    assert claims(granted(credential))["amr"] == ["pwd", "mfa"]
    # The next resource comes of the refresh token: nobody is asked.
    assert claims(granted(credential, DATAVERSE))["upn"] == SERVICE
    refused(DeviceCodeCredential(DESKTOP, tenant_id=TENANT, prompt_callback=decline, **HERE), 70020)
    # A code that is pending when the time of the client is over.
    pending = DeviceCodeCredential(DESKTOP, tenant_id=TENANT, prompt_callback=lambda *_: None, timeout=1, **HERE)
    try:
        pending.get_token(GRAPH)
        raise AssertionError("nobody entered the code")
    except ClientAuthenticationError as error:
        assert "Timed out" in error.message or "AADSTS70016" in error.message, error.message


@case
def authorization_code():
    def code(redirect):
        query = {
            "client_id": DESKTOP,
            "response_type": "code",
            "redirect_uri": redirect,
            "scope": f"{GRAPH} offline_access",
        }
        url = f"{AUTHORITY}/oauth2/v2.0/authorize?{urllib.parse.urlencode(query)}"
        return Browser().visit(url, account(PLAIN))["code"]

    redirect = "http://localhost:50111"
    credential = AuthorizationCodeCredential(TENANT, DESKTOP, code(redirect), redirect, **HERE)
    assert claims(granted(credential))["upn"] == PLAIN
    refused(AuthorizationCodeCredential(TENANT, DESKTOP, "0.Cnever-issued", redirect, **HERE), 70000)
    other = AuthorizationCodeCredential(TENANT, DESKTOP, code(redirect), "http://localhost:50112", **HERE)
    refused(other, 500112)


class Scripted(webbrowser.BaseBrowser):
    """The machine's browser, as far as the credential can tell: it follows the page back to the loopback listener."""

    pressed = ()

    def open(self, url, new=0, autoraise=True):
        def person():
            browser = Browser()
            back = browser.visit(url, *self.pressed)
            redirect = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["redirect_uri"]
            browser.session.get(f"{redirect}?{urllib.parse.urlencode(back)}")

        threading.Thread(target=person, daemon=True).start()
        return True


@case
def interactive_browser():
    scripted = Scripted("scripted")
    webbrowser.register("scripted", None, scripted, preferred=True)
    scripted.pressed = (account(SERVICE), APPROVE)
    credential = InteractiveBrowserCredential(client_id=DESKTOP, tenant_id=TENANT, timeout=30, **HERE)
    assert claims(granted(credential))["amr"] == ["pwd", "mfa"]
    hinted = InteractiveBrowserCredential(client_id=DESKTOP, tenant_id=TENANT, login_hint=SERVICE, timeout=30, **HERE)
    granted(hinted)
    scripted.pressed = (("answer", "decline"),)
    declined = InteractiveBrowserCredential(client_id=DESKTOP, tenant_id=TENANT, timeout=30, **HERE)
    refused(declined, 65004)
    nobody = InteractiveBrowserCredential(
        client_id=DESKTOP, tenant_id=TENANT, disable_automatic_authentication=True, **HERE
    )
    try:
        nobody.get_token(GRAPH)
        raise AssertionError("nobody signed in")
    except AuthenticationRequiredError:
        pass


@case
def on_behalf_of():
    page = {
        "client_id": SITE,
        "response_type": "code",
        "redirect_uri": SITE_REDIRECT,
        "scope": f"{SITE}/.default",
        "prompt": "login",
    }
    url = f"{AUTHORITY}/oauth2/v2.0/authorize?{urllib.parse.urlencode(page)}"
    code = Browser().visit(url, account(PLAIN))["code"]
    form = {
        "client_id": SITE,
        "client_secret": SITE_SECRET,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": SITE_REDIRECT,
    }
    own = requests.post(f"{AUTHORITY}/oauth2/v2.0/token", data=form).json()["access_token"]
    # What the site may do for everybody an administrator says once.
    consent = {"client_id": SITE, "redirect_uri": SITE_REDIRECT, "scope": "https://graph.microsoft.com/.default"}
    url = f"{AUTHORITY}/v2.0/adminconsent?{urllib.parse.urlencode(consent)}"
    assert Browser().visit(url, account(ADMIN), ACCEPT)["admin_consent"] == "True"
    credential = OnBehalfOfCredential(TENANT, SITE, client_secret=SITE_SECRET, user_assertion=own, **HERE)
    said = claims(granted(credential))
    assert said["upn"] == PLAIN and said["scp"].split()[0] == "User.Read", said
    refused(OnBehalfOfCredential(TENANT, SITE, client_secret="wrong", user_assertion=own, **HERE), 7000215)
    refused(OnBehalfOfCredential(TENANT, SITE, client_secret=SITE_SECRET, user_assertion="a.b.c", **HERE), 50027)


@case
def managed_identity():
    environment(AZURE_POD_IDENTITY_AUTHORITY_HOST=BASE)
    assert claims(granted(ManagedIdentityCredential()))["appid"] == MACHINE
    assert claims(granted(ManagedIdentityCredential(client_id=WORKER)))["appid"] == WORKER
    try:
        ManagedIdentityCredential(client_id=SITE).get_token(GRAPH)
        raise AssertionError("there is no such identity")
    except (CredentialUnavailableError, ClientAuthenticationError) as error:
        assert "Identity not found" in error.message, error.message
    environment(IDENTITY_ENDPOINT=f"{BASE}/msi/token", IDENTITY_HEADER=IDENTITY_HEADER)
    assert claims(granted(ManagedIdentityCredential()))["appid"] == MACHINE
    environment()


@case
def claims_challenge():
    faults({"kind": "claims-challenge", "service": "graph", "path": "/v1.0/users"})
    secret = ClientSecretCredential(TENANT, READER, READER_SECRET, **HERE)
    first = granted(secret, enable_cae=True)
    demanded = challenge(ask("/v1.0/users", first))
    second = granted(secret, enable_cae=True, claims=demanded)
    assert second != first and ask("/v1.0/users", second).status_code == 200
    # The pipeline that every client library of Azure has does the same by itself.
    credential = ClientSecretCredential(TENANT, READER, READER_SECRET, **HERE)
    policy = BearerTokenCredentialPolicy(credential, GRAPH, enable_cae=True)
    client = PipelineClient(BASE, policies=[policy])
    request = HttpRequest("GET", f"{BASE}/v1.0/users", headers={"Host": "graph.microsoft.com"})
    before = len(control("log"))
    reply = client.send_request(request)
    assert reply.status_code == 200, reply.text()
    seen = [entry["status"] for entry in control("log")[before:] if entry["service"] == "graph"]
    assert seen == [401, 200], seen


run("azure-identity")
