//! Relationships to other partners.

use serde_json::{Value, json};

use super::answer::Answer;
use super::error::Refusal;
use super::page::page;
use super::{Context, Route, Takes, reading, role};

pub(super) const ROUTES: &[Route] = &[Route {
    operation: reading(
        "/relationships",
        "App+User; relationship_type=IsIndirectCloudSolutionProviderOf or IsIndirectResellerOf; size, seekOperation=Next",
        "400 800002, 401 empty, 401 800001, 401 900421, 403 900150, 403 2032",
        "PCS retrieve-a-list-of-indirect-resellers, retrieve-a-list-of-indirect-providers",
    ),
    takes: Takes::AppAndUser,
    roles: role::COMMERCE,
    answer: relationships,
}];

fn relationships(context: &Context<'_>) -> Result<Answer, Refusal> {
    let asked = context.parameter("relationship_type").unwrap_or_default();
    let (kind, others) = match asked.to_ascii_lowercase().as_str() {
        "isindirectcloudsolutionproviderof" => ("is_indirect_cloud_solution_provider_of", &context.partner.resellers),
        "isindirectresellerof" => ("is_indirect_reseller_of", &context.partner.providers),
        _ => {
            let text = format!("The relationship type '{asked}' is not known.");
            return Err(Refusal::invalid_input(text));
        }
    };
    let rows: Vec<Value> = others
        .iter()
        .map(|other| {
            json!({
                "id": other.id, "name": other.name, "relationshipType": kind, "state": other.state,
                "mpnId": other.mpn_id, "location": other.location,
                "attributes": {"objectType": "PartnerRelationship"},
            })
        })
        .collect();
    page(context, "/relationships", rows)
}
