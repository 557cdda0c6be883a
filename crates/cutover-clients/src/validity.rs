//! From when until when a certificate is good, read from its DER (RFC 5280, section 4.1).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// From when until when a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
}

/// The validity of each certificate in a PEM file, in its order; `None` when there is none, or one cannot be read.
pub fn validities(pem: &[u8]) -> Option<Vec<Validity>> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all: Option<Vec<Validity>> = certificates.ok()?.iter().map(|der| validity(der)).collect();
    all.filter(|all| !all.is_empty())
}

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

fn validity(der: &[u8]) -> Option<Validity> {
    let (certificate, _) = element(der, SEQUENCE)?;
    let (to_be_signed, _) = element(certificate, SEQUENCE)?;
    // The version is left out in certificates of version 1.
    let rest = element(to_be_signed, VERSION).map_or(to_be_signed, |(_, rest)| rest);
    let (_serial, rest) = element(rest, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    let (_issuer, rest) = element(rest, SEQUENCE)?;
    let (validity, _) = element(rest, SEQUENCE)?;
    let (from, rest) = time(validity)?;
    let (until, _) = time(rest)?;
    Some(Validity { from, until })
}

/// The content of the element that comes first, if it is of this kind, and what follows it.
fn element(der: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    if *first != kind {
        return None;
    }
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let length = bytes.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

fn time(der: &[u8]) -> Option<(Timestamp, &[u8])> {
    if let Some((text, rest)) = element(der, GENERALIZED_TIME) {
        return Some((moment(std::str::from_utf8(text).ok()?)?, rest));
    }
    let (text, rest) = element(der, UTC_TIME)?;
    let text = std::str::from_utf8(text).ok()?;
    let year: u8 = text.get(..2)?.parse().ok()?;
    let century = if year >= 50 { "19" } else { "20" };
    Some((moment(&format!("{century}{text}"))?, rest))
}

fn moment(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate's frame with these two times.
    fn certificate(from: &[u8], until: &[u8]) -> Vec<u8> {
        fn of(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
            let content = parts.concat();
            let length = u8::try_from(content.len()).unwrap();
            [&[kind, 0x81, length], content.as_slice()].concat()
        }
        let (algorithm, issuer) = (of(SEQUENCE, &[]), of(SEQUENCE, &[b"somebody"]));
        let version = of(VERSION, &[&[INTEGER, 1, 2]]);
        let validity = of(SEQUENCE, &[from, until]);
        let body = of(
            SEQUENCE,
            &[&version, &[INTEGER, 1, 7], &algorithm, &issuer, &validity, b"rest"],
        );
        of(SEQUENCE, &[&body, b"signature"])
    }

    fn utc(text: &str) -> Vec<u8> {
        [&[UTC_TIME, 13], text.as_bytes()].concat()
    }

    #[test]
    fn both_forms_of_time_are_read() {
        let general = [&[GENERALIZED_TIME, 15], b"20500101000000Z".as_slice()].concat();
        let der = certificate(&utc("991231235959Z"), &general);
        let read = validity(&der).unwrap();
        assert_eq!(read.from.to_string(), "1999-12-31T23:59:59Z");
        assert_eq!(read.until.to_string(), "2050-01-01T00:00:00Z");
        let der = certificate(&utc("490101000000Z"), &utc("500101000000Z"));
        let read = validity(&der).unwrap();
        assert_eq!(
            (read.from.to_string(), read.until.to_string()),
            ("2049-01-01T00:00:00Z".into(), "1950-01-01T00:00:00Z".into())
        );
    }

    #[test]
    fn what_is_cut_or_bent_is_no_certificate() {
        let der = certificate(&utc("260101000000Z"), &utc("270101000000Z"));
        assert!(validity(&der).is_some());
        for end in 0..der.len() {
            let _ = validity(&der[..end]);
        }
        for place in 0..der.len() {
            let mut bent = der.clone();
            bent[place] ^= 0xff;
            let _ = validity(&bent);
        }
        assert_eq!(
            validity(&certificate(&utc("269901000000Z"), &utc("270101000000Z"))),
            None
        );
        assert_eq!(validities(b"no certificate"), None);
    }
}
