//! The permission manifest as a person and a script get it.

use serde_json::{Value, json};

use crate::bad_input::SOUND;
use crate::json_schema;
use crate::program::Place;

fn names(tenant: &Value, kind: &str) -> Vec<String> {
    let rights = tenant["rights"].as_array().unwrap().iter();
    let of_kind = rights.filter(|right| right["kind"] == kind);
    of_kind
        .map(|right| right["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_told_fits_the_schema_in_every_kind_of_tenant() {
    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::permissions_v1::Report)).unwrap();
    for world in [
        "",
        "--world ready",
        "--world two-tenants",
        "--world tier-2",
        "--world application-user",
    ] {
        for who in ["application", "person"] {
            let run = Place::new()
                .run(&format!("permissions {world} --as {who} -o json"))
                .ended(0);
            let report = run.json();
            let faults = json_schema::faults(&schema, &report);
            assert!(faults.is_empty(), "{world} {who}: {faults:#?}");
            assert_eq!(report["configured"], json!(!world.is_empty()));
            assert_eq!(report["sign_in"], json!(who));
            for tenant in report["tenants"].as_array().unwrap() {
                for right in tenant["rights"].as_array().unwrap() {
                    assert!(!right["calls"].as_array().unwrap().is_empty(), "{right}");
                    let graph = right["api"] == "Microsoft Graph";
                    assert!(!graph || right["id"].is_string(), "{right} cannot be asked for");
                }
            }
        }
    }
}

#[test]
fn who_signs_in_where_and_for_what_decides_what_is_needed() {
    let tenants = |command: &str| -> Vec<Value> {
        let report = Place::new()
            .run(&format!("permissions {command} -o json"))
            .ended(0)
            .json();
        report["tenants"].as_array().unwrap().clone()
    };
    let one = tenants("--world ready");
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["sides"], json!(["home", "partner"]));
    assert_eq!(names(&one[0], "partner-center-role"), ["Admin agent"]);
    assert!(
        names(&one[0], "directory-role").is_empty(),
        "an application holds no roles"
    );
    let two = tenants("--world two-tenants --as person");
    assert_eq!(
        [&two[0]["sides"], &two[1]["sides"]],
        [&json!(["home"]), &json!(["partner"])]
    );
    assert_eq!(
        names(&two[0], "directory-role"),
        ["Global Reader", "Power Platform Administrator"]
    );
    assert_eq!(two[1]["tenant"], "contosopartner.onmicrosoft.com");
    let indirect = tenants("--world tier-2");
    assert!(names(&indirect[0], "partner-center-role").is_empty());
    let narrow = tenants("--world ready --only W701 --as person");
    assert_eq!(names(&narrow[0], "delegated-permission"), ["user_impersonation"]);
}

