//! What becomes of each field of the facts: the allow-list. A test compares it with the schema of the facts, so that no field
//! is without a decision; one that is all the same gets a token.

use Rule::{
    Code, Country, Domain, Duration, Fact, Fields, File, Format, Guid, Id, Keep, Keyed, Name, PartNumber, Permission,
    PlanName, Policy, Principal, Product, Sha256, Text, Time, Url, Version, Word,
};

/// What becomes of a value. Lists are looked at item by item, `null` stays.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// Stays: a number, a yes or no, or a word of an enumeration of ours.
    Keep,
    /// Stays when it is a form of facts.
    Format,
    /// Stays when it is a time.
    Time,
    /// Stays when it is an ISO 8601 duration.
    Duration,
    /// Stays when it is a version.
    Version,
    /// Stays when it is the code of a requirement.
    Code,
    /// Stays when it is a SHA-256, of a file that everybody gets from the vendor.
    Sha256,
    /// Stays when it is a word that Microsoft documents.
    Word,
    /// Stays when all of its parts are those of permission and privilege names.
    Permission,
    /// Stays when it is one of the licence table.
    PartNumber,
    /// Stays when it is one of the licence table.
    PlanName,
    /// A name of the product's: stays when made of the product's words alone.
    Product(&'static str),
    /// A GUID: stays when it is the same in every tenant.
    Guid,
    /// An id that need not be a GUID.
    Id,
    /// A name or a sentence of somebody's; an address when it looks like one.
    Name(&'static str),
    /// A user or an application, as the scene writes it.
    Principal,
    /// A verified domain, or a tenant id.
    Domain,
    /// An address of an environment.
    Url,
    /// A country: says where somebody is.
    Country,
    /// Name of a file.
    File,
    /// A sentence or a request: its known words stay.
    Text,
    /// A Conditional Access policy, as Graph gave it.
    Policy,
    /// An object with these fields, or one of several such objects.
    Fields(&'static [(&'static str, Rule)]),
    /// An object whose keys are principals.
    Keyed(&'static Rule),
    /// A fact: known with its calls, or unknown.
    Fact(&'static Rule),
}

const CALL: Rule = Fields(&[
    ("service", Keep),
    ("request", Text),
    ("status", Keep),
    ("request_id", Id),
    ("at", Time),
]);

/// What a known fact stands on.
pub(super) const CALLS: Rule = CALL;

/// Why a fact is not known.
pub(super) const BLIND: Rule = Fields(&[("reason", Keep), ("message", Text), ("lacking", Text), ("call", CALL)]);

const SECURITY_ROLE: Rule = Fields(&[
    ("id", Guid),
    ("name", Name("role")),
    ("business_unit", Guid),
    ("root", Guid),
    ("template", Guid),
    ("inherited_by_members", Keep),
]);

const SYSTEM_USER: Rule = Fields(&[
    ("id", Guid),
    ("domain_name", Name("user")),
    ("entra_object_id", Guid),
    ("application_id", Guid),
    ("business_unit", Guid),
    ("business_unit_name", Name("unit")),
    ("access_mode", Keep),
    ("disabled", Keep),
    ("deleted", Keep),
]);

const SERVICE_PRINCIPAL: Rule = Fields(&[
    ("id", Guid),
    ("app_id", Guid),
    ("display_name", Name("app")),
    ("enabled", Keep),
]);

const ROLE_SCHEDULE: Rule = Fields(&[("role", Guid), ("principal", Guid), ("ends", Time), ("activated", Keep)]);

const SIGNED_IN: Rule = Fields(&[
    ("object_id", Guid),
    ("app_id", Guid),
    ("application", Keep),
    ("permissions", Permission),
    ("directory_roles", Guid),
    ("mfa_claim", Time),
]);

const TENANT: Rule = Fields(&[
    ("signed_in", Fact(&SIGNED_IN)),
    (
        "skus",
        Fact(&Fields(&[
            ("sku_id", Guid),
            ("sku_part_number", PartNumber),
            ("status", Word),
            ("seats", Keep),
            ("consumed", Keep),
        ])),
    ),
    (
        "global_administrator_policy",
        Fact(&Fields(&[
            ("longest", Duration),
            ("mfa", Keep),
            ("justification", Keep),
            ("ticket", Keep),
            ("approval", Keep),
        ])),
    ),
    ("work365_app", Fact(&SERVICE_PRINCIPAL)),
    ("other_work365_app", Fact(&SERVICE_PRINCIPAL)),
    (
        "work365_grants",
        Fact(&Fields(&[
            ("resource", Guid),
            ("tenant_wide", Keep),
            ("scopes", Permission),
        ])),
    ),
    ("graph_app", Fact(&SERVICE_PRINCIPAL)),
    ("dataverse_app", Fact(&SERVICE_PRINCIPAL)),
    ("security_defaults", Fact(&Keep)),
    (
        "conditional_access",
        Fact(&Fields(&[
            ("id", Id),
            ("name", Name("policy")),
            ("state", Word),
            ("policy", Policy),
        ])),
    ),
    (
        "named_locations",
        Fact(&Fields(&[
            ("id", Id),
            ("name", Name("location")),
            ("trusted", Keep),
            ("countries", Id),
        ])),
    ),
    (
        "methods_policy",
        Fact(&Fields(&[
            ("id", Word),
            ("external", Keep),
            ("enabled", Keep),
            ("include", Word),
            ("exclude", Word),
        ])),
    ),
]);

const PERSON: Rule = Fields(&[
    (
        "account",
        Fact(&Fields(&[
            ("id", Guid),
            ("user_principal_name", Name("user")),
            ("display_name", Name("person")),
            ("enabled", Keep),
            ("user_type", Word),
            ("usage_location", Country),
            (
                "licence_assignments",
                Fields(&[("sku_id", Guid), ("by_group", Guid), ("state", Word)]),
            ),
        ])),
    ),
    ("service_principal", Fact(&SERVICE_PRINCIPAL)),
    (
        "licences",
        Fact(&Fields(&[
            ("sku_id", Guid),
            ("sku_part_number", PartNumber),
            ("plans", Fields(&[("id", Guid), ("name", PlanName), ("status", Word)])),
        ])),
    ),
    (
        "active_roles",
        Fact(&Fields(&[("template", Guid), ("name", Name("role"))])),
    ),
    ("role_groups", Fact(&Fields(&[("id", Guid), ("name", Name("group"))]))),
    ("groups", Fact(&Guid)),
    ("role_assignments", Fact(&ROLE_SCHEDULE)),
    ("role_eligibilities", Fact(&ROLE_SCHEDULE)),
    ("methods", Fact(&Word)),
    (
        "registration",
        Fact(&Fields(&[
            ("mfa_registered", Keep),
            ("mfa_capable", Keep),
            ("updated", Time),
        ])),
    ),
    ("per_user_mfa", Fact(&Keep)),
    (
        "sign_ins",
        Fact(&Fields(&[
            (
                "entries",
                Fields(&[
                    ("at", Time),
                    ("app", Name("app")),
                    ("succeeded", Keep),
                    ("multi_factor", Keep),
                    ("client", Name("client")),
                ]),
            ),
            ("more", Keep),
        ])),
    ),
    ("system_users", Fact(&SYSTEM_USER)),
    ("security_roles", Fact(&SECURITY_ROLE)),
    (
        "teams",
        Fact(&Fields(&[
            ("id", Guid),
            ("name", Name("team")),
            ("kind", Keep),
            ("roles", SECURITY_ROLE),
        ])),
    ),
    ("profiles", Fact(&Guid)),
    (
        "team_profiles",
        Fact(&Fields(&[("id", Guid), ("name", Name("team")), ("profiles", Guid)])),
    ),
    ("settings", Fact(&Fields(&[("locale", Keep), ("time_zone", Keep)]))),
]);

const ENVIRONMENT: Rule = Fields(&[
    (
        "who_am_i",
        Fact(&Fields(&[
            ("user", Guid),
            ("business_unit", Guid),
            ("organization", Guid),
        ])),
    ),
    ("own_roles", Fact(&SECURITY_ROLE)),
    (
        "own_privileges",
        Fact(&Fields(&[("name", Permission), ("depth", Word)])),
    ),
    (
        "organization",
        Fact(&Fields(&[("name", Name("organisation")), ("base_language", Keep)])),
    ),
    ("languages", Fact(&Keep)),
    (
        "solutions",
        Fact(&Fields(&[
            ("unique_name", Product("solution")),
            ("friendly_name", Product("solution")),
            ("version", Version),
            ("managed", Keep),
            ("patch", Keep),
        ])),
    ),
    ("wanted_roles", Fact(&SECURITY_ROLE)),
    (
        "wanted_profiles",
        Fact(&Fields(&[("id", Guid), ("name", Name("profile"))])),
    ),
    ("support_rows", Fact(&SYSTEM_USER)),
    (
        "support_users",
        Fact(&Fields(&[("user", SYSTEM_USER), ("roles", SECURITY_ROLE)])),
    ),
    (
        "open_imports",
        Fact(&Fields(&[
            ("id", Guid),
            ("solution", Product("solution")),
            ("started", Time),
            ("progress", Keep),
        ])),
    ),
    (
        "open_operations",
        Fact(&Fields(&[
            ("id", Guid),
            ("name", Name("operation")),
            ("kind", Keep),
            ("state", Keep),
            ("created", Time),
        ])),
    ),
    (
        "job_tables",
        Fact(&Fields(&[
            ("logical_name", Product("table")),
            ("entity_set", Product("table")),
            ("id_column", Product("column")),
            ("name_column", Product("column")),
            ("statuses", Fields(&[("value", Keep), ("label", Word)])),
            ("scheduled_column", Product("column")),
        ])),
    ),
    (
        "open_jobs",
        Fact(&Fields(&[
            ("id", Guid),
            ("name", Name("job")),
            ("status", Word),
            ("scheduled", Time),
        ])),
    ),
]);

const POWER_PLATFORM: Rule = Fields(&[
    (
        "environment",
        Fact(&Fields(&[
            ("id", Id),
            ("name", Name("environment")),
            ("kind", Word),
            ("state", Word),
            ("admin_mode", Word),
            ("background_operations", Word),
            ("organization", Id),
            ("security_group", Id),
        ])),
    ),
    (
        "packages",
        Fact(&Fields(&[
            ("unique_name", Product("package")),
            ("name", Product("package")),
            ("publisher", Product("publisher")),
            ("version", Version),
            ("state", Word),
            ("last_error", Text),
        ])),
    ),
    (
        "backups",
        Fact(&Fields(&[
            ("id", Id),
            ("label", Name("label")),
            ("point", Time),
            ("expires", Time),
        ])),
    ),
    (
        "operations",
        Fact(&Fields(&[
            ("id", Id),
            ("name", Word),
            ("status", Word),
            ("started", Time),
        ])),
    ),
]);

const RELATIONSHIP: Rule = Fields(&[("id", Id), ("name", Name("company")), ("state", Word)]);

const PARTNER: Rule = Fields(&[
    ("tenant", TENANT),
    ("integration", PERSON),
    ("partner_center_app", Fact(&SERVICE_PRINCIPAL)),
    (
        "agent_groups",
        Fact(&Fields(&[("id", Guid), ("name", Name("group")), ("security", Keep)])),
    ),
    (
        "applications",
        Fact(&Fields(&[
            ("app_id", Guid),
            ("name", Name("app")),
            ("public_client", Keep),
            ("asks_for", Guid),
        ])),
    ),
    (
        "organization",
        Fact(&Fields(&[("company", Name("company")), ("tenant_id", Guid)])),
    ),
    ("mfa_compliant", Fact(&Keep)),
    ("directory_sign_in", Fact(&SIGNED_IN)),
    ("resellers", Fact(&RELATIONSHIP)),
    ("providers", Fact(&RELATIONSHIP)),
    ("agreement", Fact(&Fields(&[("signed", Keep)]))),
]);

const SCENE: Rule = Fields(&[
    ("tenant_id", Guid),
    ("tenant", Domain),
    ("cloud", Keep),
    ("environment_url", Url),
    ("organization_id", Guid),
    ("tier", Keep),
    ("region", Keep),
    ("target", Version),
    ("caller", Principal),
    ("borrower", Principal),
    ("service_identity", Principal),
    ("core_solution", Product("solution")),
    (
        "partner",
        Fields(&[
            ("tenant_id", Guid),
            ("tenant", Domain),
            ("integration_account", Principal),
        ]),
    ),
    (
        "install",
        Fields(&[
            ("application-package", Fields(&[("unique_name", Product("package"))])),
            ("solution-file", Fields(&[("file", File)])),
            // A word alone, without fields.
            ("guided", Keep),
        ]),
    ),
]);

/// A facts file.
pub(super) const FACTS: Rule = Fields(&[
    ("format", Format),
    ("collected_at", Time),
    ("scene", SCENE),
    ("tenant", TENANT),
    ("environment", ENVIRONMENT),
    ("power_platform", POWER_PLATFORM),
    ("partner", PARTNER),
    (
        "solution_file",
        Fact(&Fields(&[
            (
                "solution",
                Fields(&[
                    ("unique_name", Product("solution")),
                    ("version", Version),
                    ("managed", Keep),
                    ("publisher", Product("publisher")),
                    ("prefix", Product("prefix")),
                    ("sha256", Sha256),
                ]),
            ),
            ("refused", Fields(&[("because", Text)])),
        ])),
    ),
    ("principals", Keyed(&PERSON)),
    (
        "attestations",
        Fields(&[
            ("code", Code),
            ("by", Name("person")),
            ("at", Time),
            ("seen", Name("statement")),
            ("version", Version),
            ("tenant_id", Guid),
            ("environment_url", Url),
            ("about", Principal),
        ]),
    ),
]);
