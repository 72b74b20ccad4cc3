//! Certificates of domains, from an authority that speaks ACME (RFC 8555), as Let's Encrypt does.
//!
//! Separate, because this server asks for them, proves on its own port that a domain is its own (RFC 8737, TLS-ALPN-01), and
//! asks again in time. How one is asked for is in `order`, what is said when it fails in `reason`.

mod client;
mod order;
mod reason;

use super::certificates::{Certificates, Facts, read};
use super::error::TlsError;
use super::options::AcmeSettings;
use crate::secrets::Secrets;
use client::Client;
use core::fmt::Write as _;
use instant_acme::AccountCredentials;
use order::Failed;
use ring::digest::{SHA256, digest};
use rustls::crypto::CryptoProvider;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::{sleep, timeout};

/// For one order, from the first word to the certificate.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// After failures, the last one again and again: Let's Encrypt takes five failures of one domain an hour.
const WAITS: [Duration; 5] = [
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
];
/// Timers count time awake, so one that would wait longer looks at the clock in between.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// Our side of the matter.
#[derive(Debug)]
pub(crate) struct Acme {
    settings: AcmeSettings,
    client: Client,
    secrets: Secrets,
    provider: Arc<CryptoProvider>,
    /// When to ask.
    due: SystemTime,
}

impl Acme {
    /// Goes on with the certificate that was kept, if there is one that is still good.
    pub(crate) fn open(
        settings: &AcmeSettings,
        secrets: &Secrets,
        provider: &Arc<CryptoProvider>,
        certificates: &Certificates,
    ) -> Result<Self, TlsError> {
        let client = Client::new(settings.root.as_deref(), provider)?;
        let mut acme = Self {
            settings: settings.clone(),
            client,
            secrets: secrets.clone(),
            provider: Arc::clone(provider),
            due: SystemTime::now(),
        };
        if let Some(kept) = secrets.read(&acme.certificate_file())? {
            match acme.serve(&kept, certificates) {
                Ok(_) => tracing::info!("going on with the certificate that was kept"),
                Err(error) => tracing::warn!(%error, "the kept certificate is of no use: asking for another"),
            }
        }
        Ok(acme)
    }

    /// Asks whenever it is time, for ever.
    pub(crate) async fn keep(mut self, certificates: &Certificates) {
        let mut failures = 0;
        loop {
            if let Ok(wait) = self.due.duration_since(SystemTime::now()) {
                sleep(wait.min(LOOK)).await;
                continue;
            }
            let domains = self.settings.domains.join(", ");
            tracing::info!("asking {} for a certificate for {domains}", self.settings.directory);
            let asked = timeout(PATIENCE, self.ask(certificates)).await;
            certificates.forget_proofs();
            match asked.unwrap_or(Err(Failed::Slow)) {
                Ok(()) => {
                    failures = 0;
                    tracing::info!("a new certificate for {domains} is served from now on");
                }
                Err(failed) => {
                    let wait = WAITS[failures.min(WAITS.len() - 1)];
                    failures += 1;
                    tracing::warn!("no certificate for {domains}: {failed}; next attempt in {} s", wait.as_secs());
                    sleep(wait).await;
                }
            }
        }
    }

    async fn ask(&mut self, certificates: &Certificates) -> Result<(), Failed> {
        let kept = self.secrets.read(&self.account_file())?;
        let account = match kept.and_then(|kept| serde_json::from_slice::<AccountCredentials>(&kept).ok()) {
            Some(credentials) => order::account(&self.client, credentials).await?,
            None => {
                let (account, credentials) = order::new_account(&self.client, &self.settings).await?;
                let written = serde_json::to_vec(&credentials).map_err(instant_acme::Error::from)?;
                self.secrets.write(&self.account_file(), &written)?;
                account
            }
        };
        let issued = order::certificate(&account, &self.settings.domains, certificates, &self.provider).await?;
        let life = self.serve(issued.as_bytes(), certificates)?;
        // Not at once again, even where a clock is wrong by months.
        self.due = self.due.max(SystemTime::now() + life / 8);
        Ok(self.secrets.write(&self.certificate_file(), issued.as_bytes())?)
    }

    /// Serves what this text holds, and decides when another one is due: when a third of its time is left. Returns how long
    /// that time is in all.
    fn serve(&mut self, pem: &[u8], certificates: &Certificates) -> Result<Duration, TlsError> {
        let certified = read(pem, pem, &self.provider)?;
        let facts = Facts::of(certified.end_entity_cert()?)?;
        let life = facts.not_after.duration_since(facts.not_before).unwrap_or_default();
        self.due = facts.not_before + life * 2 / 3;
        if facts.not_after > SystemTime::now() {
            certificates.serve(certified);
        }
        Ok(life)
    }

    /// Another authority knows nothing of our account.
    fn account_file(&self) -> String {
        format!("acme-account-{}.json", short_hash([self.settings.directory.as_str()]))
    }

    /// Other domains, or another authority, mean another certificate.
    fn certificate_file(&self) -> String {
        let directory = [self.settings.directory.as_str()];
        let all = directory.into_iter().chain(self.settings.domains.iter().map(String::as_str));
        format!("acme-certificate-{}.pem", short_hash(all))
    }
}

/// Tells apart, no more.
fn short_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
        text.push('\n');
    }
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().take(8).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}
