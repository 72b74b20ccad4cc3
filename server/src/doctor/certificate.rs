//! Judging a certificate in words: who it is for, who says so, for how long.
//!
//! Separate from the handshake, because the words depend on nothing but the certificate.

use super::report::Check;
use super::target::Target;
use super::tls::Verdict;
use core::fmt::Write as _;
use ring::digest::{SHA256, digest};
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use std::time::{SystemTime, UNIX_EPOCH};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

const NAME: &str = "Certificate";
const DAY: i64 = 24 * 60 * 60;
/// Certificates that renew themselves are renewed long before this.
const SOON: i64 = 10;

/// Says what a browser thinks of the certificate. One whose fingerprint the owner names is good whoever made it.
pub(crate) fn judge(
    target: &Target,
    certificate: &CertificateDer<'_>,
    verdict: &Verdict,
    known: Option<&Fingerprint>,
) -> Check {
    let fingerprint = Fingerprint::of(certificate);
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else {
        return Check::failed(NAME, "cannot be read", "Give the server a certificate in PEM form.");
    };
    let days = parsed.validity().not_after.timestamp().saturating_sub(now()).div_euclid(DAY);
    let names = names(&parsed);
    let for_how_long = match days {
        0 => "for less than a day".into(),
        1 => "for one day".into(),
        days => format!("for {days} days"),
    };
    if known == Some(&fingerprint) {
        return Check::passed(NAME, format!("is the one with the fingerprint you named, valid {for_how_long}"));
    }
    match verdict {
        Verdict::Trusted if days < SOON => Check::passed(NAME, format!("for {names}, valid only {for_how_long}"))
            .with_fix("If it renews itself, that has failed lately: the server's log says why. If not, renew it."),
        Verdict::Trusted => {
            Check::passed(NAME, format!("for {names}, valid {for_how_long}, signed by {}", issuer(&parsed)))
        }
        Verdict::Refused(reason) => refused(target, &parsed, reason, &names, days, &fingerprint),
    }
}

fn refused(
    target: &Target,
    certificate: &X509Certificate<'_>,
    reason: &rustls::Error,
    names: &str,
    days: i64,
    fingerprint: &Fingerprint,
) -> Check {
    if days < 0 {
        let words = format!("for {names} expired {} days ago: browsers refuse it", -days);
        return Check::failed(
            NAME,
            words,
            "Renew it; or let Parlour do that by itself: --domain instead of --tls-cert.",
        );
    }
    if matches!(
        reason,
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        )
    ) {
        let words = format!("is for {names}, not for {}: browsers refuse it", target.host);
        return Check::failed(
            NAME,
            words,
            format!("Get one for {}, or open the server by the name above.", target.host),
        );
    }
    if certificate.subject() == certificate.issuer() {
        let words =
            format!("is self-signed: browsers ask every visitor whether to go on. Its fingerprint is {fingerprint}");
        let fix = "On a home or office network that may be meant so: compare the fingerprint with the one that the server \
                   shows at its start, and say it with --fingerprint. For the internet use --domain.";
        return Check::failed(NAME, words, fix);
    }
    let words =
        format!("for {names} is signed by {}, which this machine does not trust ({reason})", issuer(certificate));
    let fix = "Give the server the whole chain, its own certificate first; if the authority is your own, every visitor's \
               device has to know it (here: SSL_CERT_FILE).";
    Check::failed(NAME, words, fix)
}

fn names(certificate: &X509Certificate<'_>) -> String {
    let extension = certificate.subject_alternative_name().ok().flatten();
    let names = extension.iter().flat_map(|extension| &extension.value.general_names).filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| std::net::Ipv4Addr::from(bytes).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        },
        _ => None,
    });
    let names: Vec<_> = names.collect();
    if names.is_empty() { "nobody".into() } else { names.join(", ") }
}

fn issuer(certificate: &X509Certificate<'_>) -> String {
    let issuer = certificate.issuer();
    let mut parts = issuer.iter_organization().chain(issuer.iter_common_name());
    parts.find_map(|part| part.as_str().ok()).map_or_else(|| issuer.to_string(), str::to_owned)
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

/// The SHA-256 of a certificate, as browsers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Returns that of this certificate.
    pub(crate) fn of(certificate: &CertificateDer<'_>) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, certificate).as_ref());
        Self(bytes)
    }
}

impl core::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_char(':')?;
            }
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

impl core::str::FromStr for Fingerprint {
    type Err = String;

    /// Reads 32 bytes in hexadecimal, with colons or blanks between them or without.
    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || "not a SHA-256 fingerprint like 3F:A0:…, 32 bytes".to_owned();
        let digits: Vec<char> = text.chars().filter(|sign| !matches!(sign, ':' | ' ')).collect();
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return Err(refusal());
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = u8::from_str_radix(&pair.iter().collect::<String>(), 16).map_err(|_| refusal())?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_reads_what_it_shows() {
        let fingerprint = Fingerprint::of(&CertificateDer::from(vec![1, 2, 3]));
        let shown = fingerprint.to_string();
        assert_eq!(shown.parse(), Ok(fingerprint.clone()));
        assert_eq!(shown.to_lowercase().replace(':', "").parse(), Ok(fingerprint));
        assert!("3F:A0".parse::<Fingerprint>().is_err() && "zz".repeat(32).parse::<Fingerprint>().is_err());
    }
}
