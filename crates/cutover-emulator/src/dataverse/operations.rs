//! What the service answers, for the coverage table.

use crate::operation::Operation;

const LIMITS: &str = "service protection: 6,000 requests, 1,200 s execution, 52 at the same time, per user in 5 min";
const LIST: &str = "$select, $filter, $expand (nested), $orderby, $top, $count; /$count, /$ref; pages by \
                    odata.maxpagesize; annotations";
const ROW: &str = "$select, $expand (nested); /{column}, /{column}/$value, /{navigation}, /{navigation}/$ref; \
                   alternate keys; ETag; annotations";
const ERRORS: &str = "0x80040220 privilege, 0x80040217 no such row, 0x80060888 unknown column or option";
const NOT_OURS: &str = "0x80072560 no user, 0x8004a112 disabled, 0x80042f09 no role";
const SOURCE: &str = "Dataverse Web API reference";

const fn get(
    path: &'static str,
    privileges: &'static [&'static str],
    shapes: &'static str,
    errors: &'static str,
    source: &'static str,
) -> Operation {
    Operation {
        service: "Dataverse v9.2",
        method: "GET",
        path,
        application: privileges,
        delegated: &["user_impersonation"],
        directory_roles: &[],
        shapes,
        errors,
        throttle: LIMITS,
        delay: "none",
        source,
    }
}

macro_rules! operations {
    (
        sets { $($set:literal $privilege:literal,)* }
        functions { $($function:literal,)* }
    ) => {
        /// What this service can answer.
        pub const OPERATIONS: &[Operation] = &[
            get("/", &[], "service document", NOT_OURS, SOURCE),
            $(
                get(concat!("/", $set), &[$privilege], LIST, ERRORS, SOURCE),
                get(concat!("/", $set, "({key})"), &[$privilege], ROW, ERRORS, SOURCE),
            )*
            $(
                get(
                    concat!("/", $function, "()"),
                    &[],
                    "with and without (), parameter aliases",
                    NOT_OURS,
                    "Web API function reference",
                ),
            )*
            get(
                "/systemusers({key})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()",
                &["prvReadUser"],
                "RolePrivileges, those of teams included",
                ERRORS,
                "Web API function reference",
            ),
            get(
                "/{app table}",
                &["prvRead{app table}"],
                LIST,
                ERRORS,
                "Table definitions; the tables that a world's apps bring",
            ),
            get(
                "/EntityDefinitions",
                &["prvReadEntity"],
                "$select, $filter, $expand=Attributes, LabelLanguages=1033",
                "0x80060888 unknown property",
                "Query table definitions using the Web API",
            ),
            get(
                "/EntityDefinitions(LogicalName='{name}')",
                &["prvReadEntity"],
                "$select, $expand=Attributes, LabelLanguages=1033; /Attributes, /Attributes(LogicalName='{name}')",
                "0x80060888 no such table",
                "Query table definitions using the Web API",
            ),
            Operation {
                method: "POST",
                shapes: "multipart/mixed, change sets, Prefer: odata.continue-on-error, at most 1,000 operations",
                errors: "0x80060888 malformed, GET in a change set, batch in a batch",
                throttle: "a batch counts as one request; its operations add their execution time",
                ..get("/$batch", &[], "", "", "Execute batch operations using the Web API")
            },
        ];
    };
}

operations! {
    sets {
        "systemusers" "prvReadUser",
        "teams" "prvReadTeam",
        "businessunits" "prvReadBusinessUnit",
        "roles" "prvReadRole",
        "roletemplates" "prvReadRole",
        "fieldsecurityprofiles" "prvReadFieldSecurityProfile",
        "fieldpermissions" "prvReadFieldSecurityProfile",
        "usersettingscollection" "prvReadUserSettings",
        "organizations" "prvReadOrganization",
        "solutions" "prvReadSolution",
        "publishers" "prvReadPublisher",
        "importjobs" "prvReadImportJob",
        "asyncoperations" "prvReadAsyncOperation",
    }
    functions {
        "WhoAmI",
        "RetrieveVersion",
        "RetrieveProvisionedLanguages",
        "RetrieveAvailableLanguages",
        "RetrieveInstalledLanguagePacks",
        "RetrieveDeprovisionedLanguages",
        "RetrieveCurrentOrganization",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataverse::functions::{BOUND, FUNCTIONS};
    use crate::dataverse::tables::TABLES;

    #[test]
    fn the_table_says_what_the_service_does() {
        let listed = |path: &str, privileges: &[&str]| {
            OPERATIONS
                .iter()
                .any(|operation| operation.path == path && operation.application == privileges)
        };
        for table in TABLES {
            assert!(listed(&format!("/{}", table.set), &[&table.privilege]), "{}", table.set);
            assert!(listed(&format!("/{}({{key}})", table.set), &[&table.privilege]));
        }
        for function in FUNCTIONS {
            assert!(listed(&format!("/{}()", function.name), &[]), "{}", function.name);
        }
        for (name, _) in BOUND {
            assert!(OPERATIONS.iter().any(|operation| operation.path.contains(name)));
        }
        let bound_and_fixed = BOUND.len() + 5;
        assert_eq!(OPERATIONS.len(), 2 * TABLES.len() + FUNCTIONS.len() + bound_and_fixed);
    }
}
