//! Who is in a group, and how somebody joins and leaves it.

use serde::Deserialize;
use uuid::Uuid;

use super::{permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::write::Write;

pub(super) static GROUPS_OF_USER: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/users/{id}/memberOf/microsoft.graph.group",
    "the groups that a user is a direct member of",
    &permissions::GROUPS,
);
pub(super) static ADD: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/groups/{id}/members/$ref",
    "makes somebody a member of a group",
    &permissions_of_apply::GROUP_MEMBER,
);
pub(super) static REMOVE: CallSpec = CallSpec::writing(
    Api::Graph,
    "DELETE",
    "/groups/{id}/members/{id}/$ref",
    "ends a membership, never the member",
    &permissions_of_apply::GROUP_MEMBER,
);

/// A group that a user is in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct GroupOfUser {
    /// Object id.
    pub id: Uuid,
}

/// The link between a group and a member of it.
///
/// The same address without `/$ref` deletes the member, a user with everything he has (reference page of group, delete
/// members). So the link is a type, and the one address that can be made of it ends so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub group: Uuid,
    /// Who is in it.
    pub member: Uuid,
}

impl Membership {
    fn link(self) -> Address {
        Address::path(format!("/groups/{}/members/{}/$ref", self.group, self.member))
    }
}

/// The groups that a user is in himself.
pub fn groups_of_user(user: Uuid) -> Read<Vec<GroupOfUser>> {
    let address = Address::path(format!("/users/{user}/memberOf/microsoft.graph.group"));
    Read::new(&GROUPS_OF_USER, address.select("id"))
}

/// Makes somebody a member.
pub fn add(membership: Membership) -> Write {
    let address = Address::path(format!("/groups/{}/members/$ref", membership.group));
    Write::new(&ADD, address).linking(format!("/directoryObjects/{}", membership.member))
}

/// Ends a membership.
pub fn remove(membership: Membership) -> Write {
    Write::new(&REMOVE, membership.link())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the ids are, what is deleted is a link.
        #[test]
        fn no_address_that_deletes_lacks_the_ref(group in any::<u128>(), member in any::<u128>()) {
            let membership = Membership { group: Uuid::from_u128(group), member: Uuid::from_u128(member) };
            let write = remove(membership);
            prop_assert_eq!(write.spec.method, "DELETE");
            prop_assert!(write.url.ends_with("/$ref"), "{}", write.url);
            prop_assert!(!write.url.contains(['?', '#', '%']), "{}", write.url);
            prop_assert_eq!(write.url.matches('/').count(), 5);
        }
    }

    #[test]
    fn no_other_call_deletes_below_a_group() {
        let deletes =
            crate::calls_of_apply().filter(|spec| spec.method == "DELETE" && spec.path.starts_with("/groups"));
        let paths: Vec<_> = deletes.map(|spec| spec.path).collect();
        assert_eq!(paths, ["/groups/{id}/members/{id}/$ref"]);
    }
}
