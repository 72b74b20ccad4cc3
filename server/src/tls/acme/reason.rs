//! What an authority's refusal means for whoever runs the server.
//!
//! Separate, because the words of RFC 8555, section 6.7 are for programs.

use instant_acme::Problem;

/// What all its problems begin with.
const PREFIX: &str = "urn:ietf:params:acme:error:";

/// Returns what happened, and what to do.
pub(super) fn advice(problem: &Problem) -> String {
    let kind = problem.r#type.as_deref().unwrap_or_default();
    let kind = kind.strip_prefix(PREFIX).unwrap_or(kind);
    let subproblems = problem.subproblems.iter().filter_map(|subproblem| subproblem.detail.as_deref());
    let said: Vec<_> = problem.detail.as_deref().into_iter().chain(subproblems).collect();
    let what = match kind {
        "dns" => "the domain's address was not found; its DNS must name this machine (A and AAAA records)",
        "connection" => {
            "this server was not reached under the domain; its DNS must name this machine, and the firewall must let in TCP \
             port 443"
        }
        "unauthorized" | "tls" | "incorrectResponse" => {
            "this server was not found under the domain; its DNS must name this machine (A and AAAA records), the firewall must let \
             in TCP port 443, and nothing may stand in between that ends TLS"
        }
        "rateLimited" => "too many certificates or attempts for this domain; the authority wants some hours of rest",
        "caa" => "the domain's CAA record allows other authorities only",
        "rejectedIdentifier" | "unsupportedIdentifier" => "the authority gives no certificate for such a name",
        "invalidContact" | "unsupportedContact" => "the authority does not take the address in --acme-contact",
        "externalAccountRequired" => "the authority wants an account made by hand, which Parlour does not know",
        _ => "the authority refused",
    };
    if said.is_empty() { format!("{what} ({kind})") } else { format!("{what} (it says: {})", said.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do_and_what_was_said() {
        let text = r#"{"type": "urn:ietf:params:acme:error:connection", "detail": "timeout", "status": 400}"#;
        let advice = advice(&serde_json::from_str(text).unwrap());
        assert!(advice.contains("port 443") && advice.ends_with("(it says: timeout)"), "{advice}");
    }
}
