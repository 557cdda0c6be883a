//! `cutover-core/data/licences.toml`, made from Microsoft's list of products and service plans with a class for each.
//!
//! # The rule
//! The list carries two classes: what a SKU gives of Customer Engagement (`sku_ce_access`), and what each of its plans is
//! (`plan_class`). A SKU's class is taken over as it stands, see [`CLASSES`]. Of its plans the table lists those that carry
//! use rights in any SKU, see [`CARRIERS`]: so a restricted SKU shows the plan that looks like a full one, and a SKU made
//! after the list is told by the plans it carries. No SKU is classed otherwise than the list has it; one that should be
//! belongs here, with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use uuid::Uuid;

use crate::tally::Tally;

/// The table below the workspace.
pub const TABLE: &str = "crates/cutover-core/data/licences.toml";

/// Classes of the list with ours, in the order of the table.
const CLASSES: &[(&str, &str)] = &[
    ("ce_full", "full"),
    ("ce_attach", "attach"),
    ("ce_trial", "trial"),
    ("ce_team_member", "team-member"),
    ("ce_unclear", "unclear"),
    ("none", "none"),
];

/// Classes of plans that carry use rights of Customer Engagement.
const CARRIERS: &[&str] = &["ce_full", "ce_attach", "ce_trial"];

/// Classes of plans that carry none. A class beyond both is new, and somebody has to decide.
const OTHERS: &[&str] = &[
    "business_central",
    "ce_addon_or_capacity",
    "ce_team_member",
    "ce_unclear",
    "companion",
    "dataverse_only",
    "finance_ops",
    "hr",
    "not_dynamics",
    "project_companion",
];

const HEADER: &str = r#"# Which SKUs give use rights of Dynamics 365 Customer Engagement, and through which service plans.
#
# Made by `cargo xtask licences FILE.csv`; do not edit. Names and ids: Microsoft, "Product names and service plan identifiers
# for licensing" (the CSV as of 29 July 2026). The class is a reading of it, decided SKU by SKU:
#   full         use rights of at least one Customer Engagement app
#   attach       valid only beside a full licence
#   trial        works, runs out
#   team-member  restricted, not enough for an administrator, though it carries a plan that looks full
#   unclear      a person has to decide
#   none         not a Customer Engagement licence
# `plans` lists the plans that carry the rights; at least one of them has to be switched on.
"#;

/// A line of the list: one plan of one SKU.
#[derive(Debug, Deserialize)]
struct Line {
    sku_part_number: String,
    sku_id: Uuid,
    product_name: String,
    sku_ce_access: String,
    service_plan_name: String,
    service_plan_id: Uuid,
    plan_class: String,
}

/// A SKU of the table.
struct Sku {
    part_number: String,
    name: String,
    /// Its place in [`CLASSES`].
    class: usize,
    plans: BTreeMap<String, Uuid>,
}

/// Writes the table from the list in `file`, or only compares it.
///
/// # Errors
/// When the list cannot be read, or holds something that nobody has decided about.
pub fn run(root: &Path, file: &Path, check: bool) -> Result<Tally> {
    let list = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let made = table(&list).with_context(|| format!("cannot make the table from {}", file.display()))?;
    let path = root.join(TABLE);
    let there = fs::read_to_string(&path).with_context(|| format!("cannot read {TABLE}"))?;
    let mut tally = Tally::default();
    if check {
        for line in differences(&there, &made) {
            println!("{line}");
        }
        tally.count(there == made);
        if there != made {
            println!("mend with: cargo xtask licences {}", file.display());
        }
        return Ok(tally);
    }
    if there != made {
        fs::write(&path, made).with_context(|| format!("cannot write {TABLE}"))?;
        println!("wrote {TABLE}");
    }
    tally.count(true);
    Ok(tally)
}

/// The table of a list.
///
/// # Errors
/// When a line is not as expected, names a class that is not known, or contradicts another line.
pub fn table(list: &str) -> Result<String> {
    let mut skus: BTreeMap<Uuid, Sku> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    for (number, line) in reader.deserialize::<Line>().enumerate() {
        let line = line.with_context(|| format!("line {} is not one of the list", number + 2))?;
        take(&mut skus, line).with_context(|| format!("line {}", number + 2))?;
    }
    if skus.is_empty() {
        bail!("the list holds no line");
    }
    let mut ordered: Vec<(&Uuid, &Sku)> = skus.iter().collect();
    ordered.sort_by_key(|(id, sku)| (sku.class, &sku.part_number, **id));
    let mut text = HEADER.to_owned();
    for (id, sku) in ordered {
        let class = CLASSES.get(sku.class).map_or("", |(_, ours)| ours);
        let _ = write!(
            text,
            "\n[[sku]]\nid = \"{id}\"\npart_number = {}\nname = {}\nclass = \"{class}\"\n",
            quoted(&sku.part_number),
            quoted(&sku.name)
        );
        if class != "none" {
            let plans = sku.plans.iter();
            let plans: Vec<String> = plans
                .map(|(name, id)| format!("{{ id = \"{id}\", name = {} }}", quoted(name)))
                .collect();
            let _ = match plans.as_slice() {
                [] => writeln!(text, "plans = []"),
                [one] => writeln!(text, "plans = [{one}]"),
                all => writeln!(text, "plans = [\n  {},\n]", all.join(",\n  ")),
            };
        }
    }
    Ok(text)
}

