// What the figures must reach. A bar whose call was not measured is not judged.

const PIXELS_OF_TWO = 2; // times as many, in any call, as in one of two
const WHOLE = { people: 6, fps: 15, concealedPercent: 0.5, seenMs: 12_000 };
const CROWDED = { people: 8, share: 1 / 3 };
const AS_GOOD = 0.95; // the rest is what two runs of the same program differ by

const round = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : "–");
const verdict = (what, goal, measured, met) => ({ what, goal, measured, met });

/** The bars of all calls that were measured: each `{ what, goal, measured, met }`. */
export function judge(calls) {
  const callOf = (count, build) => calls.find((call) => call.count === count && call.build === build);
  const adaptive = calls.filter(({ build }) => build === "adaptive");
  const failures = calls.filter(({ error }) => error).map(({ count, build, error }) => {
    return verdict(`${count} people, ${build}: measured to the end`, "yes", error, false);
  });
  const pixels = adaptive.flatMap((call) => encodedPixels(call, callOf(2, "adaptive")));
  const whole = eachWindow(callOf(WHOLE.people, "adaptive"), wholeWindow);
  const crowded = eachWindow(callOf(CROWDED.people, "adaptive"), standsStill);
  const both = comparison(callOf(CROWDED.people, "adaptive"), callOf(CROWDED.people, "fixed"));
  return [...failures, ...adaptive.flatMap(silent), ...pixels, ...whole, ...seen(callOf(WHOLE.people, "adaptive")), ...crowded, ...both];
}

const eachWindow = (call, bars) => Object.entries(call?.windows ?? {}).flatMap(([window, figures]) => bars(window, figures));

/** Whoever starves does not answer, and is missing in every mean. */
function silent({ count, windows }) {
  return Object.entries(windows)
    .filter(([, { senders }]) => senders.length < count)
    .map(([window, { senders }]) => verdict(`${count} people, ${window}: pages that answered`, String(count), String(senders.length), false));
}

function encodedPixels({ count, windows }, two) {
  const [own, least] = [windows.grid?.pixelsPerSender, two?.windows.grid?.pixelsPerSender];
  if (own === undefined || least === undefined || count === 2) return [];
  const goal = PIXELS_OF_TWO * least;
  const [measured, limit] = [own, goal].map((value) => `${round(value / 1e6)} Mpixel/s`);
  return [verdict(`${count} people, grid: encoded per sender`, `≤ ${limit}`, measured, own <= goal)];
}

function wholeWindow(window, { fps, concealed }) {
  const { people, concealedPercent } = WHOLE;
  const where = `${people} people, ${window}`;
  return [
    verdict(`${where}: slowest pair`, `≥ ${WHOLE.fps} fps`, `${round(fps.min, 1)} fps`, fps.min >= WHOLE.fps),
    verdict(`${where}: most concealed`, `≤ ${concealedPercent} %`, `${round(concealed)} %`, concealed <= concealedPercent),
  ];
}

function seen(call) {
  if (call?.seen === undefined) return [];
  const { ms } = call.seen;
  const measured = ms === null ? "never" : `${round(ms / 1_000, 1)} s`;
  const goal = `≤ ${WHOLE.seenMs / 1_000} s`;
  return [verdict(`${WHOLE.people} people: all see all`, goal, measured, ms !== null && ms <= WHOLE.seenMs)];
}

function standsStill(window, { still }) {
  return [verdict(`${CROWDED.people} people, ${window}: pairs that stand still`, "0", String(still), still === 0)];
}

/** The adaptive build beside the fixed one, in the same call; nothing where neither was to be measured. */
function comparison(adaptive, fixed) {
  const bars = [];
  const has = (window) => adaptive?.windows[window] && fixed?.windows[window];
  if (adaptive && fixed && !["grid", "large"].every(has)) {
    bars.push(verdict(`${CROWDED.people} people: both builds were measured`, "yes", "no", false));
  }
  const [large, beside] = [adaptive?.windows.large?.large, fixed?.windows.large?.large];
  if (large && beside) {
    const least = { fps: AS_GOOD * beside.fps, pixels: AS_GOOD * beside.pixels };
    const where = `${CROWDED.people} people, large tile`;
    bars.push(
      verdict(`${where}: frames`, `≥ ${round(least.fps, 1)} fps`, `${round(large.fps, 1)} fps`, large.fps >= least.fps),
      verdict(
        `${where}: pixels`,
        `≥ ${round(least.pixels / 1e6)} Mpixel/s`,
        `${round(large.pixels / 1e6)} Mpixel/s`,
        large.pixels >= least.pixels,
      ),
    );
  }
  for (const window of ["grid", "large"]) {
    const [own, other] = [adaptive?.windows[window], fixed?.windows[window]];
    if (!own || !other) continue;
    for (const [what, field] of [["uplink", "bytesPerSender"], ["encoding", "encoding"]]) {
      const share = own[field] / other[field];
      const where = `${CROWDED.people} people, ${window}: ${what}, of the fixed build's`;
      bars.push(verdict(where, `≤ ${round(CROWDED.share)}`, round(share), share <= CROWDED.share));
    }
  }
  return bars;
}
