//! What services say about their limits before they refuse.
//!
//! Both say it in headers of ordinary answers. Whoever slows down then is never refused; whoever does not has his wait made
//! longer by Dataverse the more he asks (Dataverse documentation, service protection API limits).

use std::time::Duration;

use http::HeaderMap;

use crate::api::Api;

/// From which share of its limit on Graph speaks at all (Microsoft Graph documentation, throttling limits). The same share
/// is taken for Dataverse, which always speaks.
const LOUD: f64 = 0.8;
/// Graph counts what the directory costs over this time.
const GRAPH_WINDOW: Duration = Duration::from_secs(10);
/// Dataverse counts over five minutes, longer than one question may take. After a minute a fifth of the limit is free again,
/// as long as it was used evenly; if it was not, the service's own `Retry-After` decides.
const DATAVERSE_WAIT: Duration = Duration::from_secs(60);
/// What one user may ask of a Dataverse web server within five minutes, requests.
const DATAVERSE_REQUESTS: f64 = 6_000.0;
/// What all requests of one user may take within five minutes, seconds.
const DATAVERSE_SECONDS: f64 = 1_200.0;

/// How long the next request should wait because of what an answer says; `None` when there is room enough.
///
/// From [`LOUD`] on the wait grows with the share that is used, up to the whole of the window.
pub(crate) fn wait_for(api: Api, headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        // Dataverse writes 1,200.00.
        let number: f64 = text.trim().replace(',', "").parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number)
    };
    let (used, window) = match api {
        Api::Graph | Api::GraphBeta => (number("x-ms-throttle-limit-percentage")?, GRAPH_WINDOW),
        Api::Dataverse => {
            let requests = number("x-ms-ratelimit-burst-remaining-xrm-requests").map(|left| left / DATAVERSE_REQUESTS);
            let seconds = number("x-ms-ratelimit-time-remaining-xrm-requests").map(|left| left / DATAVERSE_SECONDS);
            let left = [requests, seconds].into_iter().flatten().reduce(f64::min)?;
            (1.0 - left, DATAVERSE_WAIT)
        }
        Api::PowerPlatform | Api::PartnerCenter => return None,
    };
    let over = ((used - LOUD) / (1.0 - LOUD)).min(1.0);
    (over > 0.0).then(|| window.mul_f64(over))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn the_nearer_the_limit_the_longer_the_wait() {
        const GRAPH: &str = "x-ms-throttle-limit-percentage";
        const REQUESTS: &str = "x-ms-ratelimit-burst-remaining-xrm-requests";
        const SECONDS: &str = "x-ms-ratelimit-time-remaining-xrm-requests";
        type Case<'a> = (Api, &'a [(&'static str, &'a str)], Option<f64>);
        let cases: [Case<'_>; 21] = [
            (Api::Graph, &[], None),
            (Api::Graph, &[(GRAPH, "0.79")], None),
            (Api::Graph, &[(GRAPH, "0.80")], None),
            (Api::Graph, &[(GRAPH, "0.9")], Some(5.0)),
            (Api::GraphBeta, &[(GRAPH, "1.00")], Some(10.0)),
            (Api::Graph, &[(GRAPH, "1.8")], Some(10.0)),
            (Api::Graph, &[(GRAPH, "inf")], None),
            (Api::Graph, &[(GRAPH, "NaN")], None),
            (Api::Graph, &[(GRAPH, "much")], None),
            (Api::Graph, &[(REQUESTS, "0")], None),
            (Api::Dataverse, &[(GRAPH, "1.0")], None),
            (Api::Dataverse, &[(REQUESTS, "5999"), (SECONDS, "1,199.95")], None),
            // Some environments have a higher limit.
            (Api::Dataverse, &[(REQUESTS, "7999"), (SECONDS, "1,200.00")], None),
            (Api::Dataverse, &[(REQUESTS, "1201"), (SECONDS, "1,200.00")], None),
            (Api::Dataverse, &[(REQUESTS, "600"), (SECONDS, "1,200.00")], Some(30.0)),
            (Api::Dataverse, &[(REQUESTS, "5999"), (SECONDS, "120.00")], Some(30.0)),
            (Api::Dataverse, &[(REQUESTS, "600"), (SECONDS, "0.00")], Some(60.0)),
            (Api::Dataverse, &[(REQUESTS, "0")], Some(60.0)),
            (Api::Dataverse, &[(REQUESTS, "-5")], None),
            (Api::PowerPlatform, &[(GRAPH, "1.0"), (REQUESTS, "0")], None),
            (Api::PartnerCenter, &[(GRAPH, "1.0"), (REQUESTS, "0")], None),
        ];
        for (api, pairs, wanted) in cases {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(name, value)| {
                    (
                        HeaderName::from_static(name),
                        HeaderValue::from_str(value).expect("a value"),
                    )
                })
                .collect();
            let got = wait_for(api, &headers).map(|wait| (wait.as_secs_f64() * 1000.0).round() / 1000.0);
            assert_eq!(got, wanted, "{api:?} {pairs:?}");
        }
    }
}
