//! One order, from an account to a certificate.
//!
//! Separate from when orders are made.

use super::super::certificates::Certificates;
use super::super::error::TlsError;
use super::super::options::AcmeSettings;
use super::client::Client;
use super::reason::advice;
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, Problem, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;
use std::error::Error as _;
use std::io;
use std::time::Duration;

/// How an order is looked after: authorities take seconds, and say so where they want to be asked less.
const LOOKS: RetryPolicy = RetryPolicy::new().backoff(1.5).timeout(Duration::from_secs(2 * 60));

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// It said no.
    #[error("{}", advice(.0))]
    Refused(Problem),
    /// It was not reached, or was not understood.
    #[error("the authority could not be asked: {}", whole(.0))]
    NotAsked(instant_acme::Error),
    /// It knows no way of proof that a server on one port can give.
    #[error("the authority offers no proof by TLS (tls-alpn-01)")]
    NoChallenge,
    /// It ended the order without a word.
    #[error("the authority gave the order up")]
    GivenUp,
    /// It took too long.
    #[error("the authority took too long")]
    Slow,
    /// What it gave is of no use.
    #[error(transparent)]
    Useless(#[from] TlsError),
    /// What it gave cannot be kept.
    #[error("the state folder cannot be used: {0}")]
    State(#[from] io::Error),
    /// The proof could not be made.
    #[error("a certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
}

impl From<instant_acme::Error> for Failed {
    fn from(error: instant_acme::Error) -> Self {
        match error {
            instant_acme::Error::Api(problem) => Self::Refused(problem),
            instant_acme::Error::Timeout(_) => Self::Slow,
            error => Self::NotAsked(error),
        }
    }
}

/// Writes an error with all that caused it: the first alone says little more than where it happened.
fn whole(error: &instant_acme::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

/// Makes an account. Its authority's terms are agreed to, as the README says.
pub(super) async fn new_account(
    client: &Client,
    settings: &AcmeSettings,
) -> Result<(Account, AccountCredentials), Failed> {
    let contact: Vec<_> = settings.contact.as_deref().into_iter().collect();
    let account = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let builder = Account::builder_with_http(Box::new(client.clone()));
    Ok(builder.create(&account, settings.directory.clone(), None).await?)
}

/// Goes on with an account.
pub(super) async fn account(client: &Client, credentials: AccountCredentials) -> Result<Account, Failed> {
    Ok(Account::builder_with_http(Box::new(client.clone())).from_credentials(credentials).await?)
}

/// Proves that the domains are ours, and returns the certificate with those above it and its key, as PEM.
pub(super) async fn certificate(
    account: &Account,
    domains: &[String],
    certificates: &Certificates,
    provider: &CryptoProvider,
) -> Result<String, Failed> {
    let identifiers: Vec<_> = domains.iter().cloned().map(Identifier::Dns).collect();
    let mut order = account.new_order(&NewOrder::new(&identifiers)).await?;
    prove(&mut order, certificates, provider).await?;
    let status = order.poll_ready(&LOOKS).await;
    match status {
        Ok(OrderStatus::Ready) => {}
        Err(error @ instant_acme::Error::Timeout(_)) => return Err(error.into()),
        status => {
            let fallback = status.map_or_else(Failed::from, |_| Failed::GivenUp);
            return Err(what_failed(&mut order).await.map_or(fallback, Failed::Refused));
        }
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&LOOKS).await?;
    Ok(format!("{}\n{key}", chain.trim_end()))
}

/// Lays out the proofs, and asks the authority to look at them.
async fn prove(order: &mut Order, certificates: &Certificates, provider: &CryptoProvider) -> Result<(), Failed> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        if authorization.status != AuthorizationStatus::Pending {
            continue;
        }
        let mut challenge = authorization.challenge(ChallengeType::TlsAlpn01).ok_or(Failed::NoChallenge)?;
        let domain = challenge.identifier().to_string();
        let proof = proof(&domain, challenge.key_authorization().digest().as_ref(), provider)?;
        certificates.prove(&domain, proof);
        challenge.set_ready().await?;
    }
    Ok(())
}

/// Makes the certificate that shows the authority its own token (RFC 8737, section 3).
fn proof(domain: &str, digest: &[u8], provider: &CryptoProvider) -> Result<CertifiedKey, Failed> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([domain.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&key)?;
    let key = provider.key_provider.load_private_key(PrivateKeyDer::Pkcs8(key.serialize_der().into()));
    // Not compared with each other as elsewhere: the extension is a critical one, which no reader of certificates knows.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key.map_err(TlsError::from)?))
}

/// Looks for the proof that the authority did not take, and for what it says about it.
async fn what_failed(order: &mut Order) -> Option<Problem> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.ok()?;
        let state = authorization.refresh().await.ok()?;
        if let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.clone()) {
            return Some(problem);
        }
    }
    None
}
