"""MSAL for Python signs in to the double in every way it knows, and meets what goes wrong."""

import json
import os

import msal
import requests

from double import *  # noqa: F403


def confidential(credential, client=READER, **more):
    return msal.ConfidentialClientApplication(
        client, client_credential=credential, authority=AUTHORITY, instance_discovery=False, **more
    )


def public(client=DESKTOP, authority=AUTHORITY, **more):
    return msal.PublicClientApplication(client, authority=authority, instance_discovery=False, **more)


def granted(result, audience="https://graph.microsoft.com"):
    assert "access_token" in result, result
    said = claims(result["access_token"])
    assert said["aud"].rstrip("/") == audience and said["tid"] == TENANT, said
    return said


def refused(result, error, *codes):
    assert result.get("error") == error and tuple(result.get("error_codes", ())) == codes, result
    return result


def certificate():
    private = os.environ["READER_KEY"]
    public_certificate = os.environ["READER_CERTIFICATE"]
    return {"private_key": private, "public_certificate": public_certificate}


# --- an application for itself -------------------------------------------------------------------------------


@case
def a_secret_gets_a_token_and_the_cache_keeps_it():
    app = confidential(READER_SECRET)
    assert granted(app.acquire_token_for_client([GRAPH]))["idtyp"] == "app"
    before = token_requests()
    granted(app.acquire_token_for_client([GRAPH]))
    assert token_requests() == before
    granted(app.acquire_token_for_client([DATAVERSE]), "https://contoso.crm4.dynamics.com")


@case
def wrong_and_expired_secrets_are_told_apart():
    refused(confidential("wrong").acquire_token_for_client([GRAPH]), "invalid_client", 7000215)
    refused(confidential(EXPIRED_SECRET).acquire_token_for_client([GRAPH]), "invalid_client", 7000222)
    unknown = confidential("x", client="00000000-0000-4000-8000-00000000dead")
    refused(unknown.acquire_token_for_client([GRAPH]), "unauthorized_client", 700016)
    nowhere = confidential(READER_SECRET).acquire_token_for_client(["https://nowhere.example/.default"])
    refused(nowhere, "invalid_resource", 500011)


@case
def a_certificate_proves_the_application():
    result = confidential(certificate()).acquire_token_for_client([GRAPH])
    assert granted(result)["appidacr"] == "2"


@case
def a_certificate_of_somebody_else_does_not():
    result = confidential(certificate(), client=SITE).acquire_token_for_client([GRAPH])
    refused(result, "invalid_client", 700027)


@case
def an_issuer_elsewhere_speaks_for_the_application():
    app = confidential({"client_assertion": lambda: federated_token()})
    assert granted(app.acquire_token_for_client([GRAPH]))["appid"] == READER
    for changes, code in [
        ({"issuer": "https://other.example"}, 700211),
        ({"audience": "api://other"}, 700212),
        ({"subject": SUBJECT.upper()}, 700213),
        ({"seconds": -900}, 700024),
    ]:
        app = confidential({"client_assertion": federated_token(**changes)})
        refused(app.acquire_token_for_client([GRAPH]), "invalid_client", code)


@case
def tenants_are_found_by_id_by_domain_and_by_issuer():
    for authority in [AUTHORITY, f"{BASE}/contoso.onmicrosoft.com"]:
        app = msal.ConfidentialClientApplication(
            READER, client_credential=READER_SECRET, authority=authority, instance_discovery=False
        )
        granted(app.acquire_token_for_client([GRAPH]))
    app = msal.ConfidentialClientApplication(
        READER, client_credential=READER_SECRET, oidc_authority=f"{AUTHORITY}/v2.0"
    )
    granted(app.acquire_token_for_client([GRAPH]))
    try:
        public(authority=f"{BASE}/nowhere.example").acquire_token_by_username_password(PLAIN, PASSWORD, USER_READ)
        raise AssertionError("a tenant that is not there was found")
    except ValueError as error:
        assert "90002" in str(error) or "nowhere.example" in str(error), error


@case
def everything_is_found_by_microsofts_own_names():
    with microsofts_names():
        for host in ["login.microsoftonline.com", "login.windows.net"]:
            app = msal.ConfidentialClientApplication(
                READER, client_credential=READER_SECRET, authority=f"https://{host}/{TENANT}"
            )
            token = app.acquire_token_for_client([GRAPH])["access_token"]
        header = {"Authorization": f"Bearer {token}"}
        assert requests.get("https://graph.microsoft.com/v1.0/users", headers=header).status_code == 200


