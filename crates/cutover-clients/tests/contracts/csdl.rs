//! Entity models in CSDL: types with their properties, sets, functions.

use std::collections::HashMap;

use roxmltree::{Document, Node};

/// A structured type. Names are without their namespace.
#[derive(Default)]
struct Type {
    base: Option<String>,
    /// The type of each property, that of its rows for a collection.
    properties: HashMap<String, String>,
}

/// One model.
#[derive(Default)]
pub(crate) struct Model {
    types: HashMap<String, Type>,
    /// The type behind each set, singleton and function.
    roots: HashMap<String, String>,
    /// The members of each enumeration.
    members: HashMap<String, Vec<String>>,
}

fn bare(name: &str) -> String {
    let name = name
        .strip_prefix("Collection(")
        .and_then(|name| name.strip_suffix(')'))
        .unwrap_or(name);
    match name.strip_prefix("Edm.") {
        Some(_) => name.to_owned(),
        None => name.rsplit('.').next().unwrap_or(name).to_owned(),
    }
}

impl Model {
    /// Adds what a document holds.
    pub(crate) fn read(mut self, text: &str) -> Self {
        let document = Document::parse(text).unwrap();
        let named = |node: &Node<'_, '_>, attribute: &str| node.attribute(attribute).map(str::to_owned);
        for node in document.descendants().filter(Node::is_element) {
            let Some(name) = named(&node, "Name") else { continue };
            match node.tag_name().name() {
                "EntityType" | "ComplexType" => {
                    let found = self.types.entry(name).or_default();
                    found.base = named(&node, "BaseType").map(|base| bare(&base)).or(found.base.take());
                    for property in node.children().filter(Node::is_element) {
                        if let (Some(name), Some(kind)) = (named(&property, "Name"), named(&property, "Type")) {
                            found.properties.insert(name, bare(&kind));
                        }
                    }
                }
                "EnumType" => {
                    let members = node.children().filter_map(|member| named(&member, "Name"));
                    self.members.insert(name, members.collect());
                }
                "EntitySet" => {
                    self.roots.insert(name, bare(&named(&node, "EntityType").unwrap()));
                }
                "Singleton" => {
                    self.roots.insert(name, bare(&named(&node, "Type").unwrap()));
                }
                "Function" => {
                    let answer = node
                        .children()
                        .find(|child| child.tag_name().name() == "ReturnType")
                        .unwrap();
                    self.roots.insert(name, bare(&named(&answer, "Type").unwrap()));
                }
                _ => {}
            }
        }
        self
    }

    fn is_a(&self, name: &str, base: &str) -> bool {
        name == base
            || self
                .types
                .get(name)
                .and_then(|found| found.base.as_ref())
                .is_some_and(|next| self.is_a(next, base))
    }

    /// The members of an enumeration.
    pub(crate) fn members(&self, name: &str) -> &[String] {
        self.members.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The types derived from a type.
    pub(crate) fn derived(&self, base: &str) -> Vec<&String> {
        let names = self.types.keys();
        names.filter(|name| *name != base && self.is_a(name, base)).collect()
    }

    /// The type of a property of a type, of its bases or of those derived from it.
    pub(crate) fn property(&self, of: &str, name: &str) -> Option<&str> {
        self.types
            .iter()
            .filter(|(other, _)| self.is_a(of, other) || self.is_a(other, of))
            .find_map(|(_, found)| found.properties.get(name))
            .map(String::as_str)
    }

    /// The type that a path ends at: sets, keys, properties, casts and functions.
    pub(crate) fn end_of(&self, path: &str) -> Option<String> {
        let mut at: Option<String> = None;
        for segment in path.trim_start_matches('/').split('/') {
            let name = segment.split('(').next().unwrap_or(segment);
            at = match at {
                None => Some(self.roots.get(name)?.clone()),
                // A key.
                Some(of) if segment.starts_with('{') => Some(of),
                // A cast or a function that is bound to what came before.
                Some(_) if segment.contains('.') => {
                    let name = bare(name);
                    self.roots
                        .get(&name)
                        .cloned()
                        .or_else(|| self.types.contains_key(&name).then_some(name))
                }
                Some(of) => Some(self.property(&of, name)?.to_owned()),
            };
        }
        at
    }
}
