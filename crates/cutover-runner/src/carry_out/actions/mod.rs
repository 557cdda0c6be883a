//! One file for each action: what is read, what is written, what gives it back.

pub(super) mod activate_directory_role;
mod add_group_member;
mod add_service_principal;
pub(super) mod assign_directory_role;
mod assign_field_security_profile;
mod assign_licence;
mod assign_security_role;
mod assign_standing_directory_role;
mod become_system_administrator;
mod create_conditional_access_policy;
mod enable_account;
mod enable_security_defaults;
mod enforce_per_user_mfa;
mod grant_consent;
mod provision_language;
mod register_native_application;
mod set_access_mode;
mod set_usage_location;
mod update_user_settings;
