//! What somebody has decided before a plan is made.

use jiff::SignedDuration;

use crate::judge::Selection;
use crate::plan::action::Whom;

/// By what MFA is to be demanded. Nothing demands it without such a decision: it changes how people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MfaBy {
    /// Per-user MFA of the account alone.
    PerUser,
    /// A Conditional Access policy for the account alone, report-only at first.
    ConditionalAccess,
    /// Security defaults, for everybody.
    SecurityDefaults,
}

/// The decisions that a plan rests on. None of them is made by the planner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisions {
    /// Which requirements are put right.
    pub selection: Selection,
    /// By what MFA is demanded.
    pub mfa: Option<MfaBy>,
    /// Accounts that a Conditional Access policy leaves out.
    pub emergency_accounts: Vec<Whom>,
    /// Which licence is assigned: SKU part number or id; else the first free one that would do.
    pub sku: Option<String>,
    /// Country of people who have none, without which no licence can be assigned (ISO 3166, two letters).
    pub usage_location: Option<String>,
    /// Whether a seat may be given to the service account for good.
    pub lasting_licence: bool,
    /// Microsoft's time zone code for a service account that has none.
    pub time_zone: Option<i64>,
    /// A role-assignable group whose members are Global Administrators, by which the role is lent.
    pub role_group: Option<Whom>,
    /// The longest that anything is out on loan.
    pub loan_limit: SignedDuration,
    /// Why, in the words that Microsoft's audit logs will show.
    pub justification: String,
    /// Number of the ticket, where one is asked for.
    pub ticket: Option<String>,
}

impl Decisions {
    /// How long a loan is out at most, unless somebody decides otherwise.
    pub const LOAN_LIMIT: SignedDuration = SignedDuration::from_hours(4);
    /// The reason that is given, unless somebody gives another.
    pub const JUSTIFICATION: &'static str = "Prerequisites of the Work 365 upgrade";
}

impl Default for Decisions {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            mfa: None,
            emergency_accounts: Vec::new(),
            sku: None,
            usage_location: None,
            lasting_licence: false,
            time_zone: None,
            role_group: None,
            loan_limit: Self::LOAN_LIMIT,
            justification: Self::JUSTIFICATION.to_owned(),
            ticket: None,
        }
    }
}
