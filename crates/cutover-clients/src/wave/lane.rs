//! One lane of a wave: what may travel together, until every question of it is settled.

use futures_util::future::join_all;
use jiff::Timestamp;

use super::part::{Outcome, Part, Reply, Step};
use super::{dataverse_batch, graph_batch, request};
use crate::api::Api;
use crate::call_spec::Lane;
use crate::clients::Clients;
use crate::clock::until;
use crate::failure::Failure;
use crate::pace::{Limit, NoTurn};
use crate::retry::Round;
use crate::tenancy::Tenancy;
use crate::tokens::{RefusedToken, Token, TokenError};

/// Asks until all parts are settled. Parts that may go now go now; only parts that must wait are waited for.
pub(super) async fn run<T: Tenancy>(clients: &Clients<T>, api: Api, lane: Lane, asked: Vec<Part>) -> Vec<Outcome> {
    let connection = clients.connection();
    let clock = &connection.clock;
    let mut outcomes = Vec::with_capacity(asked.len());
    let mut parts = Vec::with_capacity(asked.len());
    for part in asked {
        match part.admitted(connection) {
            Ok(part) => parts.push(part),
            Err(outcome) => outcomes.push(*outcome),
        }
    }
    let Some(root) = clients.resource(api).map(|resource| &resource.root) else {
        let now = clock.now();
        let nothing = |part: Part| {
            let (service, cloud) = (api.service(), connection.endpoints.cloud);
            part.fail(now, Failure::NotSignedIn(TokenError::NotInCloud { service, cloud }))
        };
        return parts.into_iter().map(nothing).chain(outcomes).collect();
    };
    let mut refused: Option<RefusedToken> = None;
    while let Some(first) = parts.iter().map(|part| part.not_before).min() {
        let now = clock.now();
        if first > now {
            clock.sleep(until(now, first)).await;
            let now = clock.now();
            if now < first {
                // A clock that does not keep what it promises must not keep a check waiting for ever.
                outcomes.extend(parts.into_iter().map(|part| part.out_of_time(now)));
                return outcomes;
            }
            continue;
        }
        let (ready, waiting) = parts.into_iter().partition(|part| part.not_before <= now);
        parts = waiting;
        let sent = groups(api, lane, ready)
            .into_iter()
            .map(|group| send(clients, api, lane, refused.as_ref(), group));
        let sent = join_all(sent).await;
        let round = Round::now(connection);
        for group in sent {
            let (token, replies) = match group {
                Sent::Answered(token, replies) => (token, replies),
                Sent::NotSignedIn(error, group) => {
                    let fail = |part: Part| part.fail(round.now, Failure::NotSignedIn(error.clone()));
                    outcomes.extend(group.into_iter().map(fail));
                    continue;
                }
                Sent::NoTurn(then, group) => {
                    outcomes.extend(group.into_iter().map(|part| part.put_off(round.now, then)));
                    continue;
                }
            };
            for (part, reply) in replies {
                if let Reply::Answer(answer) = &reply {
                    let tenant = clients.tenant().id();
                    connection
                        .pace
                        .note(round.now, tenant, api, answer.status, &answer.headers);
                }
                match part.take(reply, &round, root, token.claims()) {
                    Step::Done(outcome) => outcomes.push(*outcome),
                    Step::Ask(part) => parts.push(*part),
                    Step::Renew(part, claims) => {
                        let serial = token.serial();
                        // What one part of a batch was asked for holds for the token they share.
                        let known = refused.take().filter(|known| known.serial == serial);
                        let claims = claims.or(known.and_then(|known| known.claims));
                        refused = Some(RefusedToken { serial, claims });
                        parts.push(*part);
                    }
                }
            }
        }
    }
    outcomes
}

/// What travels in one request.
fn groups(api: Api, lane: Lane, ready: Vec<Part>) -> Vec<Vec<Part>> {
    let most = match lane {
        Lane::ConditionalAccess => 1,
        Lane::General => api.batch_limit(),
    };
    let mut groups: Vec<Vec<Part>> = Vec::new();
    let (alone, together): (Vec<Part>, Vec<Part>) = ready.into_iter().partition(|part| part.alone);
    for part in together {
        match groups.last_mut() {
            Some(group) if group.len() < most => group.push(part),
            _ => groups.push(vec![part]),
        }
    }
    groups.extend(alone.into_iter().map(|part| vec![part]));
    groups
}

/// What became of the parts of one request.
enum Sent<T: Tenancy> {
    Answered(Token<T>, Vec<(Part, Reply)>),
    NotSignedIn(TokenError, Vec<Part>),
    /// The service would have to be asked after the deadline, at this time.
    NoTurn(Timestamp, Vec<Part>),
}

/// Sends one request. The token is taken last, since the turn may take longer than the token lasts.
async fn send<T: Tenancy>(
    clients: &Clients<T>,
    api: Api,
    lane: Lane,
    refused: Option<&RefusedToken>,
    group: Vec<Part>,
) -> Sent<T> {
    let connection = clients.connection();
    let deadline = group.iter().map(Part::deadline).min().unwrap_or(Timestamp::MAX);
    let limit = (clients.tenant().id(), Limit::of(api, lane));
    let _turn = match connection.pace.turn(&*connection.clock, limit, deadline).await {
        Ok(turn) => turn,
        Err(NoTurn(then)) => return Sent::NoTurn(then, group),
    };
    let token = match clients.token(api, refused).await {
        Ok(token) => token,
        Err(error) => return Sent::NotSignedIn(error, group),
    };
    let replies = match (group.as_slice(), api) {
        ([part], _) => vec![request::single(clients, &token, part).await],
        (parts, Api::Dataverse) => dataverse_batch::send(clients, &token, parts).await,
        (parts, Api::Graph | Api::GraphBeta) => graph_batch::send(clients, &token, api, parts).await,
        (parts, Api::PowerPlatform | Api::PartnerCenter) => {
            join_all(parts.iter().map(|part| request::single(clients, &token, part))).await
        }
    };
    let mut replies = replies.into_iter();
    let replies = group
        .into_iter()
        .map(|part| (part, replies.next().unwrap_or(Reply::Missing)))
        .collect();
    Sent::Answered(token, replies)
}
