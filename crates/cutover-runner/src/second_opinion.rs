//! Microsoft's own evaluation of Conditional Access, asked about a few sign-ins.

use cutover_clients::graph::what_if::{SignIn, what_if};
use cutover_clients::tenancy::Tenancy;
use cutover_clients::{Clients, Wave};
use cutover_core::facts::Facts;
use cutover_core::mfa_explained::{Asked, Explained, Opinion, POINTS, SecondOpinion};
use cutover_core::pack::Pack;

use crate::blind::blind;

/// Asks What-If about every point, one request each in the lane of Conditional Access, and compares what it says with what
/// was explained. It ends with the first answer that does not come.
pub async fn second_opinion<T: Tenancy>(
    clients: &Clients<T>,
    facts: &Facts,
    pack: &Pack,
    asked: &Asked,
    explained: &Explained,
) -> SecondOpinion {
    let mut opinion = SecondOpinion::default();
    let Some(account) = &explained.account else {
        opinion.not_asked = Some("what policies know the account by could not be read".to_owned());
        return opinion;
    };
    for point in POINTS {
        let sign_in = SignIn {
            user: account.id,
            application: explained.application,
            client: point.client(),
            transfer: point.transfer(),
        };
        let mut wave = Wave::<T>::new();
        let ticket = wave.ask(what_if(&sign_in));
        let answer = wave.send(clients).await.take(ticket);
        match answer.result {
            Ok(results) => {
                let opinions: Vec<Opinion> = results
                    .into_iter()
                    .map(|result| Opinion {
                        policy: result.id,
                        applies: result.policy_applies,
                        reason: result.analysis_reasons,
                    })
                    .collect();
                opinion.compare(facts, pack, asked, *point, &opinions);
            }
            Err(failure) => {
                opinion.not_asked = Some(blind(answer.call, &failure).message);
                return opinion;
            }
        }
    }
    opinion
}
