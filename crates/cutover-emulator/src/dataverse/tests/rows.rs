//! Rows: addresses, query options, pages, annotations.

use serde_json::{Value, json};

use super::*;

#[test]
fn rows_are_found_along_every_kind_of_path() {
    let ann = user_id(0);
    let bob = user_id(1);
    let cases: &[(String, &str, &[&str])] = &[
        ("roles?$select=name".into(), "name", &["Systemadministrator", "Reader", "Reader"]),
        (format!("systemusers({ann})/systemuserroles_association"), "name", &["Systemadministrator"]),
        (format!("roles({ADMIN_ROLE})/systemuserroles_association?$orderby=fullname desc"), "fullname", &["Cem", "Ann"]),
        (format!("systemusers({bob})/teammembership_association"), "name", &["Sales"]),
        (format!("teams({TEAM})/teammembership_association"), "fullname", &["Bob"]),
        (format!("teams({TEAM})/teamroles_association"), "roleid", &[READER_COPY]),
        (format!("fieldsecurityprofiles({PROFILE})/systemuserprofiles_association"), "fullname", &["Ann"]),
        (format!("fieldsecurityprofiles({PROFILE})/teamprofiles_association"), "name", &["Sales"]),
        (format!("systemusers({ann})/systemuserprofiles_association"), "name", &["Work 365 Admin"]),
        (format!("fieldsecurityprofiles({PROFILE})/lk_fieldpermission_fieldsecurityprofileid"), "fieldpermissionid", &[PROFILE]),
        (format!("businessunits({ROOT})/business_unit_parent_business_unit"), "name", &["Sales"]),
        (format!("systemusers({ann})/businessunitid/business_unit_system_users"), "fullname", &["Ann", "Dora"]),
        (format!("systemusers(azureactivedirectoryobjectid={})/businessunitid/business_unit_teams", object_id(1)), "name", &["Sales", "Access"]),
        (format!("systemusers?$filter=azureactivedirectoryobjectid eq {}", object_id(1)), "fullname", &["Bob"]),
        (format!("systemusers?%24filter=_businessunitid_value%20eq%20{ROOT}+and+isdisabled+eq+false"), "fullname", &["Ann", "Dora"]),
        ("systemusers?$filter=fullname eq 'BOB'".into(), "fullname", &["Bob"]),
        ("systemusers?$filter=fullname eq @p1&@p1='Bob'".into(), "fullname", &["Bob"]),
        ("systemusers?$filter=businessunitid/name eq 'Sales' and not startswith(fullname,'#')".into(), "fullname", &["Bob", "Cem"]),
        ("systemusers?$filter=systemuserroles_association/any(r:r/roletemplateid/roletemplateid ne null or r/name eq 'Reader')".into(), "fullname", &["# service"]),
        ("systemusers?$filter=createdon lt 2026-01-03 and applicationid ne null".into(), "fullname", &["# service"]),
        ("systemusers?$top=2&$orderby=fullname".into(), "fullname", &["# service", "Ann"]),
        ("/api/data/v9.0/systemusers/Microsoft.Dynamics.CRM.systemuser?$top=1".into(), "fullname", &["Ann"]),
    ];
    for (target, name, wanted) in cases {
        let reply = get(target);
        assert_eq!(reply.status, 200, "{target}: {:?}", reply.body);
        assert_eq!(column(&reply, name), *wanted, "{target}");
    }
}

