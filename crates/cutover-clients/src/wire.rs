//! What all answers have in common as they come over the wire: a mark at the beginning, headers that belong to them, and
//! enumerations, which are open since Microsoft adds values at any time.

/// The property in which an answer holds those headers of its response that its call names as part of the answer: an
/// object of texts, by the names as the call writes them. A property of that name in the body itself is dropped.
pub(crate) const HEADERS: &str = "@response.headers";

/// A body without the byte-order mark that Partner Center's begin with at times; readers of JSON may pass over one
/// (RFC 8259, section 8.1).
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

/// An enumeration of texts. A text that is not listed is kept in `Other`.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that is not listed here, as given.
            Other(String),
        }

        impl $name {
            /// The value as the service writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Ok(match text.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(text),
                })
            }
        }
    };
}

/// An enumeration of numbers. A number that is not listed is kept in `Other`.
macro_rules! open_code {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that is not listed here, as given.
            Other(i64),
        }

        impl $name {
            /// The number as the service writes it.
            pub fn code(self) -> i64 {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other(code) => code,
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <i64 as serde::Deserialize>::deserialize(deserializer)?;
                Ok(match code {
                    $($code => Self::$variant,)+
                    _ => Self::Other(code),
                })
            }
        }
    };
}

pub(crate) use {open_code, open_enum};
