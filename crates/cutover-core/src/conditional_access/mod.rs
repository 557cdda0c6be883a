//! Conditional Access: whether MFA is demanded of somebody at every sign-in to an application.
//!
//! The question is not whether some policy demands MFA but whether any sign-in is left that none does. The conditions of
//! policies span a finite space of situations; the policies that are meant each cover a part of it, and what is left are
//! the holes (Microsoft Graph documentation, `conditionalAccessPolicy` and the types it is made of; Microsoft Entra
//! documentation, "Conditional Access: conditions", "target resources", "grant", "session").

mod controls;
mod demanded;
mod known;
mod policy;
mod reading;
mod region;
mod scope;
mod situation;
mod taken;

pub use demanded::{Demanded, Hole, Meeting, Near, Place, Question, Reading, Reasoning, applies_at, at, evaluate};
pub use policy::{
    AppSet, Applications, Conditions, Control, Demand, Filter, Grant, GuestSet, LocationSet, Locations, Policy,
    Session, State, UserSet, Users,
};
pub use scope::{Application, NotMeant, Obstacles, Scope, Side, Subject, Through};
pub use situation::{Axis, Circumstance, ClientType, Flow, InsiderRisk, Mask, Platform, Risk, Situation};
