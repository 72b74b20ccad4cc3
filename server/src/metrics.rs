//! What the server counts, in the text form that Prometheus reads (exposition format 0.0.4).
//!
//! Separate, because it is for whoever runs the server: it answers programs on the same machine, and nobody else learns how many
//! people meet here.

use super::relay::TurnServer;
use ::relay::Refused;
use app::pages::{FromHere, is_loopback};
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use core::fmt::Write as _;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, StatusCode};
use signaling::rooms::{Figures, Rooms};

/// The path.
pub(crate) const METRICS_PATH: &str = "/metrics";

/// Answers with the figures of this moment; to others than this machine, as if there were nothing.
pub(crate) async fn metrics(
    State((rooms, turn)): State<(Rooms, TurnServer)>,
    from_here: Option<Extension<FromHere>>,
    headers: HeaderMap,
) -> Response {
    // A forwarder on this machine that does not say so would make everyone local, but for the name they ask for.
    let asks_here = headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(is_loopback);
    if from_here.is_none() || !asks_here {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text(&rooms.figures()) + &relay_text(&turn.figures()))
        .into_response()
}

fn text(figures: &Figures) -> String {
    let Figures { rooms, participants, lost, pairs, repairs_ordered } = figures;
    format!(
        "# HELP parlour_rooms Rooms there are.\n\
         # TYPE parlour_rooms gauge\n\
         parlour_rooms {rooms}\n\
         # HELP parlour_participants People in rooms, by whether their socket is there.\n\
         # TYPE parlour_participants gauge\n\
         parlour_participants{{presence=\"online\"}} {participants}\n\
         parlour_participants{{presence=\"lost\"}} {lost}\n\
         # HELP parlour_pairs Pairs of people in one room, by what both ends tell of their connection.\n\
         # TYPE parlour_pairs gauge\n\
         parlour_pairs{{health=\"whole\"}} {}\n\
         parlour_pairs{{health=\"one_sided\"}} {}\n\
         parlour_pairs{{health=\"dead\"}} {}\n\
         parlour_pairs{{health=\"unknown\"}} {}\n\
         # HELP parlour_repairs_ordered Repairs of pairs that were ordered, in the rooms there are.\n\
         # TYPE parlour_repairs_ordered gauge\n\
         parlour_repairs_ordered {repairs_ordered}\n",
        pairs.whole, pairs.one_sided, pairs.dead, pairs.unknown
    )
}

fn relay_text(figures: &::relay::Figures) -> String {
    let ::relay::Figures { allocations: [udp, tcp, tls], packets, bytes, refused } = figures;
    let mut text = format!(
        "# HELP parlour_relay_allocations Relayed addresses in use, by how their clients reach the relay.\n\
         # TYPE parlour_relay_allocations gauge\n\
         parlour_relay_allocations{{transport=\"udp\"}} {udp}\n\
         parlour_relay_allocations{{transport=\"tcp\"}} {tcp}\n\
         parlour_relay_allocations{{transport=\"tls\"}} {tls}\n\
         # HELP parlour_relay_packets_total Packets relayed.\n\
         # TYPE parlour_relay_packets_total counter\n\
         parlour_relay_packets_total {packets}\n\
         # HELP parlour_relay_bytes_total Bytes in them.\n\
         # TYPE parlour_relay_bytes_total counter\n\
         parlour_relay_bytes_total {bytes}\n\
         # HELP parlour_relay_refused_total What the relay did not do, by why.\n\
         # TYPE parlour_relay_refused_total counter\n"
    );
    for (why, count) in Refused::ALL.iter().zip(refused) {
        let _ = writeln!(text, "parlour_relay_refused_total{{reason=\"{}\"}} {count}", why.name());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_line_of_its_own() {
        let figures = Figures { rooms: 3, participants: 5, ..Figures::default() };
        let text = text(&figures);
        assert!(text.contains("\nparlour_rooms 3\n") && text.contains("{presence=\"online\"} 5\n"), "{text}");
        let relay = relay_text(&::relay::Figures { bytes: 7, ..::relay::Figures::default() });
        assert!(
            relay.contains("\nparlour_relay_bytes_total 7\n") && relay.contains("{reason=\"peer\"} 0\n"),
            "{relay}"
        );
        let text = text + &relay;
        assert!(text.lines().all(|line| line.starts_with("# ") || line.split(' ').count() == 2), "{text}");
    }
}
