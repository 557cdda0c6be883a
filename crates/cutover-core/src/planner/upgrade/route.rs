//! The whole way from what is installed to the target.

use crate::code::Code;
use crate::pack::Pack;
use crate::plan::Refusal;
use crate::planner::Case;
use crate::planner::draft::Draft;
use crate::reading::installed::Installed;
use crate::version::Version;

/// A version from which on the units of a subscription are mapped anew (V48, UNITS48).
const UNITS_SINCE: (u32, u32) = (4, 8);
/// A version from which on an application user is advised in place of a service account (AU1, AU2).
const APPLICATION_USER_SINCE: (u32, u32) = (3, 5);

/// Where the way begins and ends.
#[derive(Debug, Clone)]
pub(super) struct Route<'a> {
    /// What is installed.
    pub(super) installed: Installed<'a>,
    /// Version of the installed core; `None` where nothing is installed.
    pub(super) core: Option<Version>,
    /// Where it ends.
    pub(super) target: Version,
    pack: &'a Pack,
}

impl<'a> Route<'a> {
    /// The way of a tenant. Whether it is legal is judged by W802.
    ///
    /// # Errors
    /// When it is not known what is installed.
    pub(super) fn of(case: &Case<'a>) -> Result<Self, Refusal> {
        let target = case.pack.target(&case.facts.scene);
        let (installed, _) = Installed::of(case.facts, case.pack).map_err(|blind| Refusal {
            requirement: Code::new(802),
            what: format!("upgrade {} to {target}", case.pack.product),
            why: format!("which version is installed could not be read: {}", blind.message),
            unless: Some("open that view".to_owned()),
        })?;
        let core = installed.core_version();
        Ok(Self {
            installed,
            core,
            target,
            pack: case.pack,
        })
    }

    /// Whether the portal is uninstalled before the core is upgraded (UP25).
    pub(super) fn portal_goes_first(&self) -> bool {
        self.installed.portal.is_some()
            && self
                .core
                .is_some_and(|core| core < self.pack.route.portal.remove_before)
    }

    /// Whether the portal is to follow the core.
    pub(super) fn portal_follows(&self) -> bool {
        self.installed
            .portal
            .is_some_and(|portal| portal.version.major_minor() < self.target.major_minor())
    }

    /// Whether the way crosses a version, by its first two numbers.
    fn crosses(&self, line: (u32, u32)) -> bool {
        self.core.is_none_or(|core| core.major_minor() < line) && self.target.major_minor() >= line
    }

    /// Whether units of subscriptions have to be looked over after it.
    pub(super) fn changes_units(&self) -> bool {
        self.crosses(UNITS_SINCE)
    }

    /// The whole of it in words, and what changes on the way.
    pub(super) fn tell(&self, case: &Case<'_>, draft: &mut Draft) {
        // The way itself is judged, and told, by W802.
        if let Some(finding) = case.finding(Code::new(802)) {
            draft.note(finding.sentence());
        }
        if self.portal_goes_first() {
            draft.note(self.pack.route.portal.why.clone());
        }
        if self.changes_units() {
            draft.note(
                "on the way to 4.8 the units Annual and Triennial are added to the unit group Subscriptions and the monthly unit is changed: the unit mapping has to be looked over afterwards",
            );
        }
        if self.crosses(APPLICATION_USER_SINCE)
            || self
                .core
                .is_some_and(|core| core.major_minor() >= APPLICATION_USER_SINCE)
        {
            draft.note(
                "from 3.5 on the vendor advises an application user in place of a licensed service account: Admin Hub > Change Service User, after the upgrade",
            );
        }
    }
}
