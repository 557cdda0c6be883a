//! The service around the rows: who may ask, functions, descriptions, batches.

use http::{HeaderName, Method};
use serde_json::{Value, json};

use super::*;
use crate::dataverse::{multipart, tables::TABLES};

#[test]
fn who_calls_decides_what_is_answered() {
    let emulator = emulator();
    let user = |number| user_token(&emulator, number);
    let application = testing::application(&emulator, APP, &object_id(9), &format!("{URL}/"), &[]);
    let stranger = testing::application(&emulator, &object_id(8), &object_id(8), URL, &[]);
    let elsewhere = testing::user(
        &emulator,
        &object_id(0),
        "a@b.c",
        "https://graph.microsoft.com",
        "user_impersonation",
    );
    let unscoped = testing::user(&emulator, &object_id(0), "a@b.c", URL, "openid");
    let status = |token: &str, target: &str| {
        let reply = send(&emulator, token, target, &[]);
        match reply.body.is_empty() {
            true => reply.status.as_u16().to_string(),
            false => code(&reply).trim().to_owned(),
        }
    };
    for (token, target, wanted) in [
        (user(0), "roles", "200"),
        (user(1), "systemusers", "200"),
        (user(1), "roles", "403 0x80040220"),
        (
            user(1),
            "systemusers?$expand=systemuserroles_association",
            "403 0x80040220",
        ),
        (
            user(1),
            "systemusers?$filter=businessunitid/name eq 'x'",
            "403 0x80040220",
        ),
        (user(1), "WhoAmI", "200"),
        (user(2), "WhoAmI", "403 0x8004a112"),
        (user(3), "WhoAmI", "403 0x80042f09"),
        (user(7), "WhoAmI", "403 0x80072560"),
        (application, "teams", "200"),
        (stranger, "WhoAmI", "403 0x80072560"),
        (elsewhere, "WhoAmI", "401"),
        (unscoped, "WhoAmI", "401"),
        ("x.y.z".to_owned(), "WhoAmI", "401"),
    ] {
        assert_eq!(status(&token, target), wanted, "{target}");
    }
    let denied = send(&emulator, &user(1), "roles", &[]);
    let message = body(&denied)["error"]["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        message.starts_with(&format!(
            "Principal user (Id={}, type=8, roleCount=1, privilegeCount=2",
            user_id(1)
        )),
        "{message}"
    );
    assert!(
        message.contains("is missing prvReadRole privilege (Id=") && message.contains("on OTC=1036 for entity 'role'"),
        "{message}"
    );
    let refused = emulator.answer(&Call::new(Method::GET, URL, "/api/data/v9.2/WhoAmI"));
    assert_eq!(
        refused.headers["www-authenticate"],
        format!(
            "Bearer authorization_uri=https://login.microsoftonline.com/{TENANT}/oauth2/authorize, resource_id={URL}/"
        )
    );
}

#[test]
fn acting_as_somebody_else_needs_the_privilege_and_gives_no_more_than_both_have() {
    let emulator = emulator();
    let (ann, bob) = (user_token(&emulator, 0), user_token(&emulator, 1));
    let as_bob = [("CallerObjectId", &*object_id(1))];
    let who = body(&send(&emulator, &ann, "WhoAmI()", &as_bob));
    assert_eq!(who["UserId"], user_id(1));
    assert_eq!(code(&send(&emulator, &ann, "roles", &as_bob)), "403 0x80040220");
    let as_ann = [("MSCRMCallerID", &*user_id(0))];
    let refused = send(&emulator, &bob, "WhoAmI()", &as_ann);
    assert_eq!(code(&refused), "403 0x80040220");
    assert!(String::from_utf8_lossy(&refused.body).contains("prvActOnBehalfOfAnotherUser"));
    let nobody = [("MSCRMCallerID", &*object_id(0))];
    assert_eq!(code(&send(&emulator, &ann, "WhoAmI()", &nobody)), "403 0x80072560");
}

