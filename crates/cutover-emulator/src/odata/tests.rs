use proptest::prelude::*;
use serde_json::{Value, json};

use super::expression::Quantifier;
use super::*;
use crate::state::Row;

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        _ => panic!("a row is an object"),
    }
}

struct Related;

impl Navigate for Related {
    fn one(&self, _: &Row, property: &str) -> Option<Option<Row>> {
        match property {
            "publisherid" => Some(Some(row(json!({"customizationprefix": "w365"})))),
            "parent" => Some(None),
            _ => None,
        }
    }

    fn many(&self, _: &Row, property: &str) -> Option<Vec<Row>> {
        (property == "memberOf").then(|| {
            vec![
                row(json!({"@odata.type": "#microsoft.graph.group", "displayName": "Team"})),
                row(json!({"@odata.type": "#microsoft.graph.directoryRole", "displayName": "Admin"})),
            ]
        })
    }
}

fn user() -> Row {
    row(json!({
        "id": "11111111-AAAA-4111-8111-111111111111",
        "displayName": "O'Neill A&B",
        "accountEnabled": true,
        "age": 42,
        "ratio": 0.5,
        "createdDateTime": "2026-01-02T03:04:05Z",
        "mail": null,
        "status": {"errorCode": 50076},
        "flags": "read,write",
        "servicePrincipalNames": ["a1", "b2"],
        "assignedLicenses": [{"skuId": "x"}, {"skuId": "y"}],
    }))
}

fn holds(filter: &str) -> Result<bool, ODataError> {
    let query = parse(&format!("$filter={filter}&@p1='b2'"))?;
    matches(&query.filter.expect("a filter"), &user(), &Related)
}

#[test]
fn filters_hold_as_the_services_say() {
    let cases = [
        ("id eq '11111111-aaaa-4111-8111-111111111111'", true),
        ("id eq 11111111-aaaa-4111-8111-111111111111", true),
        ("displayName%20eq%20%27o%27%27neill%20a%26b%27", true),
        ("displayName+eq+'O''Neill+A%26B'", true),
        ("startswith(displayName,'o''N')", true),
        ("endsWith(displayName, 'b') eq true", true),
        ("contains( tolower(displayName) , 'neill')", true),
        ("toupper(displayName) eq 'X'", false),
        ("length(displayName) eq 11", true),
        ("accountEnabled", true),
        ("not accountEnabled", false),
        ("not(accountEnabled eq false) and age ge 42", true),
        ("age gt 42 or age lt 42", false),
        ("age eq 4 or age eq 42 and accountEnabled eq false", false),
        ("(age eq 4 or age eq 42) and accountEnabled eq true", true),
        ("ratio le 0.5", true),
        ("age in (1,2,42)", true),
        ("displayName in ('x','y')", false),
        ("mail eq null", true),
        ("absent ne null", false),
        ("mail ne 'x'", true),
        ("contains(mail,'x')", false),
        ("createdDateTime ge 2026-01-02T03:04:05Z", true),
        ("createdDateTime lt 2026-01-02", false),
        ("createdDateTime lt 2026-01-02T05:04:06%2B02:00", true),
        ("status/errorCode eq 50076", true),
        ("publisherid/customizationprefix eq 'w365'", true),
        ("parent/name eq null", true),
        ("flags has 'write'", true),
        ("flags has microsoft.graph.flags'read,write'", true),
        ("servicePrincipalNames/any(c:c eq 'a1')", true),
        ("servicePrincipalNames/any( c : c eq @p1 )", true),
        ("servicePrincipalNames/all(c:c eq 'a1')", false),
        ("servicePrincipalNames/any()", true),
        ("nothing/any()", false),
        ("nothing/all(x:x eq 1)", true),
        ("assignedLicenses/any(x:x/skuId eq 'y')", true),
        ("assignedLicenses/$count eq 2", true),
        ("memberOf/any(m:m/displayName eq 'admin')", true),
        ("memberOf/any(m:m/microsoft.graph.group/displayName eq 'admin')", false),
        ("memberOf/any(m:servicePrincipalNames/any(n:n eq m/displayName))", false),
    ];
    for (filter, expected) in cases {
        assert_eq!(holds(filter), Ok(expected), "{filter}");
    }
}

