//! What a check needs to know. The collector merges the needs of all checks into the fewest requests.

use crate::scene::Part;

/// A fact, or a few that come from one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Who is signed in.
    SignedIn,
    /// The Entra account of a person.
    Account(Part),
    /// The enterprise application of an application.
    EnterpriseApplication(Part),
    /// Licences with their plans.
    Licences(Part),
    /// Groups, direct and through other groups.
    Groups(Part),
    /// Those of them that a directory role can be given to, by name.
    RoleGroups(Part),
    /// Directory roles that are active now.
    ActiveRoles(Part),
    /// PIM: active assignments and eligibilities with their end, also of role-assignable groups.
    RoleSchedules(Part),
    /// Registered authentication methods.
    Methods(Part),
    /// The registration report's line.
    Registration(Part),
    /// Per-user MFA state.
    PerUserMfa(Part),
    /// Recent sign-ins.
    SignIns(Part),
    /// Rows in the environment.
    SystemUsers(Part),
    /// Rows in the environment by Entra object id, where the sign-in name did not lead to them.
    SystemUsersByObjectId(Part),
    /// Security roles of the row and of its teams.
    SecurityRoles(Part),
    /// Field security profiles of the row and of its teams.
    Profiles(Part),
    /// Personal settings of the row.
    Settings(Part),
    /// SKUs with free seats.
    Skus,
    /// PIM's policy for Global Administrator.
    GlobalAdministratorPolicy,
    /// The Work 365 enterprise application.
    ConsentApps,
    /// The delegated permission grants of that application, and the resources they are for.
    ConsentGrants,
    /// Security defaults.
    SecurityDefaults,
    /// Conditional Access policies.
    ConditionalAccess,
    /// Named locations, where an enforced policy speaks of places.
    NamedLocations,
    /// The authentication methods policy.
    MethodsPolicy,
    /// Dataverse's own service principal in the tenant, by which policies can name it.
    DataverseApp,
    /// Who the signed-in identity is in the environment.
    WhoAmI,
    /// Security roles of the signed-in identity.
    OwnRoles,
    /// How far the read privileges of the signed-in identity reach.
    OwnPrivileges,
    /// Name and base language.
    Organization,
    /// Provisioned languages.
    Languages,
    /// Solutions of the product's publisher.
    Solutions,
    /// Copies of the security roles the pack names.
    WantedRoles,
    /// Field security profiles the pack names.
    WantedProfiles,
    /// Rows of the vendor's support users.
    SupportRows,
    /// The vendor's support users with their security roles.
    SupportUsers,
    /// Import jobs without an end.
    OpenImports,
    /// Solution operations, publishing and language provisioning that have not ended.
    OpenOperations,
    /// The product's table of jobs, found by its display name.
    JobTables,
    /// Columns and states of that table.
    JobColumns,
    /// Jobs of that table that have not ended.
    OpenJobs,
    /// The environment as Power Platform administers it.
    PowerPlatformEnvironment,
    /// Application packages of the environment.
    ApplicationPackages,
    /// Backups of the environment.
    Backups,
    /// Operations on the environment that have not ended.
    EnvironmentOperations,
    /// The solution file that the configuration names.
    SolutionPackage,
    /// Who is signed in to the partner tenant.
    PartnerSignedIn,
    /// The integration account in the partner tenant.
    IntegrationAccount,
    /// Its licences with their plans.
    IntegrationLicences,
    /// Its groups, direct and through other groups.
    IntegrationGroups,
    /// Its active directory roles.
    IntegrationActiveRoles,
    /// PIM: its active assignments and eligibilities.
    IntegrationRoleSchedules,
    /// Its registered authentication methods.
    IntegrationMethods,
    /// Its line of the registration report.
    IntegrationRegistration,
    /// Its per-user MFA state.
    IntegrationPerUserMfa,
    /// Its recent sign-ins.
    IntegrationSignIns,
    /// Security defaults of the partner tenant.
    PartnerSecurityDefaults,
    /// Conditional Access policies of the partner tenant.
    PartnerConditionalAccess,
    /// Named locations of the partner tenant, where an enforced policy speaks of places.
    PartnerNamedLocations,
    /// The authentication methods policy of the partner tenant.
    PartnerMethodsPolicy,
    /// The groups that stand for Partner Center roles.
    AgentGroups,
    /// The Partner Center API's own service principal in the partner tenant.
    PartnerCenterApp,
    /// Application registrations of the partner tenant that are public clients or ask for the Partner Center API.
    NativeApps,
    /// Partner Center's profile of the organisation, and whether the sign-in was found compliant with MFA.
    PartnerOrganization,
    /// Indirect resellers and indirect providers of the partner.
    PartnerRelationships,
    /// Whether the Microsoft partner agreement was signed.
    PartnerAgreement,
}
