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

const fn write(
    method: &'static str,
    path: &'static str,
    privileges: &'static [&'static str],
    shapes: &'static str,
    errors: &'static str,
    source: &'static str,
) -> Operation {
    Operation {
        method,
        ..get(path, privileges, shapes, errors, source)
    }
}

const CREATE: &str = "204 with OData-EntityId, 201 with Prefer: return=representation; @odata.bind, own ids; \
                      read-only columns are passed over (assumed); no deep insert";
const UPDATE: &str = "204, 200 with Prefer: return=representation; upsert, If-Match, If-None-Match, alternate keys; \
                      PUT and DELETE of /{column}; PUT and DELETE of /{lookup}/$ref";
const WRITE_ERRORS: &str = "0x80040220 privilege, 0x0 unknown property, 0x80048d19 payload, 0x80040217 no such row, \
                            0x8004431a option, 0x80040200 required column, 0x80040237 and 0x80060892 duplicate, \
                            0x80060882 version";
const WRITE_SOURCE: &str = "Create, Update and delete, Associate and disassociate table rows using the Web API; \
                            Perform conditional operations using the Web API";
const LINKS: &str = "POST …/$ref; DELETE …({id})/$ref and …/$ref?$id=; absolute, rooted and relative addresses; \
                     a tie that is there already is a duplicate, one that is not is missing (assumed)";