# --- people --------------------------------------------------------------------------------------------------


def at_page(app, *pressed, scopes=USER_READ, redirect="http://localhost:50111", browser=None, **more):
    """Authorization code with PKCE: the page is driven by plain HTTP."""
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=redirect, **more)
    back = (browser or Browser()).visit(flow["auth_uri"], *pressed)
    return flow, back


def signed_in(app, who=PLAIN, *pressed, **more):
    flow, back = at_page(app, account(who), *pressed, **more)
    result = app.acquire_token_by_auth_code_flow(flow, back)
    granted(result)
    return result


@case
def a_person_signs_in_at_the_page_with_pkce():
    app = public()
    result = signed_in(app)
    assert result["id_token_claims"]["preferred_username"] == PLAIN
    assert claims(result["access_token"])["amr"] == ["pwd"]
    (known,) = app.get_accounts()
    before = token_requests()
    granted(app.acquire_token_silent(USER_READ, account=known))
    assert token_requests() == before


@case
def a_second_factor_is_asked_for_at_the_page():
    result = signed_in(public(), SERVICE, APPROVE)
    assert claims(result["access_token"])["amr"] == ["pwd", "mfa"]
    _, text = at_page(public(), account(SERVICE), ("mfa", "0"))
    assert "AADSTS500121" in text, text


@case
def consent_is_asked_for_at_the_page_and_may_be_declined():
    app = confidential(SITE_SECRET, client=SITE)
    flow, back = at_page(app, account(PLAIN), ("consent", "no"), redirect=SITE_REDIRECT)
    assert refused(app.acquire_token_by_auth_code_flow(flow, back), "access_denied")
    result = signed_in(app, PLAIN, ACCEPT, redirect=SITE_REDIRECT)
    assert claims(result["access_token"])["appidacr"] == "1"
    signed_in(app, PLAIN, redirect=SITE_REDIRECT)
    _, text = at_page(app, account(PLAIN), redirect=SITE_REDIRECT, scopes=["https://graph.microsoft.com/User.Read.All"])
    assert "AADSTS90094" in text, text


@case
def answers_come_in_query_fragment_and_form():
    for mode in ["query", "fragment", "form_post"]:
        app = public()
        flow, back = at_page(app, account(PLAIN), response_mode=mode)
        granted(app.acquire_token_by_auth_code_flow(flow, back))


@case
def hints_and_prompts_reach_the_page():
    browser = Browser()
    app = public(authority=f"{BASE}/organizations")
    flow, back = at_page(app, account(PLAIN), login_hint=PLAIN, domain_hint="contoso.onmicrosoft.com", browser=browser)
    granted(app.acquire_token_by_auth_code_flow(flow, back))
    # The browser remembers the person, unless it is told to ask anew.
    flow, back = at_page(app, prompt="none", browser=browser)
    granted(app.acquire_token_by_auth_code_flow(flow, back))
    for prompt in ["login", "select_account"]:
        _, text = at_page(app, prompt=prompt, browser=browser)
        assert "Pick an account" in text, text
    app = public()
    flow, back = at_page(app, prompt="none")
    refused(app.acquire_token_by_auth_code_flow(flow, back), "login_required")


@case
def a_code_serves_once_and_only_with_its_verifier():
    app = public()
    flow, back = at_page(app, account(PLAIN))
    stolen = {**flow, "code_verifier": "x" * 43}
    refused(app.acquire_token_by_auth_code_flow(stolen, back), "invalid_grant", 501481)
    granted(app.acquire_token_by_auth_code_flow(flow, back))
    refused(app.acquire_token_by_auth_code_flow(flow, back), "invalid_grant", 54005)


@case
def a_password_is_enough_where_nothing_more_is_demanded():
    # The client asks for the realm of a user at the port that every https address has.
    with microsofts_names():
        for tenant in [TENANT, "organizations"]:
            app = msal.PublicClientApplication(DESKTOP, authority=f"https://login.microsoftonline.com/{tenant}")
            assert granted(app.acquire_token_by_username_password(PLAIN, PASSWORD, USER_READ))["upn"] == PLAIN
            refused(app.acquire_token_by_username_password(PLAIN, "wrong", USER_READ), "invalid_grant", 50126)
            refused(app.acquire_token_by_username_password(SERVICE, PASSWORD, USER_READ), "invalid_grant", 50076)


