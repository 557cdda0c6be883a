//! An environment in administration mode, and what somebody plans a window by.

use super::*;

#[test]
fn only_administrators_enter_in_administration_mode() {
    let emulator = world("environment.main.admin_mode = true");
    let reader = testing::application(&emulator, "c07e7000-0000-4000-8000-00000000000a", "sp", URL, &[]);
    let refused = send(&emulator, &reader, "solutions", &[]);
    assert_eq!(outcome(&refused), "403 0x8004a113", "{}", said(&refused));
    assert_eq!(outcome(&ask(&emulator, &Method::GET, "solutions", &Value::Null)), "200");
    let open = world("");
    let reader = testing::application(&open, "c07e7000-0000-4000-8000-00000000000a", "sp", URL, &[]);
    assert_eq!(outcome(&send(&open, &reader, "solutions", &[])), "200");
}

#[test]
fn the_time_zone_of_the_service_account_is_told() {
    let emulator = world("");
    let user = "systemusers?$filter=domainname eq 'svc-work365@contoso.onmicrosoft.com'&$select=systemuserid";
    let user = read(&emulator, user)["value"][0]["systemuserid"].clone();
    let settings = format!(
        "usersettingscollection({})?$select=timezonecode",
        user.as_str().expect("an id")
    );
    assert_eq!(read(&emulator, &settings)["timezonecode"], 110);
}
