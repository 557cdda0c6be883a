//! What a check is: a code, a page, what it needs to know, and a pure function.

use crate::code::Code;
use crate::context::{Context, Undecided};
use crate::need::Need;
use crate::scene::Scene;
use crate::verdict::Judged;

/// One check. It lives in a file of its own below `checks/`; its doc comment is its manual page.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its code.
    pub code: Code,
    /// Its manual page in Markdown: the doc comment, with one blank before each line.
    pub page: &'static str,
    /// The facts it looks at, in one scene or another.
    pub needs: &'static [Need],
    /// Whether a fact can matter to it in a scene; where none can, nobody is asked.
    pub matters: fn(&Scene, Need) -> bool,
    /// The judgement.
    pub judge: fn(&Context<'_>) -> Result<Judged, Undecided>,
}

impl Check {
    /// The facts it looks at in a scene.
    pub fn needs_in(&self, scene: &Scene) -> impl Iterator<Item = Need> {
        self.needs.iter().copied().filter(|need| (self.matters)(scene, *need))
    }
}

/// Declares the check of a file: `check! { /// page… W701, needs: [Languages], judge: judge }`, with `matters: …` before the
/// judgement where not everything is looked at in every scene.
macro_rules! check {
    ($(#[doc = $line:literal])* $number:literal, needs: [$($need:expr),* $(,)?], judge: $judge:path $(,)?) => {
        $crate::check::check! {
            $(#[doc = $line])* $number, needs: [$($need),*], matters: |_, _| true, judge: $judge
        }
    };
    ($(#[doc = $line:literal])* $number:literal, needs: [$($need:expr),* $(,)?], matters: $matters:expr,
     judge: $judge:path $(,)?) => {
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
            matters: $matters,
            judge: $judge,
        };
    };
}

pub(crate) use check;