fn take(skus: &mut BTreeMap<Uuid, Sku>, line: Line) -> Result<()> {
    let access = &line.sku_ce_access;
    let Some(class) = CLASSES.iter().position(|(theirs, _)| theirs == access) else {
        bail!("`{access}` is no class of a SKU: decide about it in CLASSES");
    };
    let plan = line.plan_class.as_str();
    let carries = CARRIERS.contains(&plan);
    if !carries && !OTHERS.contains(&plan) {
        bail!("`{plan}` is no class of a plan: decide about it in CARRIERS or OTHERS");
    }
    let sku = skus.entry(line.sku_id).or_insert_with(|| Sku {
        part_number: line.sku_part_number.clone(),
        name: line.product_name.clone(),
        class,
        plans: BTreeMap::new(),
    });
    if sku.class != class || sku.part_number != line.sku_part_number {
        bail!("the SKU {} is told of in two ways", line.sku_id);
    }
    if carries {
        sku.plans.insert(line.service_plan_name, line.service_plan_id);
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The SKUs that differ between two tables, by part number, with what differs.
fn differences(there: &str, made: &str) -> Vec<String> {
    let entries = |text: &str| -> BTreeMap<String, String> {
        let entries = text.split("\n[[sku]]\n").skip(1);
        entries
            .map(|entry| {
                let id = entry.lines().next().unwrap_or_default().to_owned();
                (id, entry.trim().to_owned())
            })
            .collect()
    };
    let (there, made) = (entries(there), entries(made));
    let mut lines = Vec::new();
    for (id, entry) in &made {
        match there.get(id) {
            None => lines.push(format!("lacking: {entry}")),
            Some(other) if other != entry => lines.push(format!("differs, is:\n{other}\nshould be:\n{entry}")),
            Some(_) => {}
        }
    }
    lines.extend(
        there
            .keys()
            .filter(|id| !made.contains_key(*id))
            .map(|id| format!("too much: {id}")),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "sku_part_number,sku_id,product_name,sku_ce_access,service_plan_name,service_plan_id,service_plan_friendly_name,plan_class";

    fn line(sku: u128, access: &str, plan: u128, class: &str) -> String {
        let (sku_id, plan_id) = (Uuid::from_u128(sku), Uuid::from_u128(plan));
        format!("SKU_{sku},{sku_id},\"Name, with \"\"quotes\"\"\",{access},PLAN_{plan},{plan_id},friendly,{class}")
    }

    fn of(lines: &[String]) -> Result<String> {
        table(&format!("\u{feff}{HEAD}\r\n{}\r\n", lines.join("\r\n")))
    }

    #[test]
    fn skus_stand_by_class_with_the_plans_that_carry_rights() {
        let text = of(&[
            line(4, "none", 1, "not_dynamics"),
            line(2, "ce_team_member", 9, "ce_full"),
            line(2, "ce_team_member", 8, "ce_team_member"),
            line(3, "ce_full", 7, "ce_full"),
            line(3, "ce_full", 6, "ce_trial"),
            line(3, "ce_full", 1, "companion"),
        ])
        .unwrap();
        let read: toml::Table = text.parse().unwrap();
        let told: Vec<String> = read["sku"]
            .as_array()
            .unwrap()
            .iter()
            .map(|sku| {
                let plans = sku.get("plans").and_then(toml::Value::as_array);
                let plans = plans.map(|plans| {
                    plans
                        .iter()
                        .map(|plan| plan["name"].as_str().unwrap())
                        .collect::<Vec<_>>()
                });
                format!(
                    "{} {} {plans:?}",
                    sku["part_number"].as_str().unwrap(),
                    sku["class"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "SKU_3 full Some([\"PLAN_6\", \"PLAN_7\"])",
                "SKU_2 team-member Some([\"PLAN_9\"])",
                "SKU_4 none None"
            ]
        );
        assert_eq!(read["sku"][0]["name"].as_str(), Some("Name, with \"quotes\""));
        let less = of(&[line(3, "ce_full", 7, "ce_full")]).unwrap();
        let told = differences(&less, &text);
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(
            differences(&text, &less)
                .iter()
                .filter(|line| line.starts_with("too much"))
                .count(),
            2
        );
        assert!(differences(&text, &text).is_empty());
    }

    #[test]
    fn what_nobody_decided_about_is_an_error() {
        for (lines, says) in [
            (vec![line(1, "ce_new", 1, "ce_full")], "`ce_new` is no class of a SKU"),
            (vec![line(1, "ce_full", 1, "ce_new")], "`ce_new` is no class of a plan"),
            (
                vec![line(1, "ce_full", 1, "ce_full"), line(1, "none", 1, "ce_full")],
                "told of in two ways",
            ),
            (vec!["SKU,no id".to_owned()], "line 2 is not one of the list"),
            (vec![], "holds no line"),
        ] {
            let error = of(&lines).unwrap_err();
            assert!(format!("{error:#}").contains(says), "{error:#}");
        }
    }
}