def device(app):
    flow = app.initiate_device_flow(USER_READ)
    assert "user_code" in flow, flow
    return flow


def once(app, flow):
    """One look at the token endpoint."""
    return app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)


@case
def the_code_of_a_device_is_pending_until_a_scripted_person_enters_it():
    app = public()
    flow = device(app)
    refused(once(app, flow), "authorization_pending", 70016)
    control("device-code", {"user_code": flow["user_code"], "user": SERVICE, "mfa": True})
    assert granted(app.acquire_token_by_device_flow(flow))["amr"] == ["pwd", "mfa"]


@case
def the_code_of_a_device_is_entered_at_its_page():
    app = public()
    flow = device(app)
    text = Browser().enter_code(flow["verification_uri"], flow["user_code"], account(SERVICE), APPROVE, ACCEPT)
    assert "You have signed in" in text, text
    assert granted(app.acquire_token_by_device_flow(flow))["upn"] == SERVICE
    refused(once(app, flow), "invalid_grant", 54005)


@case
def whoever_asks_too_often_or_was_declined_is_told():
    app = public()
    flow = device(app)
    refused(once(app, flow), "authorization_pending", 70016)
    refused(once(app, flow), "slow_down", 70016)
    control("device-code", {"user_code": flow["user_code"], "decline": True})
    refused(once(app, flow), "authorization_declined", 70020)
    refused(once(app, {**flow, "device_code": "never-issued"}), "bad_verification_code", 70018)


@case
def a_refresh_token_serves_another_resource_and_is_followed_by_a_new_one():
    app = public()
    signed_in(app)
    (known,) = app.get_accounts()

    def kept():
        (token,) = app.token_cache.search("RefreshToken")
        return token["secret"]

    first = kept()
    result = app.acquire_token_silent([DATAVERSE], account=known)
    granted(result, "https://contoso.crm4.dynamics.com")
    assert kept() != first
    granted(app.acquire_token_silent(USER_READ, account=known, force_refresh=True))
    granted(app.acquire_token_by_refresh_token(first, USER_READ))
    refused(app.acquire_token_by_refresh_token("never-issued", USER_READ), "invalid_grant", 70000)


@case
def a_site_calls_on_as_the_person_who_called_it():
    site = confidential(SITE_SECRET, client=SITE)
    flow, back = at_page(site, account(PLAIN), redirect=SITE_REDIRECT, scopes=[f"{SITE}/.default"])
    own = site.acquire_token_by_auth_code_flow(flow, back)
    assert claims(own["access_token"])["aud"] == SITE, own
    site = confidential(SITE_SECRET, client=SITE)
    said = granted(site.acquire_token_on_behalf_of(own["access_token"], [GRAPH]))
    assert said["upn"] == PLAIN and said["appid"] == SITE, said
    foreign = signed_in(public())["access_token"]
    refused(site.acquire_token_on_behalf_of(foreign, [GRAPH]), "invalid_grant", 500131)
    wrong = confidential("wrong", client=SITE)
    refused(wrong.acquire_token_on_behalf_of(own["access_token"], [GRAPH]), "invalid_client", 7000215)


# --- continuous access evaluation ----------------------------------------------------------------------------


@case
def a_claims_challenge_is_answered_by_an_application():
    faults({"kind": "claims-challenge", "service": "graph"})
    unaware = confidential(READER_SECRET).acquire_token_for_client([GRAPH])
    assert ask("/v1.0/users", unaware["access_token"]).status_code == 200
    app = confidential(READER_SECRET, client_capabilities=["CP1"])
    first = app.acquire_token_for_client([GRAPH])["access_token"]
    demanded = challenge(ask("/v1.0/users", first))
    assert "nbf" in json.loads(demanded)["access_token"]
    second = app.acquire_token_for_client([GRAPH], claims_challenge=demanded)["access_token"]
    assert second != first and ask("/v1.0/users", second).status_code == 200


