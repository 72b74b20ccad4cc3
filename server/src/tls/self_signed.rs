//! A certificate that the server makes itself, for a local network.
//!
//! Separate, because nobody vouches for it: what makes it of use is that it stays the same, so that a browser has to be told once.

use super::certificates::{Facts, read};
use super::error::TlsError;
use crate::secrets::Secrets;
use core::fmt::Write as _;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use ring::digest::{SHA256, digest};
use rustls::crypto::CryptoProvider;
use rustls::sign::CertifiedKey;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

/// The certificate and its key, with the names in it on the first line.
const FILE: &str = "self-signed.pem";
/// For how long it is good: Apple's systems take none of more than 825 days.
const GOOD_FOR: Duration = Duration::from_secs(800 * 24 * 60 * 60);
/// When a kept one is too old to begin with.
const TOO_LATE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Returns the one that is kept, as long as it is good and names this machine as it is now; or makes another.
pub(crate) fn certificate(secrets: &Secrets, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let names = names();
    if let Some(kept) = secrets.read(FILE)?
        && let Some(certified) = kept_for(&kept, &names, provider)
    {
        return Ok(certified);
    }
    let made = make(&names)?;
    secrets.write(FILE, made.as_bytes())?;
    if !secrets.are_kept() {
        tracing::info!("without --state-dir the certificate is another one after each start, and browsers warn again");
    }
    read(made.as_bytes(), made.as_bytes(), provider)
}

fn kept_for(kept: &[u8], names: &BTreeSet<String>, provider: &CryptoProvider) -> Option<CertifiedKey> {
    let text = str::from_utf8(kept).ok()?;
    let written: BTreeSet<_> = text.lines().next()?.strip_prefix("# ")?.split(' ').collect();
    let certified = read(kept, kept, provider).ok()?;
    let facts = Facts::of(certified.end_entity_cert().ok()?).ok()?;
    let is_good = facts.not_after > SystemTime::now() + TOO_LATE;
    (is_good && names.iter().all(|name| written.contains(name.as_str()))).then_some(certified)
}

fn make(names: &BTreeSet<String>) -> Result<String, TlsError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Parlour, self-signed");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A little before now, for clocks that are behind.
    params.not_before = (SystemTime::now() - Duration::from_secs(24 * 60 * 60)).into();
    params.not_after = (SystemTime::now() + GOOD_FOR).into();
    let certificate = params.self_signed(&key)?;
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    Ok(format!("# {}\n{}{}", names.join(" "), certificate.pem(), key.serialize_pem()))
}

/// Returns the names and addresses by which this machine is reached in its network.
fn names() -> BTreeSet<String> {
    let host = gethostname::gethostname().to_string_lossy().to_ascii_lowercase();
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    };
    let mut names = BTreeSet::from(["localhost".to_owned()]);
    if is_name(&host) {
        names.insert(format!("{}.local", host.split('.').next().unwrap_or(&host)));
        names.insert(host);
    }
    names.extend(addresses().iter().map(ToString::to_string));
    names
}

/// Returns the addresses of this machine that another one could name: those that hold only on one cable (`fe80::`) need a zone.
pub(crate) fn addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let addresses = interfaces.iter().map(if_addrs::Interface::ip);
    addresses.filter(|address| !matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local())).collect()
}

/// Returns the SHA-256 fingerprint as browsers show it.
pub(crate) fn fingerprint(certificate: &[u8]) -> String {
    let digest = digest(&SHA256, certificate);
    digest.as_ref().iter().enumerate().fold(String::new(), |mut text, (index, byte)| {
        let _ = write!(text, "{}{byte:02X}", if index == 0 { "" } else { ":" });
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::crypto::ring::default_provider;

    #[test]
    fn a_kept_certificate_stays_while_it_names_this_machine() {
        let state = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(Some(state.path())).unwrap();
        let served = || certificate(&secrets, &default_provider()).unwrap().cert[0].clone();
        let first = served();
        assert_eq!(served(), first);
        let kept = secrets.read(FILE).unwrap().unwrap();
        let elsewhere = BTreeSet::from(["198.51.100.77".to_owned()]);
        assert!(kept_for(&kept, &names(), &default_provider()).is_some());
        assert!(kept_for(&kept, &elsewhere, &default_provider()).is_none());
        secrets.write(FILE, b"# localhost\nrubbish").unwrap();
        assert_ne!(served(), first);
    }

    #[test]
    fn a_certificate_without_a_state_folder_is_new_each_time() {
        let secrets = Secrets::open(None).unwrap();
        let served = || certificate(&secrets, &default_provider()).unwrap().cert[0].clone();
        assert_ne!(served(), served());
    }
}
