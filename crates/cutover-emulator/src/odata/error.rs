//! What can be wrong with query options.

/// A query that cannot be read, or cannot be applied to the rows at hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ODataError {
    /// The text of an option breaks the grammar.
    #[error("syntax error in '{option}' at position {position}: expected {expected}")]
    Syntax {
        /// The option, such as `$filter`.
        option: String,
        /// Offset in bytes into the decoded text of the option.
        position: usize,
        /// What the grammar wants there.
        expected: String,
    },
    /// A name with `$` that no document knows.
    #[error("the query option '{0}' is not recognized")]
    UnknownOption(String),
    /// An option that OData knows and both services refuse.
    #[error("the query option '{0}' is not supported")]
    UnsupportedOption(String),
    /// The same option twice.
    #[error("the query option '{0}' is given more than once")]
    DuplicateOption(String),
    /// A value outside an option's range.
    #[error("invalid value for the query option '{option}': expected {expected}")]
    InvalidValue {
        /// The option.
        option: String,
        /// What it takes.
        expected: &'static str,
    },
    /// A parameter alias (`@p`) without a value.
    #[error("the parameter alias '@{0}' has no value")]
    MissingAlias(String),
    /// A query beyond the size that is read at all.
    #[error("the query is too large: {0}")]
    TooLarge(&'static str),
    /// Bytes that are no text.
    #[error("the query is not UTF-8 after percent-decoding")]
    NotText,
    /// Two operands that cannot be compared.
    #[error(
        "a binary operator with incompatible types was detected; found operand types '{left}' and \
         '{right}' for operator '{operator}'"
    )]
    IncompatibleTypes {
        /// Type of the left operand, such as `Edm.Boolean`.
        left: &'static str,
        /// Type of the right operand.
        right: &'static str,
        /// The operator as it is written.
        operator: &'static str,
    },
    /// A filter whose value is neither true nor false.
    #[error("the filter expression must be of type 'Edm.Boolean', not '{0}'")]
    NotBoolean(&'static str),
}
