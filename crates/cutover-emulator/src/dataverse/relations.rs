//! The relations between tables as data, after the Web API reference.

use super::metadata::{ManyToMany, OneToMany};

const fn children(
    name: &'static str,
    parent: &'static str,
    child: &'static str,
    column: &'static str,
    back: &'static str,
) -> OneToMany {
    OneToMany {
        name,
        parent,
        child,
        column,
        back,
    }
}

/// One-to-many relations; the lookup column is the other side.
#[rustfmt::skip]
pub(super) const ONE_TO_MANY: &[OneToMany] = &[
    children("business_unit_system_users", "businessunit", "systemuser", "_businessunitid_value", "businessunitid"),
    children("business_unit_teams", "businessunit", "team", "_businessunitid_value", "businessunitid"),
    children("business_unit_roles", "businessunit", "role", "_businessunitid_value", "businessunitid"),
    children("business_unit_parent_business_unit", "businessunit", "businessunit", "_parentbusinessunitid_value", "parentbusinessunitid"),
    children("organization_business_units", "organization", "businessunit", "_organizationid_value", "organizationid"),
    children("organization_publisher", "organization", "publisher", "_organizationid_value", "organizationid"),
    children("organization_solution", "organization", "solution", "_organizationid_value", "organizationid"),
    children("user_parent_user", "systemuser", "systemuser", "_parentsystemuserid_value", "parentsystemuserid"),
    children("user_settings", "systemuser", "usersettings", "systemuserid", "systemuserid_systemuser"),
    children("role_parent_role", "role", "role", "_parentroleid_value", "parentroleid"),
    children("role_parent_root_role", "role", "role", "_parentrootroleid_value", "parentrootroleid"),
    children("role_template_roles", "roletemplate", "role", "_roletemplateid_value", "roletemplateid"),
    children("lk_fieldpermission_fieldsecurityprofileid", "fieldsecurityprofile", "fieldpermission", "_fieldsecurityprofileid_value", "fieldsecurityprofileid"),
    children("publisher_solution", "publisher", "solution", "_publisherid_value", "publisherid"),
    children("solution_parent_solution", "solution", "solution", "_parentsolutionid_value", "parentsolutionid"),
    children("lk_asyncoperation_createdby", "systemuser", "asyncoperation", "_createdby_value", "createdby"),
    children("account_parent_account", "account", "account", "_parentaccountid_value", "parentaccountid"),
    children("account_primary_contact", "contact", "account", "_primarycontactid_value", "primarycontactid"),
    children("contact_customer_accounts", "account", "contact", "_parentcustomerid_value", "parentcustomerid_account"),
    children("contact_customer_contacts", "contact", "contact", "_parentcustomerid_value", "parentcustomerid_contact"),
    children("user_accounts", "systemuser", "account", "_owninguser_value", "owninguser"),
    children("lk_importjobbase_createdby", "systemuser", "importjob", "_createdby_value", "createdby"),
];

const fn many(name: &'static str, from: &'static str, to: &'static str) -> ManyToMany {
    ManyToMany { name, from, to }
}

/// Many-to-many relations.
pub(super) const MANY_TO_MANY: &[ManyToMany] = &[
    many("systemuserroles_association", "systemuser", "role"),
    many("teammembership_association", "team", "systemuser"),
    many("teamroles_association", "team", "role"),
    many("systemuserprofiles_association", "systemuser", "fieldsecurityprofile"),
    many("teamprofiles_association", "team", "fieldsecurityprofile"),
];
