//! What the refusals of Power Platform and Partner Center mean and what to do (Partner Center documentation, error codes and
//! authentication; Power Platform documentation, service principals).

use http::StatusCode;

use crate::api::Api;

/// What a refusal means.
#[derive(Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, a sentence fragment.
    pub meaning: &'static str,
    /// What would open the view; `None` when nothing that could be given would.
    pub lacking: Option<&'static str>,
    /// What the person does next.
    pub next_step: &'static str,
    /// Whether another token of the same sign-in may be taken.
    pub(crate) renew: bool,
}

/// An application alone at calls that are made for a person.
const APP_ALONE: Explanation = Explanation {
    meaning: "Partner Center answers this call to a signed-in person only, and an application signed in by itself",
    lacking: Some("the token of a signed-in person (refresh token of the Secure Application Model)"),
    next_step: "Give cutover a refresh token of the integration account.",
    renew: true,
};
/// A token that was not taken. An empty 401 says no more.
const TOKEN: Explanation = Explanation {
    meaning: "Partner Center did not take the token",
    lacking: None,
    next_step: "Check that the app has the delegated permission user_impersonation of the Partner Center API, then sign in again.",
    renew: true,
};
const NOT_REGISTERED: Explanation = Explanation {
    meaning: "Power Platform gives this application no rights",
    lacking: Some("the registration of the application with Power Platform"),
    next_step: "Let a Power Platform Administrator register the application once with New-PowerAppManagementApp.",
    renew: true,
};
const NO_ADMINISTRATOR: Explanation = Explanation {
    meaning: "the signed-in person does not administer Power Platform",
    lacking: Some("the directory role Power Platform Administrator or Dynamics 365 Administrator"),
    next_step: "Sign in as a Power Platform Administrator, a Dynamics 365 Administrator or a Global Administrator.",
    renew: true,
};

/// Partner Center's codes.
const CODES: &[(&str, Explanation)] = &[
    (
        "900421",
        Explanation {
            meaning: "Partner Center asks for multifactor authentication, and this sign-in was without it",
            lacking: Some("a sign-in with multifactor authentication"),
            next_step: "Sign in as the integration account with multifactor authentication and use the new refresh token.",
            renew: false,
        },
    ),
    (
        "900150",
        Explanation {
            meaning: "the Partner Center role of the signed-in person does not allow this",
            lacking: Some("a Partner Center role such as Admin agent"),
            next_step: "Give the account the role in Partner Center > Account settings > User management; one that was just given \
                        counts after up to an hour.",
            renew: false,
        },
    ),
    (
        "900124",
        Explanation {
            meaning: "the Microsoft Partner Agreement has not been accepted",
            lacking: Some("the acceptance of the Microsoft Partner Agreement"),
            next_step: "Let a Global Administrator of the partner tenant accept it in Partner Center.",
            renew: false,
        },
    ),
    ("800001", TOKEN),
    (
        "2032",
        Explanation {
            meaning: "Partner Center does not show that tenant to this sign-in",
            lacking: None,
            next_step: "Compare the configured partner tenant with the tenant that is enrolled in Partner Center.",
            renew: false,
        },
    ),
];

/// What a refusal means, when it is known.
pub(crate) fn explain(api: Api, status: StatusCode, code: &str, application: bool) -> Option<&'static Explanation> {
    let no_access = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    match api {
        Api::Graph | Api::GraphBeta | Api::Dataverse => None,
        Api::PowerPlatform if no_access => Some(if application {
            &NOT_REGISTERED
        } else {
            &NO_ADMINISTRATOR
        }),
        Api::PowerPlatform => None,
        Api::PartnerCenter => {
            let known = CODES.iter().find(|(known, _)| *known == code).map(|(_, known)| known);
            match known {
                // The code of a token that was not taken hides that no token of an application is.
                None | Some(&TOKEN) if no_access && application => Some(&APP_ALONE),
                None if status == StatusCode::UNAUTHORIZED => Some(&TOKEN),
                known => known,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_that_documents_name_has_its_way_out() {
        let cases = [
            (Api::PartnerCenter, 401, "900421", false, Some("multifactor")),
            (Api::PartnerCenter, 403, "900150", false, Some("role")),
            (Api::PartnerCenter, 403, "900124", true, Some("Agreement")),
            (Api::PartnerCenter, 401, "800001", false, Some("did not take the token")),
            (Api::PartnerCenter, 401, "800001", true, Some("person only")),
            (Api::PartnerCenter, 400, "2032", false, Some("that tenant")),
            (Api::PartnerCenter, 401, "", false, Some("did not take the token")),
            (Api::PartnerCenter, 401, "", true, Some("person only")),
            (Api::PartnerCenter, 403, "", true, Some("person only")),
            (Api::PartnerCenter, 403, "", false, None),
            (Api::PartnerCenter, 404, "3000", true, None),
            (Api::PowerPlatform, 401, "", true, Some("application no rights")),
            (Api::PowerPlatform, 403, "Forbidden", false, Some("does not administer")),
            (Api::PowerPlatform, 400, "", true, None),
            (Api::Graph, 403, "900421", false, None),
            (Api::Dataverse, 401, "", true, None),
        ];
        for (api, status, code, application, wanted) in cases {
            let status = StatusCode::from_u16(status).expect("a status");
            let found = explain(api, status, code, application).map(|known| known.meaning);
            assert_eq!(
                found.is_some(),
                wanted.is_some(),
                "{api:?} {status} {code:?} {application}"
            );
            if let (Some(found), Some(wanted)) = (found, wanted) {
                assert!(found.contains(wanted), "{code:?}: {found}");
            }
        }
    }
}
