//! Tables and columns described.

use super::*;

/// The jobs of an app, with the columns and choices that its definition lists.
fn described() -> Emulator {
    let emulator = emulator();
    let label = |text: &str, german: &str| {
        json!({
            "LocalizedLabels": [{"Label": text, "LanguageCode": 1033}, {"Label": german, "LanguageCode": 1031}],
            "UserLocalizedLabel": {"Label": text, "LanguageCode": 1033},
        })
    };
    emulator.write(|state| {
        let tables = &mut state.environments[0].tables;
        let definition = tables
            .find_mut("EntityDefinitions", "LogicalName", "contoso_job")
            .expect("the table");
        definition.insert(
            "Attributes".to_owned(),
            json!([
                {"LogicalName": "contoso_due", "AttributeType": "DateTime", "DisplayName": label("Scheduled For", "Geplant")},
                {"LogicalName": "statuscode", "AttributeType": "Status", "DisplayName": label("Status", "Stand"), "OptionSet": {
                    "Options": [
                        {"Value": 1, "State": 0, "Label": label("Waiting", "Wartet")},
                        {"Value": 4, "State": 1, "Label": label("Succeeded", "Fertig")},
                    ],
                }},
            ]),
        );
        let job = tables.find_mut("contoso_jobs", "contoso_jobid", PROFILE).expect("the job");
        job.insert("statuscode".to_owned(), json!(4));
    });
    emulator
}

#[test]
fn columns_have_names_and_choices() {
    let emulator = described();
    let read = |target: &str| send(&emulator, &user_token(&emulator, 0), target, &[]);
    let job = "EntityDefinitions(LogicalName='contoso_job')";
    let columns = body(&read(&format!(
        "{job}/Attributes?LabelLanguages=1031&$select=LogicalName,AttributeType,DisplayName"
    )));
    let due = columns["value"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["LogicalName"] == "contoso_due"))
        .expect("the column");
    assert_eq!(due["AttributeType"], "DateTime");
    assert_eq!(
        due["DisplayName"]["LocalizedLabels"],
        json!([{"Label": "Geplant", "LanguageCode": 1031}])
    );
    let status = format!("{job}/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata");
    let status = body(&read(&format!(
        "{status}?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet"
    )));
    let column = &status["value"][0];
    assert_eq!(
        (
            &status["value"].as_array().map(Vec::len),
            &column["LogicalName"],
            &column["GlobalOptionSet"]
        ),
        (&Some(1), &json!("statuscode"), &Value::Null)
    );
    let options: Vec<_> = column["OptionSet"]["Options"]
        .as_array()
        .expect("options")
        .iter()
        .map(|option| {
            (
                option["Value"].as_i64(),
                option["State"].as_i64(),
                option["Label"]["UserLocalizedLabel"]["Label"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        options,
        [
            (Some(1), Some(0), Some("Waiting")),
            (Some(4), Some(1), Some("Succeeded"))
        ]
    );
    let one = format!("{job}/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata");
    let set = body(&read(&format!("{one}/OptionSet?$select=Options")));
    assert_eq!(set["Options"][1]["Value"], 4);
    let row = send(
        &emulator,
        &user_token(&emulator, 0),
        &format!("contoso_jobs({PROFILE})?$select=statuscode,contoso_due"),
        &[("Prefer", "odata.include-annotations=\"*\"")],
    );
    assert_eq!(
        body(&row)["statuscode@OData.Community.Display.V1.FormattedValue"],
        "Succeeded"
    );
    assert_eq!(body(&row)["contoso_due"], Value::Null);
}

#[test]
fn choices_of_microsofts_tables_and_standard_ones_are_told() {
    let emulator = emulator();
    let read = |target: &str| body(&send(&emulator, &user_token(&emulator, 0), target, &[]));
    let users = "EntityDefinitions(LogicalName='systemuser')/Attributes";
    let mode = read(&format!(
        "{users}(LogicalName='accessmode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet"
    ));
    assert_eq!(
        mode["OptionSet"]["Options"][4]["Label"]["UserLocalizedLabel"]["Label"],
        "Non-interactive"
    );
    let jobs = "EntityDefinitions(LogicalName='contoso_job')/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata";
    let standard = read(&format!("{jobs}?$expand=OptionSet"));
    assert_eq!(
        standard["value"][0]["OptionSet"]["Options"][0]["Label"]["UserLocalizedLabel"]["Label"],
        "Active"
    );
    let lookups = read(
        "EntityDefinitions(LogicalName='role')?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Lookup')",
    );
    assert_eq!(lookups["Attributes"][0]["LogicalName"], "businessunitid");
    let owned = read(
        "EntityDefinitions?$select=LogicalName&$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned' and IsCustomEntity eq true",
    );
    assert_eq!(owned["value"][0]["LogicalName"], "contoso_job");
    for (target, wanted) in [
        (
            "EntityDefinitions?$filter=startswith(LogicalName,'contoso_')",
            "400 0x80060888",
        ),
        ("EntityDefinitions?LabelLanguages=x", "400 0x80060888"),
        ("systemusers?LabelLanguages=1033", "400 0x80060888"),
        ("EntityDefinitions?$expand=Keys", "501 0x80004001"),
        (
            "EntityDefinitions(LogicalName='role')/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.StatusAttributeMetadata",
            "404 0x8006088a",
        ),
        (
            "EntityDefinitions(LogicalName='role')/Attributes/Microsoft.Dynamics.CRM.EnumAttributeMetadata",
            "501 0x80004001",
        ),
        (
            "EntityDefinitions(LogicalName='role')/Attributes?$expand=OptionSet",
            "400 0x80060888",
        ),
    ] {
        let reply = send(&emulator, &user_token(&emulator, 0), target, &[]);
        assert_eq!(code(&reply), wanted, "{target}");
    }
}

#[test]
fn relations_are_told_from_both_ends() {
    let emulator = emulator();
    let read = |target: &str| body(&send(&emulator, &user_token(&emulator, 0), target, &[]));
    let account = read(
        "EntityDefinitions(LogicalName='account')?$select=LogicalName&$expand=OneToManyRelationships($select=ReferencingEntityNavigationPropertyName),ManyToOneRelationships,ManyToManyRelationships",
    );
    let backs: Vec<_> = account["OneToManyRelationships"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|relation| {
            relation["ReferencingEntityNavigationPropertyName"]
                .as_str()
                .unwrap_or_default()
        })
        .collect();
    assert_eq!(backs, ["parentaccountid", "parentcustomerid_account"]);
    assert_eq!(
        account["ManyToOneRelationships"][1]["ReferencingAttribute"],
        "primarycontactid"
    );
    assert_eq!(account["ManyToManyRelationships"], json!([]));
    let roles =
        read("EntityDefinitions(LogicalName='role')/ManyToManyRelationships?$filter=Entity1LogicalName eq 'team'");
    assert_eq!(roles["value"][0]["SchemaName"], "teamroles_association");
}
