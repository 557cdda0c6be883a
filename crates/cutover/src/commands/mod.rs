//! The commands, one file each.

pub(crate) mod abort;
pub(crate) mod apply;
pub(crate) mod attest;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod emulator;
pub(crate) mod explain;
pub(crate) mod explain_mfa;
pub(crate) mod facts;
pub(crate) mod give_back;
pub(crate) mod init;
pub(crate) mod judge;
pub(crate) mod leases;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod permissions;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod resume;
pub(crate) mod runs;
pub(crate) mod upgrade;
pub(crate) mod verify_bundle;
pub(crate) mod whoami;
