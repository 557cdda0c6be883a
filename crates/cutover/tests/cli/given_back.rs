//! `give-back`: what is lent comes back, and the work that is given up by it is no failure.

use crate::tenant::Held;

#[test]
fn giving_back_what_a_dead_run_lent_is_done_when_it_is_back() {
    let held = Held::at_its_first_loan("", "");
    // Until then every command on the tenant is alarmed.
    let check = held.tenant.run("check").ended(8);
    assert!(
        check.stderr.contains("STILL LENT: activate Global Administrator"),
        "{}",
        check.stderr
    );
    let back = held.tenant.run("give-back").ended(0);
    assert!(back.stdout.contains("not begun"), "{}", back.stdout);
    assert!(!back.stdout.contains("STILL OUT"), "{}", back.stdout);
    assert_ne!(held.tenant.run("check").code, 8);
}
