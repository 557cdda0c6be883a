//! Makes somebody a member of a group.

use cutover_clients::Refused;
use cutover_clients::graph::group_members::{Membership, add, groups_of_user, remove};
use cutover_core::plan::action::{AddGroupMember, GroupStandsFor};
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::last_holder;
use crate::carry_out::site::{Change, Site};

/// Whether somebody is in the group himself.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Member {
    member: bool,
}

fn membership(action: &AddGroupMember) -> Membership {
    Membership {
        group: action.group.id,
        member: action.member.id,
    }
}

impl Ensure for AddGroupMember {
    type Seen = Member;

    async fn read(&self, site: &Site) -> Result<Member, CannotLook> {
        let groups = site.ask_in(self.side, groups_of_user(self.member.id)).await;
        let groups = groups.map_err(|unread| site.cannot(unread))?;
        let member = groups.iter().any(|group| group.id == self.group.id);
        Ok(Member { member })
    }

    fn held(&self, seen: &Member) -> bool {
        seen.member
    }

    fn words(&self, seen: &Member) -> String {
        let is = if seen.member { "is" } else { "is not" };
        format!("{} {is} a member of {}", self.member.name, self.group.name)
    }

    fn make(&self, _: &Site, _: &Member) -> Move {
        Move::Send(Change::In(self.side, add(membership(self))))
    }

    fn refused(&self, _: &Site, _: &Member, refused: &Refused) -> Meaning {
        match refused.says("already exist") {
            true => Meaning::LookAgain,
            false => Meaning::AsUsual,
        }
    }

    async fn lacks(&self, site: &Site) -> Result<Option<String>, CannotLook> {
        let GroupStandsFor::DirectoryRole(role) = &self.stands_for else {
            return Ok(None);
        };
        let shows = site.token_shows(self.member.id, *role).await;
        Ok((shows == Some(false)).then(|| format!("a new token of {} carries the role", self.member.name)))
    }

    async fn back(&self, site: &Site, before: &Member, now: &Member, _: &Made<'_>) -> Result<Back, CannotLook> {
        if !now.member {
            return Ok(Back::Gone(self.words(now)));
        }
        if before.member {
            return Ok(Back::NotOurs(format!("{}, as before", self.words(now))));
        }
        if let GroupStandsFor::DirectoryRole(role) = &self.stands_for
            && last_holder::is_last_administrator(site, *role, self.group.id).await?
        {
            let (why, at) = (last_holder::why(&self.group.name), site.after(last_holder::AGAIN));
            return Ok(Back::Later(why, at));
        }
        Ok(Back::Send(Change::In(self.side, remove(membership(self)))))
    }
}