#[test]
fn a_row_has_its_columns_tag_and_context_and_nothing_of_the_emulator() {
    let reply = get(&format!("systemusers({})", user_id(0)));
    let user = body(&reply);
    assert_eq!(user["@odata.etag"], "W/\"100\"");
    assert_eq!(
        user["@odata.context"],
        format!("{URL}/api/data/v9.2/$metadata#systemusers/$entity")
    );
    assert_eq!(user["ownerid"], user["systemuserid"]);
    assert_eq!(user["middlename"], Value::Null, "a column without a value is null");
    assert!(!String::from_utf8_lossy(&reply.body).contains("_emulator_"));
    assert!(user.get("@odata.type").is_none());
    for (name, value) in [
        ("odata-version", "4.0"),
        ("content-type", "application/json; odata.metadata=minimal"),
        ("x-ms-ratelimit-burst-remaining-xrm-requests", "5999"),
    ] {
        assert_eq!(reply.headers[name], value);
    }
    assert_eq!(reply.headers["x-ms-service-request-id"], reply.headers["req_id"]);
    let selected = body(&get(&format!("systemusers({})?$select=fullname", user_id(0))));
    let names: Vec<&String> = selected.as_object().expect("a row").keys().collect();
    assert_eq!(
        names,
        ["@odata.context", "@odata.etag", "fullname", "systemuserid", "ownerid"]
    );
    let tag = [("If-None-Match", "W/\"100\"")];
    assert_eq!(get_with(&format!("systemusers({})", user_id(0)), &tag).status, 304);
    let changed = [("If-Match", "W/\"99\"")];
    assert_eq!(
        code(&get_with(&format!("systemusers({})", user_id(0)), &changed)),
        "412 0x80060882"
    );
}

#[test]
fn properties_counts_references_and_empty_lookups() {
    let ann = user_id(0);
    let text = |target: &str| String::from_utf8(get(target).body.to_vec()).expect("text");
    assert_eq!(text("systemusers/$count"), "5");
    assert_eq!(text("systemusers/$count?$filter=isdisabled eq true"), "1");
    assert_eq!(text("solutions/$count"), "0");
    assert_eq!(text(&format!("systemusers({ann})/fullname/$value")), "Ann");
    assert_eq!(body(&get(&format!("systemusers({ann})/isdisabled")))["value"], false);
    assert_eq!(get(&format!("systemusers({ann})/jobtitle")).status, 204);
    assert_eq!(get(&format!("businessunits({ROOT})/parentbusinessunitid")).status, 204);
    assert_eq!(
        body(&get(&format!("systemusers({ann})/businessunitid?$select=name")))["name"],
        "Contoso"
    );
    let link = format!("{URL}/api/data/v9.2/roles({ADMIN_ROLE})");
    let links = body(&get(&format!("systemusers({ann})/systemuserroles_association/$ref")));
    assert_eq!(links["value"], json!([{"@odata.id": link}]));
    let unit = body(&get(&format!("systemusers({ann})/businessunitid/$ref")));
    assert_eq!(unit["@odata.id"], format!("{URL}/api/data/v9.2/businessunits({ROOT})"));
    let one = get(&format!(
        "systemusers({ann})/systemuserroles_association({ADMIN_ROLE})?$select=name"
    ));
    assert_eq!(body(&one)["name"], "Systemadministrator");
    let other = get(&format!(
        "systemusers({ann})/systemuserroles_association({READER_ROLE})"
    ));
    assert_eq!(code(&other), "404 0x80040217");
}

#[test]
fn related_rows_come_with_expand() {
    let target = format!(
        "systemusers({})?$select=fullname&$expand=businessunitid($select=name;$expand=parentbusinessunitid($select=name)),teammembership_association($select=name;$filter=name eq 'Sales';$expand=teamroles_association($select=name))",
        user_id(1)
    );
    let user = body(&get(&target));
    assert_eq!(user["businessunitid"]["parentbusinessunitid"]["name"], "Contoso");
    let team = &user["teammembership_association"][0];
    assert_eq!(team["teamroles_association"][0]["name"], "Reader");
    assert!(team["@odata.etag"].is_string());
    assert_eq!(
        user["@odata.context"],
        format!(
            "{URL}/api/data/v9.2/$metadata#systemusers(fullname,businessunitid(name,parentbusinessunitid(name)),teammembership_association(name,teamroles_association(name)))/$entity"
        )
    );
    let unit = body(&get(&format!(
        "businessunits({SALES})?$expand=business_unit_system_users($select=fullname;$orderby=fullname desc;$top=1),organizationid"
    )));
    assert_eq!(unit["organizationid"], Value::Null);
    assert_eq!(unit["business_unit_system_users"][0]["fullname"], "Cem");
    assert_eq!(unit["business_unit_system_users"][0]["_businessunitid_value"], SALES);
    let link = unit["business_unit_system_users@odata.nextLink"]
        .as_str()
        .expect("a link");
    assert_eq!(
        link,
        format!(
            "{URL}/api/data/v9.2/businessunits({SALES})/business_unit_system_users?$select=fullname&$orderby=fullname%20desc&$top=1"
        )
    );
    assert_eq!(column(&get(link.strip_prefix(URL).expect("here")), "fullname"), ["Cem"]);
    let reference = body(&get(&format!(
        "roles({READER_COPY})?$select=name&$expand=parentrootroleid/$ref"
    )));
    assert_eq!(
        reference["parentrootroleid"]["@odata.id"],
        format!("{URL}/api/data/v9.2/roles({READER_ROLE})")
    );
}

