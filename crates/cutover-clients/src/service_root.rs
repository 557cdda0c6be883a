//! The address of a service, checked once so that nobody has to check it again.

use std::fmt;
use std::net::IpAddr;

use url::Url;

/// The base address of a service: `https` anywhere, plain `http` on loopback only, so that a token can never
/// travel unencrypted. It has no user, query or fragment and does not end with a slash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServiceRoot(Url);

/// Why an address cannot be a service's base address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidServiceRoot {
    /// Not a URL at all.
    #[error("not an absolute address")]
    NotAUrl(#[source] url::ParseError),
    /// Plain `http` to another machine, or another scheme.
    #[error("only https is allowed; plain http only to this machine (localhost, 127.0.0.1, ::1)")]
    NotEncrypted,
    /// It carries a user, a query or a fragment.
    #[error("an address of a service has no user name, query or fragment")]
    Ornamented,
}

impl ServiceRoot {
    /// Checks an address such as `https://graph.microsoft.com`.
    pub fn parse(address: &str) -> Result<Self, InvalidServiceRoot> {
        let mut url = Url::parse(address.trim()).map_err(InvalidServiceRoot::NotAUrl)?;
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" if !host.is_empty() => {}
            "http" if is_loopback_host(host) => {}
            _ => return Err(InvalidServiceRoot::NotEncrypted),
        }
        let ornamented =
            !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some();
        if ornamented {
            return Err(InvalidServiceRoot::Ornamented);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// An address below this one; `relative` begins with a slash and is already percent-encoded.
    pub(crate) fn join(&self, relative: &str) -> String {
        format!("{}{relative}", self.as_str())
    }

    /// What follows this address in `link`, beginning with a slash; `None` when the link leads to another
    /// scheme, host or port, or beside this path. A link from an answer is followed with a token, so it must
    /// pass here first.
    pub(crate) fn strip(&self, link: &str) -> Option<String> {
        let url = Url::parse(link).ok()?;
        if url.origin() != self.0.origin() || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let rest = url.path().strip_prefix(self.0.path().trim_end_matches('/'))?;
        if !rest.starts_with('/') {
            return None;
        }
        Some(match url.query() {
            Some(query) => format!("{rest}?{query}"),
            None => rest.to_owned(),
        })
    }
}

impl fmt::Debug for ServiceRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ServiceRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a host means this machine. A name other than `localhost` is never taken for loopback, whatever it
/// resolves to.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a host is an address of this machine's own link, such as the metadata service of a virtual machine.
pub(crate) fn is_link_local_host(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>()
        .is_ok_and(|address| address.is_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_reaches_this_machine_only() {
        for good in [
            "https://graph.microsoft.com",
            "https://graph.microsoft.com/",
            "http://127.0.0.1:8080/base/",
            "http://localhost:1",
            "http://[::1]:9",
            "https://localhost:4430",
        ] {
            let root = ServiceRoot::parse(good).expect(good);
            assert!(!root.as_str().ends_with('/'), "{good}");
        }
        for bad in [
            "http://graph.microsoft.com",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "ftp://localhost",
            "graph.microsoft.com",
            "https://user:word@graph.microsoft.com",
            "https://graph.microsoft.com/?a=b",
            "https://graph.microsoft.com/#x",
            "",
        ] {
            assert!(ServiceRoot::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_is_followed_only_below_the_root() {
        let root = ServiceRoot::parse("https://graph.microsoft.com/base").expect("valid");
        assert_eq!(
            root.strip("https://graph.microsoft.com:443/base/v1.0/users?$skiptoken=x%20y"),
            Some("/v1.0/users?$skiptoken=x%20y".to_owned())
        );
        for elsewhere in [
            "https://graph.microsoft.com/other/v1.0/users",
            "https://graph.microsoft.com/base/../v1.0/users",
            "https://graph.microsoft.com/basement/v1.0",
            "http://graph.microsoft.com/base/v1.0/users",
            "https://graph.microsoft.com:444/base/v1.0/users",
            "https://graph.microsoft.com.evil.example/base/v1.0",
            "https://me@graph.microsoft.com/base/v1.0",
            "/v1.0/users",
            "not a link",
        ] {
            assert_eq!(root.strip(elsewhere), None, "{elsewhere}");
        }
    }
}
