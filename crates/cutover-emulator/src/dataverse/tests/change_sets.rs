//! Batches that write.

use super::*;
use crate::dataverse::multipart;

/// The bodies of the parts of an answer, change sets unfolded.
fn parts(content_type: &str, body: &bytes::Bytes) -> Vec<String> {
    let boundary = multipart::boundary(content_type).expect("a boundary");
    let parts = multipart::read(body, &boundary, 100).expect("multipart");
    parts
        .iter()
        .flat_map(|part| {
            let kind = part.headers["content-type"].to_str().expect("text");
            if kind.starts_with("multipart/") {
                super::change_sets::parts(kind, &part.body)
            } else {
                let id = part.headers.get("content-id").map(|id| id.to_str().expect("text"));
                vec![format!(
                    "{}: {}",
                    id.unwrap_or("-"),
                    String::from_utf8_lossy(&part.body)
                )]
            }
        })
        .collect()
}

fn batch(emulator: &Emulator, user: u32, headers: &[(&str, &str)], body: &str) -> (u16, Vec<String>) {
    let mut all = vec![("Content-Type", "multipart/mixed;boundary=b")];
    all.extend(headers);
    let token = user_token(emulator, user);
    let reply = request(emulator, &token, &Method::POST, "$batch", &all, body);
    let kind = reply.headers["content-type"].to_str().expect("text").to_owned();
    if !kind.starts_with("multipart/") {
        return (reply.status.as_u16(), vec![said(&reply)]);
    }
    (reply.status.as_u16(), parts(&kind, &reply.body))
}

fn change_set(operations: &[(&str, &str, &str)]) -> String {
    let mut text = "\r\n--b\r\nContent-Type: multipart/mixed;boundary=\"c d\"\r\n\r\n".to_owned();
    for (id, line, body) in operations {
        text.push_str(&format!(
            "--c d\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {id}\r\n\r\n\
             {line} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n\r\n"
        ));
    }
    text.push_str("--c d--\r\n\r\n");
    text
}

fn single(line: &str, body: &str) -> String {
    format!(
        "--b\r\nContent-Type: application/http\r\n\r\n{line} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
    )
}

fn names(emulator: &Emulator, target: &str) -> Vec<String> {
    let reply = send(emulator, &user_token(emulator, 0), target, &[]);
    column(&reply, "name")
}

