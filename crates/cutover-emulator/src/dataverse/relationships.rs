//! Relations as metadata (*Query table definitions using the Web API*, Querying relationship metadata).
//!
//! The relations are those that the emulator has; Microsoft's tables have many more, to tables that are not here.

use serde_json::json;

use super::definitions::{metadata_id, object};
use super::metadata::Table;
use super::relations::{MANY_TO_MANY, ONE_TO_MANY};
use super::schema::Schema;
use crate::state::Row;

/// The kinds of relations of a table, by the navigation property of its definition.
pub(super) const KINDS: [&str; 3] = [
    "OneToManyRelationships",
    "ManyToOneRelationships",
    "ManyToManyRelationships",
];

/// The relations of one kind that a table has.
pub(super) fn of(schema: &Schema<'_>, table: &Table<'_>, kind: &str) -> Vec<Row> {
    let own = table.logical_name;
    if kind == "ManyToManyRelationships" {
        let relations = MANY_TO_MANY.iter();
        return relations
            .filter(|relation| relation.from == own || relation.to == own)
            .map(|relation| {
                object(json!({
                    "MetadataId": metadata_id("relationship", relation.name),
                    "SchemaName": relation.name,
                    "RelationshipType": "ManyToManyRelationship",
                    "Entity1LogicalName": relation.from,
                    "Entity2LogicalName": relation.to,
                    "Entity1NavigationPropertyName": relation.name,
                    "Entity2NavigationPropertyName": relation.name,
                    "IsCustomRelationship": false,
                    "IsManaged": true,
                    "HasChanged": null,
                }))
            })
            .collect();
    }
    let is_parent = kind == "OneToManyRelationships";
    ONE_TO_MANY
        .iter()
        .filter(|relation| {
            if is_parent {
                relation.parent == own
            } else {
                relation.child == own
            }
        })
        .map(|relation| {
            let column = relation.column.trim_start_matches('_');
            object(json!({
                "MetadataId": metadata_id("relationship", relation.name),
                "SchemaName": relation.name,
                "RelationshipType": "OneToManyRelationship",
                "ReferencedEntity": relation.parent,
                "ReferencedAttribute": schema.named(relation.parent).map(|parent| parent.primary_id),
                "ReferencedEntityNavigationPropertyName": relation.name,
                "ReferencingEntity": relation.child,
                "ReferencingAttribute": column.strip_suffix("_value").unwrap_or(column),
                "ReferencingEntityNavigationPropertyName": relation.back,
                "IsCustomRelationship": false,
                "IsManaged": true,
                "HasChanged": null,
            }))
        })
        .collect()
}