@case
def a_claims_challenge_is_answered_by_a_persons_refresh_token():
    app = public(client_capabilities=["CP1"])
    token = signed_in(app)["access_token"]
    assert claims(token)["xms_cc"] == ["CP1"]
    context = {"acrs": {"essential": True, "value": "c1"}}
    faults({"kind": "claims-challenge", "claims": context})
    demanded = challenge(ask("/v1.0/me", token))
    (known,) = app.get_accounts()
    plainly = app.acquire_token_silent(USER_READ, account=known)["access_token"]
    assert plainly == token, "without the challenge the cache answers"
    result = app.acquire_token_silent(USER_READ, account=known, claims_challenge=demanded)
    assert ask("/v1.0/me", result["access_token"]).status_code == 200


@case
def revoked_sessions_end_refresh_tokens_and_challenge_access_tokens():
    app = public(client_capabilities=["CP1"])
    result = signed_in(app)
    person = claims(result["access_token"])["oid"]
    admin = signed_in(public(), ADMIN, scopes=["https://graph.microsoft.com/User.RevokeSessions.All"])
    control("clock/advance", {"seconds": 2})
    revoke_sessions(person, admin["access_token"])
    demanded = challenge(ask("/v1.0/me", result["access_token"]))
    (known,) = app.get_accounts()
    silent = app.acquire_token_silent_with_error(USER_READ, account=known, claims_challenge=demanded)
    assert refused(silent, "invalid_grant", 50173)["suberror"] == "bad_token"
    control("clock/advance", {"seconds": 1})
    fresh = signed_in(app, claims_challenge=demanded)
    assert ask("/v1.0/me", fresh["access_token"]).status_code == 200


# --- managed identity ----------------------------------------------------------------------------------------


def identity(**variables):
    """A client on a resource of Azure that has these variables in its environment."""
    for name in ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_POD_IDENTITY_AUTHORITY_HOST"]:
        os.environ.pop(name, None)
    os.environ.update(variables)
    return lambda which: msal.ManagedIdentityClient(which, http_client=requests.Session())


@case
def a_virtual_machine_has_identities():
    client = identity(AZURE_POD_IDENTITY_AUTHORITY_HOST=BASE)
    system = client(msal.SystemAssignedManagedIdentity())
    result = system.acquire_token_for_client(resource="https://graph.microsoft.com")
    assert granted(result)["appid"] == MACHINE
    assert ask("/v1.0/users", result["access_token"]).status_code == 200
    worker = client(msal.UserAssignedManagedIdentity(client_id=WORKER))
    assert granted(worker.acquire_token_for_client(resource="https://graph.microsoft.com"))["appid"] == WORKER
    nobody = client(msal.UserAssignedManagedIdentity(client_id=SITE))
    refused(nobody.acquire_token_for_client(resource="https://graph.microsoft.com"), "invalid_request")


@case
def an_app_service_has_identities():
    client = identity(IDENTITY_ENDPOINT=f"{BASE}/msi/token", IDENTITY_HEADER=IDENTITY_HEADER)
    system = client(msal.SystemAssignedManagedIdentity())
    assert granted(system.acquire_token_for_client(resource="https://graph.microsoft.com"))["appid"] == MACHINE
    guess = identity(IDENTITY_ENDPOINT=f"{BASE}/msi/token", IDENTITY_HEADER="guess")
    system = guess(msal.SystemAssignedManagedIdentity())
    result = system.acquire_token_for_client(resource="https://graph.microsoft.com")
    assert "error" in result and "401" in result["error_description"], result


# Last, since time does not go back.
@case
def the_code_of_a_device_expires():
    app = public()
    flow = device(app)
    control("clock/advance", {"seconds": 900})
    refused(once(app, flow), "expired_token", 70019)


@case
def a_refresh_token_that_nobody_used_for_long_expires():
    app = public()
    flow, back = at_page(app, account(PLAIN))
    days = 24 * 3600
    reply = requests.post(
        f"{AUTHORITY}/oauth2/v2.0/token",
        data={
            "client_id": DESKTOP,
            "grant_type": "authorization_code",
            "code": back["code"],
            "redirect_uri": flow["redirect_uri"],
            "code_verifier": flow["code_verifier"],
        },
    ).json()
    control("clock/advance", {"seconds": 90 * days})
    refused(app.acquire_token_by_refresh_token(reply["refresh_token"], USER_READ), "invalid_grant", 700082)


run("msal")