#[test]
fn the_manifest_asks_by_id_and_the_link_names_tenant_and_application() {
    let run = Place::new()
        .run("permissions --world ready --only W502 -o manifest")
        .ended(0);
    let asked = run.json();
    let graph = &asked["requiredResourceAccess"][0];
    assert_eq!(graph["resourceAppId"], "00000003-0000-0000-c000-000000000000");
    let access = graph["resourceAccess"].as_array().unwrap();
    // Policy.Read.All, as Microsoft's own list of permissions has it.
    assert!(access.contains(&json!({"id": "246dd0d5-5bd0-4def-940b-0421030a5b68", "type": "Role"})));

    let place = Place::new();
    place.write("cutover.toml", SOUND.split("[connection]").next().unwrap());
    let told = place.run("permissions --as person").ended(0).stdout;
    for part in [
        "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/adminconsent?client_id=",
        "scope=https%3A%2F%2Fgraph.microsoft.com%2F",
        "%2Fuser_impersonation",
        "for W",
        "https://learn.microsoft.com/graph/api/",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told = place.run("permissions").ended(0).stdout;
    let link = "https://login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent?client_id=";
    assert!(told.contains(link), "{told}");
    // What has no published id is said, and does not spoil the file.
    let run = place.run("permissions --as person -o manifest").ended(0);
    assert!(
        run.stderr.contains("EnvironmentManagement.Environments.Read"),
        "{}",
        run.stderr
    );
    run.json();
}

#[test]
fn who_carries_a_plan_out_needs_more_than_who_looks() {
    let tenants = |purpose: &str, who: &str| {
        let run = Place::new()
            .run(&format!(
                "permissions --for {purpose} --as {who} --world two-tenants -o json"
            ))
            .ended(0);
        let report = run.json();
        assert_eq!(report["purpose"], purpose);
        report["tenants"].as_array().unwrap().clone()
    };
    for (who, kind) in [
        ("application", "application-permission"),
        ("person", "delegated-permission"),
    ] {
        let look = tenants("check", who);
        assert_eq!(look, tenants("plan", who), "a plan looks at what a check does");
        let change = tenants("apply", who);
        let upgrade = tenants("upgrade", who);
        for (tenant, more) in change.iter().zip(&upgrade) {
            let more = names(more, kind);
            assert!(
                names(tenant, kind).iter().all(|name| more.contains(name)),
                "{who}: {more:?}"
            );
        }
        // The installation is asked for by whoever upgrades, and by nobody who prepares.
        let installs = |tenants: &[Value]| {
            tenants.iter().any(|tenant| {
                names(tenant, "delegated-permission").contains(&"AppManagement.ApplicationPackages.Install".to_owned())
            })
        };
        assert!(!installs(&change), "{who}");
        assert_eq!(installs(&upgrade), who == "person", "{who}");
        let written = names(&change[0], kind);
        for write in ["RoleManagement.ReadWrite.Directory", "User.ReadWrite.All"] {
            assert!(written.iter().any(|name| name == write), "{who}: {written:?}");
            assert!(!names(&look[0], kind).iter().any(|name| name == write), "{who}");
        }
        assert!(!names(&look[1], kind).contains(&"GroupMember.ReadWrite.All".to_owned()));
        assert!(
            names(&change[1], kind).contains(&"GroupMember.ReadWrite.All".to_owned()),
            "{who}"
        );
        assert!(
            !names(&change[1], kind).contains(&"User.ReadWrite.All".to_owned()),
            "{who}"
        );
        // What a plan lends is not asked of a person beforehand.
        assert_eq!(
            names(&look[0], "directory-role"),
            names(&change[0], "directory-role"),
            "{who}"
        );
    }
    Place::new().run("permissions --only W999").ended(2);
    Place::new().run("permissions -c nowhere.toml").ended(2);
}

#[test]
fn consent_links_lead_to_the_clouds_own_hosts() {
    for (world, own, foreign) in [
        ("gcc-high", "https://login.microsoftonline.us/", "microsoftonline.com"),
        (
            "china",
            "https://login.partner.microsoftonline.cn/",
            "microsoftonline.com",
        ),
    ] {
        for who in ["application", "person"] {
            let run = Place::new()
                .run(&format!("permissions --world {world} --as {who} -o json"))
                .ended(0);
            let report = run.json();
            let links: Vec<&str> = report["tenants"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|tenant| tenant["consent"].as_array().unwrap())
                .map(|link| link["url"].as_str().unwrap())
                .collect();
            assert!(!links.is_empty(), "{world} {who}");
            for link in links {
                assert!(link.starts_with(own), "{link}");
                assert!(
                    !link.contains(foreign) && !link.contains("graph.microsoft.com"),
                    "{link}"
                );
            }
        }
    }
}

#[test]
fn the_configured_way_to_sign_in_decides_who_asks_and_what_is_consented_to() {
    let place = Place::new();
    let client_id = "client_id = \"c07e7000-0000-4000-8000-00000000000c\"";
    let base = SOUND.split("[connection]").next().unwrap();
    let line = base.lines().find(|line| line.starts_with("client_id")).unwrap();
    for (lines, who, instead) in [
        (format!("{client_id}\nmethod = \"browser\""), "person", None),
        (format!("{client_id}\nmethod = \"client-secret\""), "application", None),
        (client_id.to_owned(), "application", None),
        (
            "method = \"azure-cli\"".to_owned(),
            "person",
            Some("Microsoft's own application"),
        ),
        (
            "method = \"managed-identity\"".to_owned(),
            "application",
            Some("app role"),
        ),
    ] {
        place.write("cutover.toml", base.replacen(line, &lines, 1));
        let report = place.run("permissions -o json").ended(0).json();
        let tenant = &report["tenants"][0];
        assert_eq!(report["sign_in"], who, "{lines}");
        assert_eq!(
            tenant["consent"].as_array().unwrap().is_empty(),
            instead.is_some(),
            "{lines}"
        );
        assert_eq!(tenant["client_id"].is_null(), instead.is_some(), "{lines}");
        let told = place.run("permissions").ended(0).stdout;
        assert!(!told.contains("00000000-0000-0000-0000-000000000000"), "{told}");
        assert!(
            told.contains(instead.unwrap_or("admin_consent=True in its address")),
            "{told}"
        );
    }
    // What is asked for on the command line comes first.
    let report = place.run("permissions -o json --as person").ended(0).json();
    assert_eq!(report["sign_in"], "person");
    let report = place.run("permissions -o json --sign-in device-code").ended(0).json();
    assert_eq!(report["sign_in"], "person");
}
