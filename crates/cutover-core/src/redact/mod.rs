//! Facts without the names of a tenant: what a partner may pass on to the vendor, to Microsoft or to us.
//!
//! By an allow-list: a field keeps its value only when [`rule`] says so, and a text keeps only the words of a
//! [`vocabulary`]. Everything else becomes a token that is the same wherever the same value stood, so that judging the
//! redacted facts gives the same verdicts.

mod policy;
mod rule;
mod text;
mod tokens;
mod vocabulary;
mod walk;

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::facts::Facts;
use crate::pack::Pack;
use tokens::Tokens;
use vocabulary::Vocabulary;
use walk::Walk;

/// Redacted facts, and what was replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Redacted {
    /// The facts, with tokens in place of names, addresses and ids.
    pub facts: Facts,
    /// How many different values were replaced, by the word their tokens begin with; ids under `id`.
    pub replaced: BTreeMap<&'static str, usize>,
}

/// Why facts could not be redacted. Nothing of them is in the message.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// They could not be turned into JSON.
    #[error("the facts cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    /// What came out is not a facts file: a field has no rule of its own, and what replaced it does not fit there.
    #[error("the redacted facts are no facts any more")]
    Unreadable(#[source] serde_json::Error),
}

/// Replaces every name, address and id of the tenant by a token.
///
/// The same value gives the same token everywhere in the file, whatever its letter case; tokens are numbered in the order
/// their values appear. Redacting twice changes nothing more. The pack names what is the product's own and stays.
///
/// # Errors
/// When a field of the facts has no rule and cannot hold a token.
pub fn redact(facts: &Facts, pack: &Pack) -> Result<Redacted, RedactError> {
    let value = serde_json::to_value(facts).map_err(RedactError::Unwritable)?;
    let (value, replaced) = redact_json(&value, pack);
    let facts = serde_json::from_value(value).map_err(RedactError::Unreadable)?;
    Ok(Redacted { facts, replaced })
}

/// The two looks: the first gives every value in a field of its own its token, the second replaces these inside texts too,
/// which may stand before the field.
fn redact_json(value: &Value, pack: &Pack) -> (Value, BTreeMap<&'static str, usize>) {
    let vocabulary = Vocabulary::of(pack);
    let mut tokens = Tokens::beside(value);
    Walk::first(&mut tokens, &vocabulary).value(value, &rule::FACTS);
    let redacted = Walk::second(&mut tokens, &vocabulary).value(value, &rule::FACTS);
    (redacted, tokens.counts())
}

/// Whether facts were redacted: their tenant is a token.
pub fn is_redacted(facts: &Facts) -> bool {
    tokens::is_id_token(facts.scene.tenant_id)
}

/// Whether the id of a tenant is a token.
pub fn is_redacted_id(tenant_id: &str) -> bool {
    Uuid::parse_str(tenant_id).is_ok_and(tokens::is_id_token)
}

#[cfg(test)]
pub(crate) mod tests;
