//! `docs/checks`: the pages that `cutover explain` prints, and an index over them.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use cutover_core::Pack;

use super::Generated;

pub(super) fn files() -> Result<Vec<Generated>> {
    let pack = Pack::work365().context("the built-in pack is wrong")?;
    let mut index = String::from(
        "# The requirements\n\n\
         Each page is what `cutover explain CODE` prints.\n\n\
         | code | row of the article | requirement | phase | severity |\n|---|---|---|---|---|\n",
    );
    let mut files = Vec::new();
    for requirement in &pack.requirement {
        let code = requirement.code;
        let page = cutover::reference_page(code).with_context(|| format!("{code} has no page"))?;
        files.push(Generated::page(format!("docs/checks/{code}.md"), &page));
        let _ = writeln!(
            index,
            "| [{code}]({code}.md) | {} | {} | {} | {} |",
            requirement.row,
            requirement.title,
            format!("{:?}", requirement.phase).to_lowercase(),
            format!("{:?}", requirement.severity).to_lowercase(),
        );
    }
    files.push(Generated::page("docs/checks/README.md", &index));
    Ok(files)
}