#[test]
fn functions_answer_with_and_without_parentheses() {
    let who = json!({
        "@odata.context": format!("{URL}/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse"),
        "BusinessUnitId": ROOT, "UserId": user_id(0), "OrganizationId": ORGANIZATION,
    });
    assert_eq!(body(&get("WhoAmI()")), who);
    assert_eq!(body(&get("WhoAmI")), who);
    assert_eq!(body(&get("RetrieveVersion()"))["Version"], "9.2.26011.00123");
    assert_eq!(
        body(&get("RetrieveProvisionedLanguages()"))["RetrieveProvisionedLanguages"],
        json!([1031, 1033])
    );
    assert_eq!(
        body(&get("RetrieveAvailableLanguages"))["LocaleIds"],
        json!([1031, 1033])
    );
    let packs = body(&get("RetrieveInstalledLanguagePacks()"));
    assert!(
        packs["RetrieveInstalledLanguagePacks"]
            .as_array()
            .is_some_and(|packs| packs.contains(&json!(3082)))
    );
    let off = body(&get("RetrieveDeprovisionedLanguages()"));
    assert!(
        off["RetrieveDeprovisionedLanguages"]
            .as_array()
            .is_some_and(|off| !off.contains(&json!(1031)) && off.contains(&json!(1036)))
    );
    for target in [
        "RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType%27Default%27",
        "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')",
    ] {
        assert_eq!(body(&get(target))["Detail"]["TenantId"], TENANT, "{target}");
    }
    let own = body(&get(&format!(
        "systemusers({})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()",
        user_id(1)
    )));
    let names: Vec<&str> = own["RolePrivileges"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|privilege| privilege["PrivilegeName"].as_str())
        .collect();
    assert_eq!(names, ["prvReadTeam", "prvReadUser"]);
    let none = body(&get(&format!(
        "systemusers({})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges",
        user_id(3)
    )));
    assert_eq!(none["RolePrivileges"], json!([]));
}

#[test]
fn tables_are_described() {
    let all = get("EntityDefinitions?$select=LogicalName,EntitySetName");
    assert_eq!(column(&all, "EntitySetName").len(), TABLES.len() + 1);
    let one = get("EntityDefinitions?$select=LogicalName,EntitySetName&$filter=LogicalName%20eq%20%27systemuser%27");
    assert_eq!(column(&one, "EntitySetName"), ["systemusers"]);
    let english = get("EntityDefinitions?$select=DisplayName&LabelLanguages=1033");
    assert_eq!(column(&english, "DisplayName").len(), TABLES.len() + 1);
    let french = body(&get("EntityDefinitions?LabelLanguages=1036&$select=DisplayName"));
    assert_eq!(french["value"][0]["DisplayName"]["LocalizedLabels"], json!([]));
    assert_eq!(get("systemusers?LabelLanguages=1033").status, 400);
    let role = body(&get(
        "EntityDefinitions(LogicalName='role')?$select=PrimaryIdAttribute,DisplayName&$expand=Attributes($select=LogicalName;$filter=AttributeType eq 'Lookup')",
    ));
    assert_eq!(role["PrimaryIdAttribute"], "roleid");
    assert_eq!(role["DisplayName"]["UserLocalizedLabel"]["Label"], "Security Role");
    assert_eq!(role["Attributes"][0]["LogicalName"], "businessunitid");
    let by_id = get(&format!(
        "EntityDefinitions({})",
        role["MetadataId"].as_str().expect("an id")
    ));
    assert_eq!(body(&by_id)["LogicalName"], "role");
    let attribute = body(&get(
        "EntityDefinitions(LogicalName='role')/Attributes(LogicalName='businessunitid')",
    ));
    assert_eq!(attribute["Targets"], json!(["businessunit"]));
    assert_eq!(get("EntityDefinitions(LogicalName='contoso_nope')").status, 404);
    assert_eq!(get("EntityDefinitions(LogicalName='lead')").status, 501);
    let emulator = emulator();
    let denied = send(&emulator, &user_token(&emulator, 1), "EntityDefinitions", &[]);
    assert!(String::from_utf8_lossy(&denied.body).contains("prvReadEntity"));
    assert_eq!(get("EntityDefinitions?$select=Nope").status, 400);
    let sets = body(&get(""));
    assert_eq!(sets["value"].as_array().map(Vec::len), Some(TABLES.len() + 1));
}

