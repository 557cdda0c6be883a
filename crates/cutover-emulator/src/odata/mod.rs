//! OData v4 query options: read from a URL, and applied to rows.
//!
//! Graph and Dataverse share this part of the protocol. Both are generous readers (blanks as `+` or `%20`,
//! raw or percent-encoded, names with or without `$`), so this reader is generous too; what neither service
//! knows is an error that says where it is and what was expected.
//!
//! The grammar follows OASIS *OData 4.01 URL Conventions*, less what neither service takes: arithmetic,
//! `$apply`, `$compute` and `$levels`.

mod error;
mod evaluate;
mod expression;
mod filter;
mod query;
mod search;
mod shape;
#[cfg(test)]
mod tests;

pub(crate) use error::ODataError;
pub(crate) use evaluate::{Navigate, matches};
pub(crate) use expression::{Comparison, Expression, Function, Literal, Path};
pub(crate) use query::{Expand, Query, decode, parse};
pub(crate) use shape::{HIDDEN_PREFIX, order, project};
