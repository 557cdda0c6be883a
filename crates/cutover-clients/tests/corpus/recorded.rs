//! Recorded answers, as the folder holds them.

use std::path::Path;

use serde_json::Value;

/// Whose answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    Graph,
    Dataverse,
    PartnerCenter,
    /// Power Platform's two planes, and Dataverse behind it: bodies without their requests.
    PowerPlatform,
}

/// One recorded answer.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) origin: Origin,
    /// Where it is: folders and file, and the place in the file.
    pub(crate) name: String,
    pub(crate) method: String,
    /// The path without the service's address and version, without query.
    pub(crate) path: String,
    pub(crate) status: u16,
    /// The body as it was recorded.
    pub(crate) text: String,
    /// The body, when it is JSON.
    pub(crate) body: Option<Value>,
}

/// Everything below the folder of recorded answers, in order.
pub(crate) fn read(folder: &Path) -> Vec<Recorded> {
    let mut files = Vec::new();
    list(folder, &mut files);
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let name = file
            .strip_prefix(folder)
            .unwrap()
            .with_extension("")
            .display()
            .to_string();
        let name = name.replace('\\', "/");
        let document: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        match name.split('/').next() {
            Some("graph-docs") => examples(Origin::Graph, &name, &document, &mut all),
            Some("dataverse-docs") => examples(Origin::Dataverse, &name, &document, &mut all),
            Some("partner-center-docs") => examples(Origin::PartnerCenter, &name, &document, &mut all),
            Some("power-platform") => all.push(bare(name, document)),
            other => panic!("an unknown folder of recorded answers: {other:?}"),
        }
    }
    all
}

fn list(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}

/// The examples of a page of documentation, each a request with its response.
fn examples(origin: Origin, name: &str, document: &Value, all: &mut Vec<Recorded>) {
    for (place, example) in document["examples"].as_array().into_iter().flatten().enumerate() {
        let (request, response) = (&example["request"], &example["response"]);
        let Some(status) = response["status"].as_u64() else {
            continue;
        };
        let (text, body) = match (&response["body"], response["body_text"].as_str()) {
            (Value::Null, None) => continue,
            (Value::Null, Some(text)) => (text.to_owned(), serde_json::from_str(text).ok()),
            (body, _) => (body.to_string(), Some(body.clone())),
        };
        all.push(Recorded {
            origin,
            name: format!("{name}#{place}"),
            method: request["method"].as_str().unwrap_or_default().to_owned(),
            path: path_of(request["url"].as_str().unwrap_or_default()),
            status: u16::try_from(status).unwrap(),
            text,
            body,
        });
    }
}

/// The path behind the version; pages write the service's address in several ways.
fn path_of(url: &str) -> String {
    let path = url.split('?').next().unwrap_or_default();
    let versions = ["/v1.0", "/beta", "/v9.0", "/v9.1", "/v9.2", "/v1"];
    versions
        .iter()
        .find_map(|version| Some(path.split_once(&format!("{version}/"))?.1))
        .unwrap_or(path)
        .to_owned()
}

/// A body by itself; its file is named after what was asked.
fn bare(name: String, body: Value) -> Recorded {
    let file = name.rsplit('/').next().unwrap().to_owned();
    Recorded {
        origin: Origin::PowerPlatform,
        method: file.split('_').next().unwrap_or_default().to_uppercase(),
        path: file,
        status: if body.get("error").is_some() { 404 } else { 200 },
        text: body.to_string(),
        body: Some(body),
        name,
    }
}
