//! What this service knows of Graph's types: for tests that hold it against Microsoft's own service description.

use super::entity_types::{self, EntityType};
use super::{AREAS, schema};

/// A type with what of it is used here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// Its name without the namespace.
    pub name: &'static str,
    /// Whether only the beta version has it in this shape.
    pub beta: bool,
    /// Its properties.
    pub properties: Vec<Property>,
    /// Its navigation properties.
    pub navigations: Vec<&'static str>,
}

/// A property of a type, or a parameter of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// The name of its type, without `Edm.` or the namespace, where bodies are read as it.
    pub of_type: Option<&'static str>,
    /// Whether it is a collection.
    pub collection: bool,
}

/// Types that no operation answers by themselves: what others lead to.
const INSIDE: [&EntityType; 2] = [
    &entity_types::ROLE_MANAGEMENT_POLICY,
    &entity_types::ROLE_MANAGEMENT_POLICY_RULE,
];

/// Types of rows, as they are answered.
pub fn entity_types() -> Vec<Type> {
    let mut types: Vec<Type> = Vec::new();
    let routes = AREAS.iter().flat_map(|area| area.iter()).map(|route| route.entity);
    for entity in routes.chain(INSIDE) {
        let beta = std::ptr::eq(entity, &entity_types::SIGN_IN_BETA)
            || std::ptr::eq(entity, &entity_types::AUTHENTICATION_REQUIREMENTS);
        if types
            .iter()
            .any(|known| known.name == entity.name && known.beta == beta)
        {
            continue;
        }
        let property = |text: &'static str| Property {
            name: text.trim_end_matches("[]"),
            of_type: None,
            collection: text.ends_with("[]"),
        };
        types.push(Type {
            name: entity.name,
            beta,
            properties: entity.properties.split_ascii_whitespace().map(property).collect(),
            navigations: entity.navigations.split_ascii_whitespace().collect(),
        });
    }
    types
}

/// Types of bodies, as they are read; actions with their parameters among them.
pub fn body_types() -> Vec<Type> {
    let described = |(name, _): &(&'static str, &'static str)| Type {
        name,
        beta: false,
        properties: schema::properties(name)
            .map(|(name, declared)| Property {
                name,
                of_type: Some(declared.name),
                collection: declared.collection,
            })
            .collect(),
        navigations: Vec::new(),
    };
    schema::TYPES.iter().map(described).collect()
}

/// Enumerations with the members that bodies may hold.
pub fn enumerations() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    schema::ENUMS.iter().map(|(name, members)| {
        let members = members.trim_start_matches("flags ");
        (*name, members.split_ascii_whitespace().collect())
    })
}