#[test]
fn errors_say_where_and_what() {
    let cases = [
        ("$filter=", 0, "a property, a literal, a function or '('"),
        ("$filter=name eq ", 8, "a property, a literal, a function or '('"),
        ("$filter=name eq 'x", 10, "a closing quote"),
        ("$filter=name is 'x'", 5, "an operator or the end"),
        ("$filter=(name eq 'x'", 12, "an operator or ')'"),
        (
            "$filter=indexof(name,'x') eq 1",
            0,
            "one of the functions startswith, endswith, contains, tolower, toupper, length",
        ),
        ("$filter=contains(name)", 14, "a function with two arguments"),
        ("$filter=a/any(eq 1)", 9, "':' after the variable"),
        (
            "$filter=a eq 12x",
            5,
            "a number, a date, a date with time and offset, or a GUID",
        ),
        ("$orderby=a,b sideways", 4, "'asc', 'desc' or the end"),
        ("$select=a,", 2, "a property or '*'"),
        ("$expand=a($select=b", 11, "')'"),
        ("$search=\"a", 2, "a closing double quote"),
    ];
    for (query, position, expected) in cases {
        match parse(query) {
            Err(ODataError::Syntax {
                position: at,
                expected: what,
                ..
            }) => {
                assert_eq!((at, what.as_str()), (position, expected), "{query}");
            }
            other => panic!("{query}: {other:?}"),
        }
    }
    let invalid = |option: &str, expected| ODataError::InvalidValue {
        option: option.to_owned(),
        expected,
    };
    let cases = [
        ("$foo=1", ODataError::UnknownOption("$foo".to_owned())),
        ("$apply=x", ODataError::UnsupportedOption("$apply".to_owned())),
        (
            "$expand=a($levels=max)",
            ODataError::UnsupportedOption("$levels".to_owned()),
        ),
        ("$expand=a(size=3)", ODataError::UnknownOption("size".to_owned())),
        ("$top=1&top=2", ODataError::DuplicateOption("$top".to_owned())),
        ("$top=-1", invalid("$top", "a whole number that is not negative")),
        ("$count=1", invalid("$count", "'true' or 'false'")),
        ("$filter=a eq @b", ODataError::MissingAlias("b".to_owned())),
        ("$filter=%ff", ODataError::NotText),
    ];
    for (query, expected) in cases {
        assert_eq!(parse(query), Err(expected), "{query}");
    }
}

#[test]
fn operands_of_different_kinds_are_an_error() {
    for filter in [
        "accountEnabled eq 'true'",
        "age eq '42'",
        "createdDateTime gt 5",
        "displayName gt 2026-01-01T00:00:00Z",
        "accountEnabled gt false",
        "startswith(age,'4')",
        "age has 'x'",
    ] {
        assert!(
            matches!(holds(filter), Err(ODataError::IncompatibleTypes { .. })),
            "{filter}"
        );
    }
    assert_eq!(holds("displayName"), Err(ODataError::NotBoolean("Edm.String")));
}

#[test]
fn a_query_is_read_in_any_of_its_spellings() {
    let expected = Query {
        select: Some(vec!["id".to_owned(), "displayName".to_owned()]),
        top: Some(5),
        count: Some(true),
        skip_token: Some("a b".to_owned()),
        custom: vec![("api-version".to_owned(), "1".to_owned())],
        ..Query::default()
    };
    for query in [
        "$select=id,displayName&$top=5&$count=true&$skiptoken=a+b&api-version=1",
        "%24select=id%2CdisplayName&%24top=5&%24count=true&%24skipToken=a%20b&&api-version=1",
        "select=id,%20displayName&top=5&api-version=1&count=true&skiptoken=a%20b",
    ] {
        assert_eq!(parse(query).as_ref(), Ok(&expected), "{query}");
    }
}

#[test]
fn expand_nests_its_options() {
    let query = parse(
        "$expand=policy($expand=rules($select=id;$filter=contains(id,';)('));$select=id),\
         members/microsoft.graph.user($top=2),owners/$ref,*",
    )
    .expect("a query");
    let names: Vec<_> = query.expand.iter().map(|item| item.property.as_str()).collect();
    assert_eq!(names, ["policy", "members", "owners", "*"]);
    let policy = &query.expand[0].options;
    assert_eq!(policy.select, Some(vec!["id".to_owned()]));
    assert_eq!(
        policy.expand[0].options.filter.as_ref().map(ToString::to_string),
        Some("contains(id,';)(')".to_owned())
    );
    assert_eq!(query.expand[1].cast.as_deref(), Some("microsoft.graph.user"));
    assert!(query.expand[2].reference);
}

#[test]
fn hostile_nesting_is_refused_and_long_chains_are_not() {
    let deep = [
        format!("$filter={}a{}", "(".repeat(9000), ")".repeat(9000)),
        format!("$filter={}a", "not ".repeat(8000)),
        format!("$filter={}a", "not(".repeat(7000)),
        format!("$filter={}1", "a/any(x:".repeat(3000)),
        format!("$filter={}x eq 1{}", "a/any(x:".repeat(4), ")".repeat(4)),
        format!("$filter={}a", "tolower(".repeat(3000)),
        format!("$search={}a", "(".repeat(9000)),
        format!("$search={}a", "NOT ".repeat(8000)),
        format!("$expand={}a{}", "a($expand=".repeat(2000), ")".repeat(2000)),
        format!("$top={}", "1".repeat(200_000)),
        format!("$filter=a eq @p{}&@p='x'", " or a eq @p".repeat(100)),
    ];
    for query in deep {
        assert!(parse(&query).is_err(), "{}", &query[..40]);
    }
    let chain = format!("$filter=age eq 1{}", " or age eq 1".repeat(2000));
    let filter = parse(&chain).expect("a chain").filter.expect("a filter");
    assert_eq!(matches(&filter, &user(), &Related), Ok(false));
}

