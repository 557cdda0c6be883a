//! Choice columns: what their numbers stand for, in English, after the entity reference.

use super::metadata::Kind;
use super::metadata::Kind::Choice;

pub(super) const ACCESS_MODE: Kind = Choice(&[
    (0, "Read-Write"),
    (1, "Administrative"),
    (2, "Read"),
    (3, "Support User"),
    (4, "Non-interactive"),
    (5, "Delegated Admin"),
]);
pub(super) const AZURE_STATE: Kind = Choice(&[(0, "Exists"), (1, "Soft deleted"), (2, "Not found or hard deleted")]);
pub(super) const LICENCE_TYPE: Kind = Choice(&[
    (0, "Professional"),
    (1, "Administrative"),
    (2, "Basic"),
    (5, "Essential"),
    (7, "Enterprise"),
    (9, "Sales"),
    (10, "Service"),
    (11, "Field Service"),
    (12, "Project Service"),
]);
pub(super) const DELETED_STATE: Kind = Choice(&[(0, "Not deleted"), (1, "Soft deleted")]);
pub(super) const EMAIL_APPROVAL: Kind =
    Choice(&[(0, "Empty"), (1, "Approved"), (2, "Pending Approval"), (3, "Rejected")]);
pub(super) const INCOMING_EMAIL: Kind = Choice(&[
    (0, "None"),
    (1, "Microsoft Dynamics 365 for Outlook"),
    (2, "Server-Side Synchronization or Email Router"),
    (3, "Forward Mailbox"),
]);
pub(super) const INVITE_STATUS: Kind = Choice(&[
    (0, "Invitation Not Sent"),
    (1, "Invited"),
    (2, "Invitation Near Expired"),
    (3, "Invitation Expired"),
    (4, "Invitation Accepted"),
    (5, "Invitation Rejected"),
    (6, "Invitation Revoked"),
]);
pub(super) const OUTGOING_EMAIL: Kind = Choice(&[
    (0, "None"),
    (1, "Microsoft Dynamics 365 for Outlook"),
    (2, "Server-Side Synchronization or Email Router"),
]);
pub(super) const USER_TYPE: Kind = Choice(&[(0, "Entra User"), (1, "C2 User")]);
pub(super) const MEMBERSHIP_TYPE: Kind =
    Choice(&[(0, "Members and guests"), (1, "Members"), (2, "Owners"), (3, "Guests")]);
pub(super) const TEAM_TYPE: Kind = Choice(&[(0, "Owner"), (1, "Access"), (2, "Security Group"), (3, "Office Group")]);
pub(super) const AUTO_ASSIGNED: Kind = Choice(&[(0, "No"), (1, "Yes")]);
pub(super) const INHERITED: Kind = Choice(&[
    (0, "Team privileges only"),
    (1, "Direct User (Basic) access level and Team privileges"),
]);
pub(super) const ORGANIZATION_STATE: Kind =
    Choice(&[(0, "Creating"), (1, "Upgrading"), (2, "Updating"), (3, "Active")]);
pub(super) const SOLUTION_TYPE: Kind = Choice(&[(0, "None"), (1, "Snapshot"), (2, "Internal")]);
pub(super) const OPERATION_TYPE: Kind = Choice(&[
    (54, "Execute Async Request"),
    (201, "Provision language for user"),
    (203, "Import Solution"),
    (204, "Publish All"),
    (207, "Delete and Promote"),
    (208, "Uninstall Solution"),
    (209, "Provision Language"),
    (211, "Stage and Upgrade"),
]);
pub(super) const JOB_STATE: Kind = Choice(&[(0, "Ready"), (1, "Suspended"), (2, "Locked"), (3, "Completed")]);
pub(super) const JOB_STATUS: Kind = Choice(&[
    (0, "Waiting For Resources"),
    (10, "Waiting"),
    (20, "In Progress"),
    (21, "Pausing"),
    (22, "Canceling"),
    (30, "Succeeded"),
    (31, "Failed"),
    (32, "Canceled"),
]);
pub(super) const COMPONENT_STATE: Kind = Choice(&[
    (0, "Published"),
    (1, "Unpublished"),
    (2, "Deleted"),
    (3, "Deleted Unpublished"),
]);
pub(super) const ALLOWED: Kind = Choice(&[(0, "Not Allowed"), (4, "Allowed")]);
pub(super) const ACTIVE_STATE: Kind = Choice(&[(0, "Active"), (1, "Inactive")]);
pub(super) const ACTIVE_STATUS: Kind = Choice(&[(1, "Active"), (2, "Inactive")]);
pub(super) const ACCOUNT_CATEGORY: Kind = Choice(&[(1, "Preferred Customer"), (2, "Standard")]);
pub(super) const PROCESS_CATEGORY: Kind = Choice(&[
    (0, "Workflow"),
    (1, "Dialog"),
    (2, "Business Rule"),
    (3, "Action"),
    (4, "Business Process Flow"),
    (5, "Modern Flow"),
    (6, "Desktop Flow"),
]);
pub(super) const PROCESS_STATE: Kind = Choice(&[(0, "Draft"), (1, "Activated"), (2, "Suspended")]);
pub(super) const PROCESS_STATUS: Kind = Choice(&[(1, "Draft"), (2, "Activated"), (3, "CompanyDLPViolation")]);
pub(super) const PROCESS_TYPE: Kind = Choice(&[(1, "Definition"), (2, "Activation"), (3, "Template")]);
