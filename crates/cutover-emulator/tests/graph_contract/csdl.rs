//! A service description in CSDL, as far as names and types go.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

/// A type or an action.
#[derive(Debug, Clone, Default)]
pub(crate) struct Type {
    pub(crate) properties: BTreeMap<String, Property>,
    pub(crate) navigations: BTreeSet<String>,
    base: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) of_type: String,
    pub(crate) collection: bool,
}

pub(crate) struct Csdl {
    types: BTreeMap<String, Type>,
    actions: BTreeMap<String, Type>,
    pub(crate) enumerations: BTreeMap<String, BTreeSet<String>>,
}

fn short(name: &str) -> String {
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

fn declared(node: Node<'_, '_>) -> Property {
    let name = node.attribute("Type").unwrap_or_default();
    match name.strip_prefix("Collection(").and_then(|name| name.strip_suffix(')')) {
        Some(inside) => Property {
            of_type: short(inside),
            collection: true,
        },
        None => Property {
            of_type: short(name),
            collection: false,
        },
    }
}

impl Type {
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }
}

impl Csdl {
    pub(crate) fn parse(text: &str) -> Self {
        let document = Document::parse(text).expect("a service description");
        let mut csdl = Self {
            types: BTreeMap::new(),
            actions: BTreeMap::new(),
            enumerations: BTreeMap::new(),
        };
        for node in document.descendants() {
            let name = node.attribute("Name").unwrap_or_default().to_owned();
            let children = |kind: &'static str| node.children().filter(move |child| child.has_tag_name((EDM, kind)));
            match node.tag_name().name() {
                "EntityType" | "ComplexType" => {
                    let named = |child: Node<'_, '_>| child.attribute("Name").unwrap_or_default().to_owned();
                    let navigations = children("NavigationProperty");
                    csdl.types.insert(
                        name,
                        Type {
                            // A navigation may be sent and expanded like a property.
                            properties: children("Property")
                                .chain(navigations.clone())
                                .map(|child| (named(child), declared(child)))
                                .collect(),
                            navigations: navigations.map(named).collect(),
                            base: node.attribute("BaseType").map(short),
                        },
                    );
                }
                "EnumType" => {
                    let members = children("Member").filter_map(|child| child.attribute("Name").map(str::to_owned));
                    csdl.enumerations.insert(name, members.collect());
                }
                "Action" => {
                    let parameters = children("Parameter").skip(1);
                    let action = csdl.actions.entry(name).or_default();
                    action.properties.extend(
                        parameters
                            .map(|child| (child.attribute("Name").unwrap_or_default().to_owned(), declared(child))),
                    );
                }
                _ => {}
            }
        }
        csdl
    }

    /// A type with what it inherits.
    pub(crate) fn type_of(&self, name: &str) -> Option<Type> {
        let mut whole = self.types.get(name)?.clone();
        let mut base = whole.base.clone();
        while let Some(parent) = base.and_then(|base| self.types.get(&base)) {
            for (name, property) in &parent.properties {
                whole.properties.entry(name.clone()).or_insert_with(|| property.clone());
            }
            whole.navigations.extend(parent.navigations.iter().cloned());
            base = parent.base.clone();
        }
        Some(whole)
    }

    pub(crate) fn action(&self, name: &str) -> Option<Type> {
        self.actions.get(name).cloned()
    }
}

const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";
