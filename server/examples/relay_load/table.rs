//! What is shown: the median of all rounds for each load and server, and how ours compares.
//!
//! Separate, because it is about the reader.

use super::Options;
use super::load::Sample;
use super::pairs::Road;
use super::subject::Kind;

type Row = (Road, String);

/// All that was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<(Row, Kind, Figures)>);

/// What is kept of a sample.
struct Figures {
    per_second: f64,
    per_core: f64,
    loss: f64,
    p50: f64,
    p99: f64,
}

impl Table {
    pub(crate) fn add(&mut self, row: Row, kind: Kind, sample: &Sample) {
        let (p50, p99) = (sample.delay(0.5), sample.delay(0.99));
        let (per_second, per_core, loss) = (sample.per_second(), sample.per_core(), sample.loss());
        self.0.push((row, kind, Figures { per_second, per_core, loss, p50, p99 }));
    }

    pub(crate) fn show(&self, options: &Options) {
        println!(
            "\n{:<26} {:<8} {:>10} {:>8} {:>12} {:>9} {:>9}",
            "", "", "carried/s", "loss", "/s per core", "p50 µs", "p99 µs"
        );
        let mut rows: Vec<&Row> = Vec::new();
        for (row, ..) in &self.0 {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        for row in rows {
            let title = match row.0 {
                Road::Udp => format!("UDP, {}", row.1),
                Road::Tcp => format!("TCP, {}", row.1),
            };
            for kind in [Kind::Parlour, Kind::Coturn, Kind::Echo] {
                let median = |what: fn(&Figures) -> f64| self.median(row, kind, what);
                if median(|f| f.per_second).is_nan() {
                    continue;
                }
                println!(
                    "{title:<26} {:<8} {:>10.0} {:>7.2}% {:>12.0} {:>9.0} {:>9.0}",
                    kind.name(),
                    median(|f| f.per_second),
                    median(|f| f.loss) * 100.0,
                    median(|f| f.per_core),
                    median(|f| f.p50),
                    median(|f| f.p99)
                );
            }
            let ratio = |what| self.median(row, Kind::Parlour, what) / self.median(row, Kind::Coturn, what);
            let ratios = [ratio(|f| f.per_second), ratio(|f| f.per_core), ratio(|f| f.p50), ratio(|f| f.p99)];
            if ratios[1].is_finite() {
                let [carried, core, p50, p99] = ratios;
                // How long a packet takes at the most of each says nothing: one carries more than the other.
                let delays = if row.1.starts_with("most") { String::new() } else { format!("{p50:>9.2} {p99:>9.2}") };
                println!("{title:<26} {:<8} {carried:>10.2} {:>8} {core:>12.2} {delays}", "ratio", "");
            }
        }
        println!(
            "\nThe bar: a ratio of packets per core of at least 1 on UDP. Loads are of {}/s unless \"most\".",
            options.rate
        );
    }

    fn median(&self, row: &Row, kind: Kind, what: fn(&Figures) -> f64) -> f64 {
        let here = self.0.iter().filter(|(its, whose, _)| its == row && *whose == kind);
        let mut values: Vec<f64> = here.map(|(_, _, figures)| what(figures)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    }
}
