// What a network did to a call, as the browsers at its ends counted it: a bad network that nobody feels were none.

import { seconds } from "../support/measure.js";

/** The sums of one person's connections so far. */
function countersOf({ page }) {
  return page.evaluate(async () => {
    const sums = { bytes: 0, received: 0, lost: 0, trips: 0, tripSeconds: 0, heard: 0, madeUp: 0, waited: 0, played: 0 };
    const live = window.__probe.ends().map(({ index }) => window.__probe.connections[index]);
    for (const report of await Promise.all(live.map((connection) => connection.getStats()))) {
      for (const stats of report.values()) {
        if (stats.type === "inbound-rtp") {
          sums.received += stats.packetsReceived;
          sums.lost += stats.packetsLost;
          sums.heard += stats.totalSamplesReceived ?? 0;
          sums.madeUp += (stats.concealedSamples ?? 0) - (stats.silentConcealedSamples ?? 0);
          if (stats.kind === "audio") {
            sums.waited += stats.jitterBufferDelay;
            sums.played += stats.jitterBufferEmittedCount;
          }
        } else if (stats.type === "candidate-pair" && stats.nominated) {
          sums.bytes += stats.bytesReceived;
          sums.trips += stats.responsesReceived;
          sums.tripSeconds += stats.totalRoundTripTime;
        }
      }
    }
    return sums;
  });
}

/** Begins to watch what people receive; call what it gives for what they received until then, the means over all of them. */
export async function watchRoad(people) {
  const start = Date.now();
  const before = await Promise.all(people.map(countersOf));
  return async () => {
    const after = await Promise.all(people.map(countersOf));
    const sum = (of) => after.reduce((sum, counters, index) => sum + counters[of] - before[index][of], 0);
    return {
      loss: sum("lost") / (sum("lost") + sum("received")),
      kilobits: (sum("bytes") * 8) / (Date.now() - start) / people.length,
      roundTripMs: (sum("tripSeconds") / sum("trips")) * 1_000,
      madeUp: sum("madeUp") / sum("heard"),
      waitedMs: (sum("waited") / sum("played")) * 1_000,
    };
  };
}

/** The road in words. */
export const inWords = ({ loss, kilobits, roundTripMs, waitedMs }) =>
  `${(loss * 100).toFixed(1)} % lost, ${kilobits.toFixed(0)} kbit/s to each, round trip ${seconds(roundTripMs)}, ` +
  `sound played after ${seconds(waitedMs)}`;
