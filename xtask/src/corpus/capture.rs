//! Captured requests: one JSON object a line, in the order a client sent them.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// What one client sent.
pub(super) struct Client {
    pub(super) name: String,
    pub(super) requests: Vec<Captured>,
}

/// One request, as it was on the wire.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Captured {
    pub(super) seq: u64,
    /// What the client was asked to do; the part in brackets says how it was pointed at the server.
    pub(super) op: String,
    pub(super) scheme: String,
    pub(super) host: String,
    pub(super) method: String,
    /// With the query, still encoded.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    body_b64: Option<String>,
}

impl Captured {
    /// The part of `op` in brackets: requests with the same one belong to one run of the client.
    pub(super) fn session(&self) -> &str {
        self.op
            .split_once(']')
            .map_or("", |(session, _)| session)
            .trim_start_matches('[')
    }

    /// What the client was asked to do.
    pub(super) fn task(&self) -> &str {
        self.op
            .split_once(']')
            .map_or(self.op.as_str(), |(_, task)| task)
            .trim()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    pub(super) fn body(&self) -> Vec<u8> {
        match (&self.body, &self.body_b64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(coded)) => STANDARD.decode(coded).unwrap_or_default(),
            (None, None) => Vec::new(),
        }
    }

    /// The path without its query.
    pub(super) fn bare_path(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// A field of a form body.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let body = self.body();
        url::form_urlencoded::parse(&body)
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// All captures of a folder, client by client.
pub(super) fn read(folder: &Path) -> Result<Vec<Client>> {
    let mut clients = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("no captures in {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path)?;
        let requests = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| serde_json::from_str(line).with_context(|| format!("a line of {name} is no request")))
            .collect::<Result<Vec<Captured>>>()?;
        clients.push(Client { name, requests });
    }
    clients.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(clients)
}
