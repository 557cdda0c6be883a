//! Entra's error codes as sentences and next steps (Microsoft identity platform documentation; Microsoft's reference of
//! AADSTS error codes, which calls them subject to change).

/// What one AADSTS code means.
#[derive(Debug, PartialEq, Eq)]
pub struct Aadsts {
    /// The number without `AADSTS`.
    pub code: u32,
    /// What happened, a sentence fragment.
    pub meaning: &'static str,
    /// What the person does next.
    pub next_step: &'static str,
}

impl Aadsts {
    /// Whether signing in again is all that is to be done.
    pub(super) fn is_for_another_sign_in(&self) -> bool {
        self.next_step == SIGN_IN_AGAIN
    }
}

/// The first of `codes` that is known.
pub fn explain(codes: &[u32]) -> Option<&'static Aadsts> {
    codes
        .iter()
        .find_map(|code| TABLE.iter().find(|entry| entry.code == *code))
}

const SIGN_IN_AGAIN: &str = "Sign in again.";
const REGISTER: &str = "The account has no method of multifactor authentication: register one at https://aka.ms/mfasetup, then sign in again.";
const POLICY: &str = "Ask the administrator of Conditional Access which policy applies; the sign-in log names it.";
const CONSENT: &str =
    "Let an administrator grant the app's permissions in Entra (Enterprise applications, Permissions).";
const APP: &str = "Compare the app id and the tenant in the configuration with the app registration in Entra.";
const SECRET: &str = "Make a new client secret in the app registration and set its value, not its id.";
const ACCOUNT: &str = "Check the account in Entra.";
const KEY: &str =
    "Upload the public certificate to the app registration that is configured, and use its own private key.";
const WAIT: &str = "Wait some minutes before the next attempt.";
const DEVICE: &str = "Start the sign-in again and enter the new code.";

macro_rules! table {
    ($($code:literal $meaning:literal => $next:expr;)*) => {
        const TABLE: &[Aadsts] = &[$(Aadsts { code: $code, meaning: $meaning, next_step: $next }),*];
    };
}

table! {
    50076 "multifactor authentication is needed now" => SIGN_IN_AGAIN;
    50079 "the account must first register for multifactor authentication" => REGISTER;
    50072 "the account must first register for multifactor authentication" => REGISTER;
    50074 "strong authentication is needed" => SIGN_IN_AGAIN;
    50078 "the last multifactor authentication is too old" => SIGN_IN_AGAIN;
    70043 "the sign-in frequency that the tenant allows has passed" => SIGN_IN_AGAIN;
    50173 "the sign-in was revoked, for example by a changed password" => SIGN_IN_AGAIN;
    700082 "the sign-in has expired because it was not used" => SIGN_IN_AGAIN;
    70008 "the sign-in has expired" => SIGN_IN_AGAIN;
    50158 "an external multifactor challenge was not answered" => SIGN_IN_AGAIN;
    53000 "the device does not comply with the tenant's policy" => POLICY;
    53001 "the device is not joined to the domain" => POLICY;
    53003 "a Conditional Access policy blocks this sign-in" => POLICY;
    530032 "a policy of the tenant blocks this sign-in" => POLICY;
    530035 "security defaults block this sign-in" => POLICY;
    530036 "the tenant blocks sign-in by device code" => "Sign in with the browser instead (method = \"browser\"), or as an application.";
    65001 "consent to the app's permissions is missing" => CONSENT;
    65004 "consent to the app's permissions was declined" => CONSENT;
    650052 "the tenant does not have the service that is asked for" => "Check that the tenant has a subscription to it.";
    650056 "the app registration is misconfigured" => APP;
    650057 "the app registration does not list the API that is asked for" => "Add the API's permission to the app registration.";
    90094 "an administrator must consent" => CONSENT;
    90099 "the app is not yet consented to in that customer tenant" => CONSENT;
    90072 "the account is not a member of this tenant" => "Sign in with an account of the configured tenant.";
    7000215 "the client secret is wrong; often its id was pasted instead of its value" => SECRET;
    7000222 "the client secret has expired" => SECRET;
    700027 "the certificate's signature was not accepted" => KEY;
    700025 "the app is a public client and must not send a secret" => "Turn off public client flows, or sign in as a person.";
    7000218 "the app must send a secret or a certificate" => "Configure one, or allow public client flows in the app registration.";
    700016 "the app is not in this tenant" => APP;
    500011 "the API that is asked for is not in this tenant" => "Check the address of the environment; the service must exist in the tenant.";
    90002 "no such tenant" => "Check the tenant id or domain in the configuration.";
    700022 "the scope names more than one API" => APP;
    70011 "the scope is not valid" => APP;
    28002 "the scope is not valid for this API" => APP;
    50105 "the account is not assigned to an app that demands an assignment" => "Assign the account in Entra (Enterprise applications, Users and groups).";
    50034 "no such account in this tenant" => ACCOUNT;
    50126 "wrong user name or password" => SIGN_IN_AGAIN;
    50053 "the account is locked, or the address is blocked" => ACCOUNT;
    50057 "the account is disabled" => ACCOUNT;
    50055 "the password has expired" => ACCOUNT;
    70016 "the code has not been entered yet" => "Enter the code in the browser.";
    70018 "the device code is wrong" => DEVICE;
    70019 "the device code has expired" => DEVICE;
    50196 "the same request was repeated too often" => WAIT;
    90055 "the sign-in service is throttling" => WAIT;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of Microsoft's documents, with the document of each.
    fn documented() -> Vec<u32> {
        let lines = include_str!("../../data/aadsts-documented.txt").lines();
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let codes = lines.map(|line| {
            let (code, source) = line.split_once(' ').unwrap_or_else(|| panic!("no source: {line}"));
            assert!(source.contains(".md"), "{line}");
            code.parse().unwrap_or_else(|error| panic!("{line}: {error}"))
        });
        codes.collect()
    }

    #[test]
    fn every_code_is_explained_once_and_unknown_ones_are_skipped() {
        for (place, entry) in TABLE.iter().enumerate() {
            assert!(
                TABLE[..place].iter().all(|other| other.code != entry.code),
                "{} is listed twice",
                entry.code
            );
            assert!(entry.next_step.ends_with('.'), "{}", entry.code);
        }
        let documented = documented();
        for code in &documented {
            let found = explain(&[*code]).unwrap_or_else(|| panic!("AADSTS{code} is not explained"));
            assert!(!found.meaning.is_empty() && found.next_step.len() > 10, "{code}");
        }
        assert_eq!(
            TABLE.len(),
            documented.len(),
            "a code is explained that nobody has found documented"
        );
        assert_eq!(explain(&[1, 7000222, 50034]).map(|entry| entry.code), Some(7000222));
        assert_eq!(explain(&[1]), None);
    }
}