#[test]
fn pages_are_followed_to_the_end() {
    let emulator = emulator();
    let token = user_token(&emulator, 0);
    let page = [("Prefer", "odata.maxpagesize=2")];
    let mut target = "/api/data/v9.1/systemusers?$select=fullname&$orderby=fullname&$count=true&$top=1".to_owned();
    let mut names = Vec::new();
    loop {
        let reply = send(&emulator, &token, &target, &page);
        assert_eq!(reply.headers["preference-applied"], "odata.maxpagesize=2");
        names.extend(column(&reply, "fullname"));
        let body = body(&reply);
        assert_eq!(body["@odata.count"], 5);
        match body["@odata.nextLink"].as_str() {
            Some(link) => target = link.strip_prefix(URL).expect("here").to_owned(),
            None => break,
        }
    }
    assert_eq!(names, ["# service", "Ann", "Bob", "Cem", "Dora"]);
    let tampered = target.replace("pagenumber=%223", "pagenumber=%222");
    assert_ne!(tampered, target);
    assert_eq!(code(&send(&emulator, &token, &tampered, &page)), "400 0x80060888");
    let counted = "/api/data/v9.1/systemusers?%24select=fullname&%24skiptoken=%3Ccookie+pagenumber%3D%222%22+istracking%3D%22False%22+%2F%3E";
    assert_eq!(
        column(&send(&emulator, &token, counted, &page), "fullname"),
        ["Cem", "Dora"]
    );
    let nested = format!(
        "/api/data/v9.2/businessunits({SALES})?$select=name&$expand=business_unit_system_users($select=fullname;$expand=businessunitid($select=name))"
    );
    let first = body(&send(&emulator, &token, &nested, &page));
    assert_eq!(first["business_unit_system_users"].as_array().map(Vec::len), Some(2));
    let link = first["business_unit_system_users@odata.nextLink"]
        .as_str()
        .expect("more");
    let second = send(&emulator, &token, link.strip_prefix(URL).expect("here"), &page);
    assert_eq!(column(&second, "fullname"), ["# service"]);
}