#[test]
fn search_reads_phrases_words_and_operators() {
    let row = row(json!({"displayName": "Work 365 Admins", "mail": "admins@contoso.com"}));
    let cases = [
        ("\"displayName:Work\"", true),
        ("%22displayName:365%20adm%22", true),
        ("\"displayName:dmins\"", false),
        ("\"mail:contoso\" AND \"displayName:work\"", true),
        ("\"mail:fabrikam\" OR \"displayName:work\"", true),
        ("NOT \"displayName:work\"", false),
        ("(work OR play) admins", true),
    ];
    for (search, expected) in cases {
        let query = parse(&format!("$search={search}")).expect(search);
        let found = query.search.expect("a search").matches(&row, &["displayName"]);
        assert_eq!(found, expected, "{search}");
    }
}

#[test]
fn rows_are_projected_and_sorted() {
    let full = row(json!({
        "@odata.etag": "1", "a": 1, "b@x": "y", "b": 2, "_emulator_userId": "u"
    }));
    let names = |row: &Row| row.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&project(&full, None)), ["@odata.etag", "a", "b@x", "b"]);
    let select = ["B".to_owned(), "_emulator_userId".to_owned()];
    assert_eq!(names(&project(&full, Some(&select))), ["@odata.etag", "b@x", "b"]);

    let mut rows: Vec<Row> = [("b", 1), ("A", 2), ("a", 1)]
        .into_iter()
        .map(|(name, number)| row(json!({"name": name, "number": number})))
        .collect();
    rows.push(row(json!({"number": 9})));
    let query = parse("$orderby=name,number desc").expect("a query");
    order(&mut rows, &query.order_by, &Related);
    let numbers: Vec<_> = rows.iter().map(|row| row["number"].clone()).collect();
    assert_eq!(numbers, [json!(9), json!(2), json!(1), json!(1)]);
}

/// Text made of what filters are made of, so that much of it is nearly right.
fn nearly_filter() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("name"),
        Just("a/b"),
        Just("'x''y'"),
        Just("12"),
        Just("-1.5"),
        Just("true"),
        Just("null"),
        Just(" eq "),
        Just(" and "),
        Just(" or "),
        Just("not "),
        Just("("),
        Just(")"),
        Just(" in "),
        Just(","),
        Just("/any("),
        Just("x:"),
        Just("x"),
        Just("contains("),
        Just("tolower("),
        Just("2026-01-01T00:00:00Z"),
        Just("@p"),
        Just("T'v'"),
        Just("/$count"),
        Just("11111111-aaaa-4111-8111-111111111111"),
        Just("ä"),
        Just("'"),
        Just("/"),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(Literal::Integer),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(Literal::Double),
        "\\PC{0,8}".prop_map(Literal::Text),
        (0..4_000_000_000_i64)
            .prop_map(|second| { Literal::Instant(jiff::Timestamp::from_second(second).expect("a time")) }),
        ("[A-Z][a-z.]{0,6}", "\\PC{0,4}").prop_map(|(type_name, value)| Literal::Typed { type_name, value }),
    ]
}

fn path() -> impl Strategy<Value = Path> {
    proptest::collection::vec("p[a-z_]{1,4}", 1..3).prop_map(|segments| Path { segments })
}

fn tree() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        literal().prop_map(Expression::Literal),
        path().prop_map(Expression::Path),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let several = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.clone().prop_map(|inner| Expression::Not(Box::new(inner))),
            several.clone().prop_map(Expression::And),
            several.clone().prop_map(Expression::Or),
            (inner.clone(), 0..7_usize, inner.clone()).prop_map(|(left, operator, right)| {
                Expression::Compare {
                    left: Box::new(left),
                    operator: Comparison::SPELLINGS[operator].1,
                    right: Box::new(right),
                }
            }),
            (inner.clone(), several).prop_map(|(left, candidates)| Expression::In {
                left: Box::new(left),
                candidates,
            }),
            inner.clone().prop_map(|inner| Expression::Call {
                function: Function::ToLower,
                arguments: vec![inner],
            }),
            (path(), literal()).prop_map(|(path, literal)| Expression::Lambda {
                path,
                quantifier: Quantifier::All,
                condition: Some(("x".to_owned(), Box::new(Expression::Literal(literal)))),
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(365), ..ProptestConfig::default() })]

    #[test]
    fn no_query_panics_the_reader(query in "\\PC{0,80}", filter in nearly_filter()) {
        let _ = parse(&query);
        for option in ["$filter", "$orderby", "$search", "$expand", "$select"] {
            let _ = parse(&format!("{option}={query}"));
            if let Ok(Query { filter: Some(filter), .. }) = parse(&format!("{option}={filter}&@p=1")) {
                let _ = matches(&filter, &user(), &Related);
                let printed = filter.to_string();
                let again = super::filter::expression("$filter", &printed);
                prop_assert_eq!(again.map(|again| again.to_string()), Ok(printed));
            }
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same_tree(tree in tree()) {
        let printed = tree.to_string();
        prop_assert_eq!(super::filter::expression("$filter", &printed), Ok(tree));
    }
}