#[test]
fn rows_of_one_change_set_refer_to_each_other() {
    let emulator = emulator();
    let text = format!(
        "{}--b--",
        change_set(&[
            (
                "1",
                &format!("POST {URL}/api/data/v9.2/accounts"),
                r#"{"name":"IcM Account"}"#
            ),
            (
                "2",
                "POST /api/data/v9.2/contacts",
                r#"{"@odata.type":"Microsoft.Dynamics.CRM.contact","lastname":"A"}"#
            ),
            ("3", "PUT $1/primarycontactid/$ref", r#"{"@odata.id":"$2"}"#),
            ("4", "PUT $2/lastname", r#"{"value":"B"}"#),
            ("5", "PATCH $2", r#"{"parentcustomerid_account@odata.bind":"$1"}"#),
            (
                "6",
                "POST accounts",
                r#"{"name":"Child","parentaccountid@odata.bind":"$1"}"#
            ),
        ])
    );
    let (status, parts) = batch(&emulator, 0, &[], &text);
    assert_eq!((status, parts.len()), (200, 6), "{parts:#?}");
    for (number, part) in parts.iter().enumerate() {
        let start = format!("{}: HTTP/1.1 204 No Content", number + 1);
        assert!(part.starts_with(&start), "{part}");
    }
    let accounts = send(
        &emulator,
        &user_token(&emulator, 0),
        "accounts?$select=name&$expand=primarycontactid($select=lastname),account_parent_account($select=name),contact_customer_accounts($select=lastname)",
        &[],
    );
    let account = &body(&accounts)["value"][0];
    assert_eq!(account["primarycontactid"]["lastname"], "B");
    assert_eq!(account["account_parent_account"][0]["name"], "Child");
    assert_eq!(account["contact_customer_accounts"][0]["lastname"], "B");
}

#[test]
fn a_change_set_is_done_whole_or_not_at_all() {
    let emulator = emulator();
    let before = emulator.read(State::clone);
    let role = format!(r#"{{"@odata.id":"roles({READER_COPY})"}}"#);
    let failing = change_set(&[
        ("1", "POST accounts", r#"{"name":"a"}"#),
        ("2", &format!("DELETE fieldsecurityprofiles({PROFILE})"), ""),
        (
            "3",
            &format!("POST systemusers({})/systemuserroles_association/$ref", user_id(0)),
            &role,
        ),
    ]);
    let (status, parts) = batch(
        &emulator,
        0,
        &[],
        &format!("{failing}{}--b--", single("GET accounts", "")),
    );
    assert_eq!((status, parts.len()), (400, 1), "{parts:#?}");
    assert!(parts[0].starts_with("3: HTTP/1.1 400 Bad Request") && parts[0].contains("0x80041409"));
    assert_eq!(emulator.read(State::clone), before);
    let text = format!(
        "{}{failing}{}{}--b--",
        single("POST accounts", r#"{"name":"alone"}"#),
        change_set(&[
            ("1", "POST accounts", r#"{"name":"b"}"#),
            ("2", "POST accounts", r#"{"name":"c"}"#)
        ]),
        single("GET accounts?$select=name", ""),
    );
    let (status, parts) = batch(&emulator, 0, &[("Prefer", "odata.continue-on-error")], &text);
    assert_eq!((status, parts.len()), (200, 5), "{parts:#?}");
    assert!(parts[1].contains("0x80041409"));
    for name in ["alone", "b", "c"] {
        assert!(parts[4].contains(&format!("\"name\":\"{name}\"")), "{}", parts[4]);
    }
    assert_eq!(names(&emulator, "accounts?$orderby=name"), ["alone", "b", "c"]);
}

#[test]
fn operations_see_what_earlier_ones_of_their_change_set_did() {
    let emulator = emulator();
    let by_number = "accounts(accountnumber='7')";
    let text = change_set(&[
        ("1", &format!("PATCH {by_number}"), r#"{"name":"first"}"#),
        ("2", &format!("PATCH {by_number}"), r#"{"name":"second"}"#),
        ("3", "POST accounts", r#"{"accountnumber":"7"}"#),
    ]);
    let (status, parts) = batch(&emulator, 0, &[], &format!("{text}--b--"));
    assert_eq!(status, 412, "{parts:#?}");
    assert!(parts[0].contains("0x80060892"));
    assert_eq!(names(&emulator, "accounts"), Vec::<String>::new());
    let text = text.replace("\"accountnumber\":\"7\"", "\"accountnumber\":\"8\"");
    let (status, _) = batch(&emulator, 0, &[], &format!("{text}--b--"));
    assert_eq!(status, 200);
    assert_eq!(names(&emulator, "accounts?$filter=accountnumber eq '7'"), ["second"]);
}

#[test]
fn names_come_before_their_use_and_lines_may_end_with_lf_alone() {
    let emulator = emulator();
    let early = change_set(&[
        ("2", "POST contacts", r#"{"parentcustomerid_account@odata.bind":"$1"}"#),
        ("1", "POST accounts", "{}"),
    ]);
    let (status, parts) = batch(&emulator, 0, &[], &format!("{early}--b--"));
    assert_eq!(status, 400);
    assert!(
        parts[0].contains("Content-ID Reference: '$1' does not exist in the batch context."),
        "{parts:?}"
    );
    let text = change_set(&[("1", "POST accounts", r#"{"name":"lf"}"#)]).replace("\r\n", "\n");
    let (status, parts) = batch(&emulator, 0, &[], &format!("{text}--b--\n\n"));
    assert_eq!(status, 200, "{parts:?}");
    assert_eq!(names(&emulator, "accounts"), ["lf"]);
}

#[test]
fn a_reader_cannot_write_through_a_batch() {
    let emulator = emulator();
    let before = emulator.read(State::clone);
    let text = format!(
        "{}{}--b--",
        change_set(&[("1", "POST accounts", r#"{"name":"a"}"#)]),
        single("POST accounts", r#"{"name":"b"}"#),
    );
    let (_, parts) = batch(&emulator, 1, &[("Prefer", "odata.continue-on-error")], &text);
    assert_eq!(parts.len(), 2);
    assert!(parts.iter().all(|part| part.contains("prvCreateAccount")), "{parts:?}");
    assert_eq!(emulator.read(State::clone), before);
}
