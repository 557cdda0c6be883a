//! Clients that prove themselves with a certificate.

use jsonwebtoken::Algorithm;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::*;

struct Assertion {
    algorithm: Algorithm,
    key: &'static [u8],
    old_thumbprint: bool,
    audience: String,
    issuer: &'static str,
    expires_in: f64,
    id: Option<&'static str>,
}

impl Default for Assertion {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::PS256,
            key: include_bytes!("../../../keys/reader-private.pem"),
            old_thumbprint: false,
            audience: format!("{ORIGIN}/{TENANT}/oauth2/v2.0/token"),
            issuer: READER,
            expires_in: 600.0,
            id: Some("1"),
        }
    }
}

impl Assertion {
    fn sign(&self, emulator: &Emulator) -> String {
        let der = CertificateDer::from_pem_slice(include_bytes!("../../../keys/reader-certificate.pem")).unwrap();
        let mut header = Header::new(self.algorithm);
        let algorithm = if self.old_thumbprint {
            &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY
        } else {
            &aws_lc_rs::digest::SHA256
        };
        let thumbprint = URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(algorithm, &der));
        if self.old_thumbprint {
            header.x5t = Some(thumbprint);
        } else {
            header.x5t_s256 = Some(thumbprint);
        }
        let now = f64::from(u32::try_from(emulator.clock().now().as_second()).unwrap());
        let mut claims = json!({
            "aud": self.audience, "iss": self.issuer, "sub": self.issuer,
            "iat": now, "nbf": now, "exp": now + self.expires_in,
        });
        if let Some(id) = self.id {
            claims["jti"] = json!(id);
        }
        let key = if self.key.starts_with(b"-----") {
            EncodingKey::from_rsa_pem(self.key).unwrap()
        } else {
            EncodingKey::from_rsa_der(self.key)
        };
        jsonwebtoken::encode(&header, &claims, &key).unwrap()
    }
}

fn present(emulator: &Emulator, assertion: &str) -> (u16, Value) {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_assertion_type", assertion::TYPE),
        ("client_assertion", assertion),
        ("scope", GRAPH),
    ];
    post(emulator, &v2(), &fields)
}

#[test]
fn assertions_are_verified() {
    let cases: Vec<(Assertion, Option<u32>)> = vec![
        (Assertion::default(), None),
        (
            Assertion {
                algorithm: Algorithm::RS256,
                old_thumbprint: true,
                ..Assertion::default()
            },
            None,
        ),
        (
            Assertion {
                audience: format!("{ORIGIN}/{TENANT}/v2.0"),
                ..Assertion::default()
            },
            None,
        ),
        (
            Assertion {
                algorithm: Algorithm::PS384,
                ..Assertion::default()
            },
            Some(50_027),
        ),
        (
            Assertion {
                id: None,
                ..Assertion::default()
            },
            Some(50_027),
        ),
        (
            Assertion {
                key: keys::PRIVATE,
                ..Assertion::default()
            },
            Some(700_027),
        ),
        (
            Assertion {
                issuer: "somebody-else",
                ..Assertion::default()
            },
            Some(700_021),
        ),
        (
            Assertion {
                audience: format!("{ORIGIN}/other/oauth2/v2.0/token"),
                ..Assertion::default()
            },
            Some(700_023),
        ),
        (
            Assertion {
                expires_in: -301.0,
                ..Assertion::default()
            },
            Some(700_024),
        ),
        // Five minutes of difference between two clocks are forgiven.
        (
            Assertion {
                expires_in: -299.0,
                ..Assertion::default()
            },
            None,
        ),
    ];
    let lasting = |expires_in| Assertion {
        expires_in,
        ..Assertion::default()
    };
    let mut cases = cases;
    // Many clients send times with a fraction, as RFC 7519 allows; the second they lie in counts.
    cases.extend([
        (lasting(599.75), None),
        (lasting(-300.0), Some(700_024)),
        (lasting(-299.25), Some(700_024)),
        (lasting(1e18), Some(50_027)),
        (lasting(-1e300), Some(50_027)),
    ]);
    for (assertion, expected) in cases {
        let emulator = emulator();
        let (status, body) = present(&emulator, &assertion.sign(&emulator));
        match expected {
            None => assert_eq!(status, 200, "{body}"),
            Some(code) => assert_eq!((status, &body["error_codes"]), (401, &json!([code])), "{body}"),
        }
    }
    let emulator = emulator();
    let assertion = Assertion::default().sign(&emulator);
    for _ in 0..2 {
        assert_eq!(present(&emulator, &assertion).0, 200, "an assertion may come again");
    }
    for broken in ["", "a", "a.b.c", &assertion.replace('.', ""), "e30.e30."] {
        let (_, body) = present(&emulator, broken);
        assert!(
            ["50027", "7000218"]
                .iter()
                .any(|code| body["error_codes"].to_string().contains(code)),
            "{body}"
        );
    }
}
