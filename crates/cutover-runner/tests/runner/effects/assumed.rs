//! What no document says may be one way or the other: under each other setting of it everything that is lent comes back.

use cutover_core::machine::{LoanState, Work, state};
use cutover_core::plan::StepId;
use cutover_emulator::assumed::{Assumed, LicenceTaken};
use cutover_runner::carry_out::Effects;
use jiff::SignedDuration;

use super::examples::{every_action, name, stage};
use super::stage::STEP;
use crate::harness::block_on;

/// A setting, and how it differs from what is assumed otherwise.
type Setting = (&'static str, fn(&mut Assumed));

/// The other settings. Written out whole, so that a new one does not compile without a place here.
fn settings() -> Vec<Setting> {
    let Assumed {
        user_sync: _,
        licence_provisioning: _,
        administrator_known: _,
        administrators_keep_system_administrator: _,
        licence_taken: _,
        licence_opens: _,
        processes_stop: _,
        elevation_ends: _,
        // What refuses an installation is no setting under which one ends well: `upgrade/packages.rs` has it.
        install_upgrades: _,
        failed_import_leaves_holding: _,
        failed_installation_leaves_holding: _,
    } = Assumed::default();
    vec![
        ("user_sync at once", |known| known.user_sync = SignedDuration::ZERO),
        ("user_sync late", |known| {
            known.user_sync = SignedDuration::from_mins(50)
        }),
        ("licence_provisioning slow", |known| {
            known.licence_provisioning = SignedDuration::from_mins(10);
        }),
        ("administrator_known at once", |known| {
            known.administrator_known = SignedDuration::ZERO
        }),
        ("administrator_known for long", |known| {
            known.administrator_known = SignedDuration::from_mins(20);
        }),
        ("administrators_keep_system_administrator not", |known| {
            known.administrators_keep_system_administrator = false;
        }),
        ("licence_taken disables", |known| {
            known.licence_taken = LicenceTaken::Disabled
        }),
        ("licence_taken changes nothing", |known| {
            known.licence_taken = LicenceTaken::Untouched
        }),
        ("licence_opens not", |known| known.licence_opens = false),
        ("processes_stop not", |known| known.processes_stop = false),
        ("elevation_ends not", |known| known.elevation_ends = false),
        ("failed_import_leaves_holding otherwise", |known| {
            known.failed_import_leaves_holding = !known.failed_import_leaves_holding;
        }),
        ("failed_installation_leaves_holding otherwise", |known| {
            known.failed_installation_leaves_holding = !known.failed_installation_leaves_holding;
        }),
    ]
}

#[test]
fn under_every_assumption_what_is_lent_comes_back() {
    for (setting, change) in settings() {
        for action in every_action() {
            let what = format!("{setting}: {}", name(&action));
            let returns = action.describe().gives_back().is_some();
            let mut stage = stage(action);
            stage.tenant.emulator.write(|state| change(&mut state.assumed));
            let before = block_on(stage.effects.look(stage.step())).expect("a look");
            let driven = stage.drive();
            assert!(
                driven.end.work == Work::Complete,
                "{what}: {:?}\n{}",
                driven.end,
                driven.story()
            );
            if returns {
                let standing = state(&stage.plan, &driven.events).of(&StepId::from(STEP));
                assert_eq!(standing.loan(), LoanState::Proved, "{what}\n{}", driven.story());
                // Dataverse learns of other things by these settings; what was lent is as it was.
                let after = block_on(stage.effects.look(stage.step())).expect("a look");
                assert_eq!((after.held, after.value), (before.held, before.value), "{what}");
            }
        }
    }
}