#[test]
fn tables_of_apps_are_read_like_all_others() {
    let rows = body(&get(
        "contoso_jobs?$select=contoso_name,statuscode,_ownerid_value&$filter=contoso_done eq true&$expand=ownerid($select=ownerid)",
    ));
    let job = &rows["value"][0];
    assert_eq!(job["contoso_name"], "Sync");
    assert_eq!(job["contoso_jobid"], PROFILE);
    assert_eq!(job["statuscode"], Value::Null);
    assert_eq!(job["ownerid"]["ownerid"], user_id(1));
    let whole = get(&format!("contoso_jobs({PROFILE})"));
    assert!(!String::from_utf8_lossy(&whole.body).contains("_emulator_"));
    let definition = body(&get(
        "EntityDefinitions(LogicalName='contoso_job')?$select=IsCustomEntity,EntitySetName,DisplayName",
    ));
    assert_eq!(definition["IsCustomEntity"], true);
    assert_eq!(definition["DisplayName"]["UserLocalizedLabel"]["Label"], "Job");
    assert_eq!(code(&get("contoso_jobs?$select=contoso_nope")), "400 0x80060888");
    assert_eq!(code(&get("contoso_others")), "404 0x8006088a");
    let emulator = emulator();
    let denied = send(&emulator, &user_token(&emulator, 1), "contoso_jobs", &[]);
    assert!(String::from_utf8_lossy(&denied.body).contains("is missing prvReadcontoso_job privilege"));
}

#[test]
fn what_is_not_there_says_so_by_name() {
    let emulator = emulator();
    let token = user_token(&emulator, 0);
    for (method, path, wanted) in [
        (Method::DELETE, format!("systemusers({})", user_id(0)), "501 0x80004001"),
        (Method::POST, "roles".to_owned(), "501 0x80004001"),
        (Method::POST, "leads".to_owned(), "501 0x80004001"),
        (Method::POST, "BulkDelete".to_owned(), "501 0x80004001"),
        (
            Method::POST,
            format!("systemusers({})/Microsoft.Dynamics.CRM.Nope", user_id(0)),
            "501 0x80004001",
        ),
        (Method::POST, "contoso_others".to_owned(), "404 0x8006088a"),
        (Method::POST, "WhoAmI".to_owned(), "404 "),
        (Method::PATCH, "systemusers".to_owned(), "405 0x80060888"),
        (Method::PUT, format!("systemusers({})", user_id(0)), "405 0x80060888"),
        (Method::GET, "$batch".to_owned(), "405 0x80060888"),
    ] {
        let reply = request(&emulator, &token, &method, &path, &[], "{}");
        assert_eq!(code(&reply), wanted, "{method} {path}");
        if reply.status == 501 {
            let message = body(&reply)["error"]["message"].as_str().unwrap_or_default().to_owned();
            assert!(
                message.starts_with(&format!("the emulator has no operation {method} /")),
                "{message}"
            );
        }
    }
}

#[test]
fn a_batch_answers_its_parts_and_is_one_request() {
    let emulator = emulator();
    let token = user_token(&emulator, 1);
    let part = |request: &str| {
        format!("--b_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{request}\r\n")
    };
    let text = format!(
        "{}{}{}--b_1--\r\n",
        part(&format!(
            "GET {URL}/api/data/v9.2/systemusers?$select=fullname HTTP/1.1\r\nAccept: application/json\r\n"
        )),
        part("GET /api/data/v9.2/roles HTTP/1.1\r\n"),
        part("GET WhoAmI() HTTP/1.1\r\n"),
    );
    let call = Call::new(Method::POST, URL, "/api/data/v9.2/$batch")
        .with(http::header::AUTHORIZATION, &format!("Bearer {token}"))
        .with(http::header::CONTENT_TYPE, "multipart/mixed; boundary=\"b_1\"")
        .with(HeaderName::from_static("prefer"), "odata.continue-on-error")
        .with_body(text);
    let reply = emulator.answer(&call);
    assert_eq!(reply.status, 200);
    let boundary = multipart::boundary(reply.headers["content-type"].to_str().expect("text")).expect("a boundary");
    assert!(boundary.starts_with("batchresponse_"));
    let parts = multipart::read(&reply.body, &boundary, 10).expect("multipart");
    let lines: Vec<String> = parts
        .iter()
        .map(|part| {
            String::from_utf8_lossy(&part.body)
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(lines, ["HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden", "HTTP/1.1 200 OK"]);
    assert!(String::from_utf8_lossy(&parts[0].body).contains("\r\nContent-Type: application/json"));
    assert_eq!(reply.headers["x-ms-ratelimit-burst-remaining-xrm-requests"], "5999");
    assert_eq!(reply.headers["x-ms-ratelimit-time-remaining-xrm-requests"], "1,199.95");
    let next = send(&emulator, &token, "WhoAmI", &[]);
    assert_eq!(next.headers["x-ms-ratelimit-burst-remaining-xrm-requests"], "5998");
    assert_eq!(next.headers["x-ms-ratelimit-time-remaining-xrm-requests"], "1,199.75");
    let entries = emulator.log().entries();
    assert_eq!((entries.len(), entries[0].parts.len()), (2, 3));
}
