// Whether anything grew: the last third of the readings beside the second sixth, when everything had warmed up.

import { median } from "../bench/statistics.js";

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** What may grow by more than this share of it grew. */
const SHARE = 0.1;

/** And by how much anything may grow, however small it is, by the gauge. */
const SLACK = {
  // What the engine keeps of code that it has compiled comes and goes in such steps.
  heap: 512 * KIB,
  // Memory is asked for by pages of 64 KiB, and by several at once.
  wasm: 256 * KIB,
  // What was last said is on the page for a while.
  nodes: 50,
  listeners: 10,
};
const SERVER_SLACK = MIB;
// Pictures and sound that are just under way.
const RENDERERS_SLACK = 32 * MIB;

/** What was read of one thing, judged. */
function verdict(what, values, slack) {
  const sixth = Math.floor(values.length / 6);
  const before = median(values.slice(sixth, 2 * sixth));
  const after = median(values.slice(-2 * sixth));
  const most = before + Math.max(SHARE * before, slack);
  return { what, before, after, most, met: after <= most };
}

/** Everything that was read, judged: each gauge of each page, the server, and the pages' processes together. */
export function judge(readings) {
  const of = (pick) => readings.map(pick);
  const pages = Object.keys(readings[0].pages).flatMap((name) =>
    Object.entries(SLACK).map(([gauge, slack]) => ({
      gauge,
      ...verdict(`${name}'s page: ${gauge}`, of(({ pages }) => pages[name][gauge]), slack),
    })),
  );
  return [
    ...pages,
    { gauge: "resident", ...verdict("the server: resident", of(({ server }) => server.resident), SERVER_SLACK) },
    { gauge: "resident", ...verdict("the pages' processes: resident", of(({ browser }) => browser.resident), RENDERERS_SLACK) },
  ];
}
