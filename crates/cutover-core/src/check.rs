//! What a check is: a code, a page, what it needs to know, and a pure function.

use crate::code::Code;
use crate::context::{Context, Undecided};
use crate::need::Need;
use crate::verdict::Judged;

/// One check. It lives in a file of its own below `checks/`; its doc comment is its manual page.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its code.
    pub code: Code,
    /// Its manual page in Markdown: the doc comment, with one blank before each line.
    pub page: &'static str,
    /// The facts it looks at.
    pub needs: &'static [Need],
    /// The judgement.
    pub judge: fn(&Context<'_>) -> Result<Judged, Undecided>,
}

/// Declares the check of a file: `check! { /// page… W701, needs: [Languages], judge: judge }`.
macro_rules! check {
    ($(#[doc = $line:literal])* $number:literal, needs: [$($need:expr),* $(,)?], judge: $judge:path $(,)?) => {
        #[doc = concat!("Check W", stringify!($number), ".")]
        pub(crate) const CHECK: $crate::check::Check = $crate::check::Check {
            code: $crate::code::Code::new($number),
            page: concat!($($line, "\n"),*),
            needs: {
                #[allow(unused_imports, reason = "a check may need nothing")]
                use $crate::need::Need::*;
                #[allow(unused_imports, reason = "a check may concern nobody in particular")]
                use $crate::scene::Part::*;
                &[$($need),*]
            },
            judge: $judge,
        };
    };
}

pub(crate) use check;
