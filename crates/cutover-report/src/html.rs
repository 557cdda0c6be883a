//! A report as one HTML page that asks nothing of any network.
//!
//! Its style and script are part of the page and named to the browser by their digests, so that nothing else is applied or
//! run. Every text goes through [`Harmless`], which askama calls for whatever a template shows.

use std::fmt::{self, Write};

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

use crate::check_v1::Item;
use crate::escape::is_hostile;
use crate::report_v1::{Look, Report};

const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");

/// Text made harmless for HTML, in elements and in quoted attributes: markup becomes text, and what a reader would not see,
/// or what would turn the direction of writing, is shown as a code.
#[derive(Debug, Clone, Copy, Default)]
pub struct Harmless;

impl askama::filters::Escaper for Harmless {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        for letter in text.chars() {
            match letter {
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '&' => dest.write_str("&amp;")?,
                '"' => dest.write_str("&quot;")?,
                '\'' => dest.write_str("&#39;")?,
                letter if is_hostile(letter) => write!(dest, "{}", letter.escape_unicode())?,
                letter => dest.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// The page.
///
/// # Errors
/// Never of a report that was made: writing text down cannot fail.
pub fn render(report: &Report) -> Result<String, askama::Error> {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        named(STYLE),
        named(SCRIPT)
    );
    let page = Page {
        report,
        policy,
        style: STYLE,
        script: SCRIPT,
    };
    page.render()
}

/// A text of the page by its digest, as a Content Security Policy names it.
fn named(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

/// A moment as a person reads it.
pub fn moment(at: &Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The time between two moments, such as `2h 3m 4s`.
pub fn between(from: &Timestamp, to: &Timestamp) -> String {
    let whole = SignedDuration::from_secs(to.duration_since(*from).as_secs());
    format!("{whole:#}")
}

/// The heading of a check.
pub(crate) fn heading(look: &Look) -> String {
    match look.when.as_str() {
        "before" => "Requirements before the run".to_owned(),
        "after" => "Requirements after the run".to_owned(),
        _ => "Requirements".to_owned(),
    }
}

/// The verdicts of a check in the order they come, with their number.
pub(crate) fn verdicts(look: &Look) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for item in &look.check.findings {
        match counts.iter_mut().find(|(verdict, _)| *verdict == item.verdict) {
            Some((_, count)) => *count += 1,
            None => counts.push((item.verdict.clone(), 1)),
        }
    }
    counts
}

/// The colour of a verdict, which its word says as well.
pub(crate) fn class(item: &Item) -> &'static str {
    match (item.blocks, item.verdict.as_str()) {
        (true, _) => "bad",
        (false, "met") if item.warnings.is_empty() => "good",
        (false, "not applicable") => "dim",
        (false, _) => "care",
    }
}