macro_rules! operations {
    (
        sets { $($set:literal $privilege:literal,)* }
        created { $($created:literal $create:literal,)* }
        updated { $($updated:literal $update:literal,)* }
        deleted { $($deleted:literal $delete:literal,)* }
        links { $($from:literal $navigation:literal $link:literal $broken:literal,)* }
        functions { $($function:literal,)* }
        actions { $($action:literal $needs:literal $shape:literal $refused:literal $delay:literal,)* }
    ) => {
        /// What this service can answer.
        pub const OPERATIONS: &[Operation] = &[
            get("/", &[], "service document", NOT_OURS, SOURCE),
            $(
                get(concat!("/", $set), &[$privilege], LIST, ERRORS, SOURCE),
                get(concat!("/", $set, "({key})"), &[$privilege], ROW, ERRORS, SOURCE),
            )*
            $(write("POST", concat!("/", $created), &[$create], CREATE, WRITE_ERRORS, WRITE_SOURCE),)*
            $(write("PATCH", concat!("/", $updated, "({key})"), &[$update], UPDATE, WRITE_ERRORS, WRITE_SOURCE),)*
            $(write(
                "DELETE",
                concat!("/", $deleted, "({key})"),
                &[$delete],
                "204; lookups to the row are emptied, ties go with it (assumed)",
                WRITE_ERRORS,
                WRITE_SOURCE,
            ),)*
            $(write(
                "POST",
                concat!("/", $from, "({key})/", $navigation, "/$ref"),
                &[$link],
                LINKS,
                $broken,
                WRITE_SOURCE,
            ),)*
            $(
                get(
                    concat!("/", $function, "()"),
                    &[],
                    "with and without (), parameter aliases",
                    NOT_OURS,
                    "Web API function reference",
                ),
            )*
            $(
                Operation {
                    delay: $delay,
                    ..write("POST", concat!("/", $action), &[$needs], $shape, $refused, "Web API action reference")
                },
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
            write("POST", "/{app table}", &["prvCreate{app table}"], CREATE, WRITE_ERRORS, WRITE_SOURCE),
            write("PATCH", "/{app table}({key})", &["prvWrite{app table}"], UPDATE, WRITE_ERRORS, WRITE_SOURCE),
            write("DELETE", "/{app table}({key})", &["prvDelete{app table}"], "204", WRITE_ERRORS, WRITE_SOURCE),
            get(
                "/EntityDefinitions",
                &["prvReadEntity"],
                "$select, $filter (no functions), $expand=Attributes, LabelLanguages; no pages",
                "0x80060888 unknown property",
                "Query table definitions using the Web API",
            ),
            get(
                "/EntityDefinitions(LogicalName='{name}')",
                &["prvReadEntity"],
                "$select, $expand=Attributes, LabelLanguages; /Attributes, /Attributes(LogicalName='{name}'), casts to \
                 types of columns with $expand=OptionSet,GlobalOptionSet; /OptionSet; /OneToManyRelationships, \
                 /ManyToOneRelationships, /ManyToManyRelationships",
                "0x80060888 no such table",
                "Query table definitions using the Web API",
            ),
            Operation {
                throttle: "a batch counts as one request; its operations add their execution time",
                ..write(
                    "POST",
                    "/$batch",
                    &[],
                    "multipart/mixed, atomic change sets, Content-ID references, Prefer: odata.continue-on-error, at \
                     most 1,000 operations",
                    "0x80060888 malformed, GET in a change set, batch in a batch, unknown Content-ID",
                    "Execute batch operations using the Web API",
                )
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
        "workflows" "prvReadWorkflow",
        "accounts" "prvReadAccount",
        "contacts" "prvReadContact",
    }
    created {
        "teams" "prvCreateTeam",
        "fieldsecurityprofiles" "prvCreateFieldSecurityProfile",
        "fieldpermissions" "prvCreateFieldSecurityProfile",
        "solutions" "prvCreateSolution",
        "publishers" "prvCreatePublisher",
        "accounts" "prvCreateAccount",
        "contacts" "prvCreateContact",
    }
    updated {
        "systemusers" "prvWriteUser",
        "teams" "prvWriteTeam",
        "businessunits" "prvWriteBusinessUnit",
        "fieldsecurityprofiles" "prvWriteFieldSecurityProfile",
        "fieldpermissions" "prvWriteFieldSecurityProfile",
        "usersettingscollection" "prvWriteUserSettings",
        "organizations" "prvWriteOrganization",
        "solutions" "prvWriteSolution",
        "publishers" "prvWritePublisher",
        "accounts" "prvWriteAccount",
        "contacts" "prvWriteContact",
    }
    deleted {
        "teams" "prvDeleteTeam",
        "fieldsecurityprofiles" "prvDeleteFieldSecurityProfile",
        "fieldpermissions" "prvDeleteFieldSecurityProfile",
        "solutions" "prvDeleteSolution",
        "publishers" "prvDeletePublisher",
        "importjobs" "prvDeleteImportJob",
        "asyncoperations" "prvDeleteAsyncOperation",
        "accounts" "prvDeleteAccount",
        "contacts" "prvDeleteContact",
    }
    links {
        "systemusers" "systemuserroles_association" "prvAssignRole" "0x80041409 other business unit, 0x80041d64 tenant administrator, 0x80041d30 last holder, 0x80040220 more than one's own",
        "teams" "teamroles_association" "prvAssignRole" "0x8004140d other business unit, 0x80048331 access team, 0x80048350 role of team privileges only",
        "teams" "teammembership_association" "prvWriteTeam" "0x8004830b, 0x8004830c team of a business unit",
        "fieldsecurityprofiles" "systemuserprofiles_association" "prvWriteFieldSecurityProfile" "0x8004f505 profile of a System Administrator",
        "fieldsecurityprofiles" "teamprofiles_association" "prvWriteFieldSecurityProfile" "0x80048331 access team",
    }
    functions {
        "WhoAmI",
        "RetrieveVersion",
        "RetrieveProvisionedLanguages",
        "RetrieveAvailableLanguages",
        "RetrieveInstalledLanguagePacks",
        "RetrieveDeprovisionedLanguages",
        "RetrieveCurrentOrganization",
        "RetrieveSolutionImportResult",
        "RetrieveMissingDependencies",
    }
    actions {
        "ProvisionLanguage" "prvLanguageSettings" "204 at once" "0x80044195 no language of this organization, 0x80071151 another solution operation" "none (assumed; the service keeps the caller waiting)",
        "ProvisionLanguageAsync" "prvLanguageSettings" "AsyncOperationId; a job of type 209" "0x80044195 no language of this organization, 0x80071151 another solution operation" "45 min until the language is there (assumed)",
        "StageSolution" "prvImportCustomization" "StageSolutionResults; missing dependencies by the solutions that the manifest names" "0x80048060 no solution file, 0x8004801a manifest" "none",
        "ImportSolution" "prvImportCustomization" "204; import job with the id that the client gives" "0x80048060 no solution file, 0x80048541 version, 0x80048040 and 0x80048041 managed, 0x8004801c publisher, 0x8004801d dependency, 0x80071151 another solution operation" "none (assumed; the service keeps the caller waiting)",
        "ImportSolutionAsync" "prvImportCustomization" "ImportJobKey, AsyncOperationId; HoldingSolution" "as ImportSolution; what stands against the solution itself fails the job" "5 s until the import job is there, 10 min until it ends (assumed)",
        "StageAndUpgrade" "prvImportCustomization" "SolutionId" "as ImportSolution; 404 before platform 9.2.21013.00131 (assumed)" "none (assumed; the service keeps the caller waiting)",
        "StageAndUpgradeAsync" "prvImportCustomization" "ImportJobKey, AsyncOperationId" "as ImportSolutionAsync; 404 before platform 9.2.21013.00131 (assumed)" "5 s until the import job is there, 10 min until it ends (assumed)",
        "DeleteAndPromote" "prvImportCustomization" "SolutionId" "0x80040217 nothing to promote, 0x80071151 another solution operation" "none (assumed)",
        "DeleteAndPromoteAsync" "prvImportCustomization" "AsyncOperationId" "0x80040217 nothing to promote, 0x80071151 another solution operation" "5 min until it ends (assumed)",
        "PublishAllXml" "prvPublishCustomization" "204" "0x80071151 another solution operation" "none (assumed)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataverse::actions::ACTIONS;
    use crate::dataverse::functions::{BOUND, FUNCTIONS};
    use crate::dataverse::principal::Action;
    use crate::dataverse::relations::MANY_TO_MANY;
    use crate::dataverse::tables::TABLES;
    use crate::dataverse::writable;

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
            for (action, method, path) in [
                (Action::Create, "POST", format!("/{}", table.set)),
                (Action::Write, "PATCH", format!("/{}({{key}})", table.set)),
                (Action::Delete, "DELETE", format!("/{}({{key}})", table.set)),
            ] {
                let privilege = action.privilege(table);
                let listed = OPERATIONS
                    .iter()
                    .any(|it| it.method == method && it.path == path && it.application == [privilege.as_str()]);
                assert_eq!(writable::actions(table).contains(&action), listed, "{method} {path}");
            }
        }
        for relation in MANY_TO_MANY {
            let path = format!("/{}/$ref", relation.name);
            let listed = OPERATIONS
                .iter()
                .any(|it| it.method == "POST" && it.path.ends_with(&path));
            assert!(listed, "{path}");
        }
        for function in FUNCTIONS {
            assert!(listed(&format!("/{}()", function.name), &[]), "{}", function.name);
        }
        for action in ACTIONS {
            let path = format!("/{}", action.name);
            let listed = OPERATIONS
                .iter()
                .any(|it| it.method == "POST" && it.path == path && it.application == [action.privilege]);
            assert!(listed, "{path}");
        }
        for (name, _) in BOUND {
            assert!(OPERATIONS.iter().any(|operation| operation.path.contains(name)));
        }
        let reads = OPERATIONS.iter().filter(|operation| operation.method == "GET");
        assert_eq!(reads.count(), 2 * TABLES.len() + FUNCTIONS.len() + BOUND.len() + 4);
    }
}