#[test]
fn annotations_come_only_when_asked_for() {
    let target = "systemusers?$select=accessmode,isdisabled,createdon,_businessunitid_value&$filter=fullname eq 'Bob'&$count=true";
    let plain = String::from_utf8(get(target).body.to_vec()).expect("text");
    assert!(!plain.contains("FormattedValue") && !plain.contains("CRM.totalrecordcount"));
    let reply = get_with(target, &[("Prefer", "odata.include-annotations=\"*\"")]);
    assert_eq!(reply.headers["preference-applied"], "odata.include-annotations=\"*\"");
    let list = body(&reply);
    assert_eq!(list["@Microsoft.Dynamics.CRM.totalrecordcount"], 1);
    assert_eq!(list["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"], false);
    let user = &list["value"][0];
    for (name, value) in [
        ("accessmode@OData.Community.Display.V1.FormattedValue", "Read-Write"),
        ("isdisabled@OData.Community.Display.V1.FormattedValue", "No"),
        (
            "createdon@OData.Community.Display.V1.FormattedValue",
            "1/2/2026 1:04 PM",
        ),
        (
            "_businessunitid_value@OData.Community.Display.V1.FormattedValue",
            "Sales",
        ),
        (
            "_businessunitid_value@Microsoft.Dynamics.CRM.lookuplogicalname",
            "businessunit",
        ),
        (
            "_businessunitid_value@Microsoft.Dynamics.CRM.associatednavigationproperty",
            "businessunitid",
        ),
    ] {
        assert_eq!(user[name], value, "{name}");
    }
    let refused = get_with(
        "systemusers?$select=x",
        &[("Prefer", "odata.include-annotations=\"*\"")],
    );
    assert_eq!(
        body(&refused)["error"]["@Microsoft.PowerApps.CDS.ErrorDetails.HttpStatusCode"],
        "400"
    );
    assert!(
        body(&get("systemusers?$select=x"))["error"]
            .as_object()
            .is_some_and(|error| error.len() == 2)
    );
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let ann = user_id(0);
    let cases: &[(&str, &str, &str)] = &[
        ("systemusers?$select=fullName", "400 0x80060888", "'fullName'"),
        ("systemusers?$filter=nope eq 1", "400 0x80060888", "'nope'"),
        (
            "systemusers?$filter=businessunitid/nope eq 1",
            "400 0x80060888",
            "'nope'",
        ),
        (
            "systemusers?$filter=systemuserroles_association/any(r:r/nope eq 1)",
            "400 0x80060888",
            "'nope'",
        ),
        ("systemusers?$orderby=nope", "400 0x80060888", "'nope'"),
        ("systemusers?$expand=nope", "400 0x80060888", "'nope'"),
        (
            "systemusers?$expand=systemuserroles_association($select=nope)",
            "400 0x80060888",
            "'nope'",
        ),
        (
            "systemusers?$expand=systemuserroles_association/$ref",
            "400 0x80060888",
            "$ref",
        ),
        (
            "systemusers?$expand=businessunitid($top=1)",
            "400 0x80060888",
            "many-to-one",
        ),
        ("systemusers?$skip=1", "400 0x80060888", "$skip"),
        ("systemusers?$search=x", "400 0x80060888", "$search"),
        ("systemusers?color=x", "400 0x80060888", "color"),
        (
            "systemusers?$filter=isdisabled eq 'x'",
            "400 0x80060888",
            "incompatible",
        ),
        ("systemusers?$filter=fullname in ('a')", "400 0x80060888", "In"),
        ("systemusers?$skiptoken=x", "400 0x80060888", "Paging Cookie"),
        ("systemusers(1)", "400 0x80060888", "Edm.Guid"),
        ("systemusers(fullname='Ann')", "400 0x80060890", "fullname"),
        (
            "systemusers(azureactivedirectoryobjectid=0d2f6c1a-5b7e-4c3d-9a10-1f2e3d4c5b99)",
            "404 0x80060891",
            "systemuser",
        ),
        (
            "systemusers(0d2f6c1a-5b7e-4c3d-9a10-1f2e3d4c5b99)",
            "404 0x80040217",
            "'SystemUser' With Id = 0d2f6c1a",
        ),
        ("systemuser", "404 0x8006088a", "'systemuser'"),
        ("WhoAmI(a=1)", "404 0x8006088a", "WhoAmI"),
        ("leads?$top=1", "501 0x80004001", "GET /leads"),
        ("systemusers?$apply=x", "501 0x80004001", "$apply"),
        ("systemusers?fetchXml=%3Cfetch/%3E", "501 0x80004001", "fetchXml"),
        (
            "systemusers?$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='systemuserid')",
            "501 0x80004001",
            "EqualUserId",
        ),
        ("systemusers?$expand=queueid", "501 0x80004001", "queueid"),
        ("$metadata", "501 0x80004001", "$metadata"),
    ];
    for (target, wanted, named) in cases {
        let reply = get(target);
        assert_eq!(code(&reply), *wanted, "{target}");
        let message = body(&reply)["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(named), "{target}: {message}");
    }
    assert_eq!(
        code(&get(&format!("systemusers({ann})?$filter=isdisabled eq true"))),
        "400 0x80060888"
    );
}
