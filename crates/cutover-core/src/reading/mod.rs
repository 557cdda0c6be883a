//! What facts amount to, before any requirement is judged: readings that several checks share.

pub(crate) mod built_in_roles;
pub mod consent;
pub mod directory_roles;
pub mod environment_user;
pub mod import_messages;
pub mod installed;
pub mod licence;
pub mod operations;
pub(crate) mod package;
pub mod partner_tier;
pub mod powers;
