// Measures calls of everybody with everybody, of two builds in turns: one that adapts what it sends to what is looked at, and
// one in which that is switched off. Writes results/mesh.json and mesh.md; ends with 1 when a bar is missed.
//
// PARLOUR_PROGRAM and PARLOUR_FIXED_PROGRAM name the two, PEOPLE how many there are in each call, SETTLE_S how long a call is
// left alone before it is measured, and WINDOW_S for how long it is measured then.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { judge } from "./bars.js";
import { calledOff, within } from "./patience.js";
import { invite, openAll, pinNext, settle, startRoom } from "./people.js";
import { report, seenText } from "./report.js";
import { measureWindow } from "./window.js";

const PEOPLE = (process.env.PEOPLE ?? "2,4,6,8,12").split(",").map(Number);
const WINDOW_S = Number(process.env.WINDOW_S ?? 15);
const SETTLE_S = Number(process.env.SETTLE_S ?? 12);
const PIN_SETTLE_S = 6;
const SEEN_DEADLINE_MS = 120_000;
/** Beside what it waits for: a machine that has far too much to do. */
const SPARE_MS = 300_000;

if (!PEOPLE.every((count) => Number.isInteger(count) && count >= 2 && count <= 64)) throw new Error("PEOPLE: like 2,4,6, each 2 to 64");
if (!(WINDOW_S > 0 && SETTLE_S >= 0)) throw new Error("WINDOW_S and SETTLE_S: seconds");

const built = (folder) => fileURLToPath(new URL(`../../target/${folder}/parlour`, import.meta.url));
const builds = [
  { build: "adaptive", program: resolve(process.env.PARLOUR_PROGRAM ?? built("parlour")) },
  { build: "fixed", program: resolve(process.env.PARLOUR_FIXED_PROGRAM ?? built("parlour-fixed")) },
];

/** Fills in `call` as far as it comes. */
async function measure(room, call, say) {
  const people = await invite(room.browser, call.count);
  call.seen = await openAll(people, room.link, SEEN_DEADLINE_MS);
  say(`all see all: ${seenText(call.seen, call.count)}`);
  await settle(SETTLE_S);
  const measured = { people, pid: room.pid };
  call.windows.grid = await measureWindow(measured, { seconds: WINDOW_S, large: false });
  say(inShort("grid", call));
  await pinNext(people);
  await settle(PIN_SETTLE_S);
  call.windows.large = await measureWindow(measured, { seconds: WINDOW_S, large: true });
  say(inShort("large", call));
  for (const mishap of people.flatMap(({ mishaps }) => mishaps)) say(mishap);
}

function inShort(window, { count, windows }) {
  const { fps, still, senders, processor } = windows[window];
  const silent = senders.length < count ? `, ${count - senders.length} pages did not answer` : "";
  return `${window}: ${fps.median.toFixed(1)} fps, ${still} pairs stand still, ${processor.toFixed(2)} cores${silent}`;
}

async function measureCall(count, { build, program }) {
  const call = { count, build, windows: {} };
  const say = (text) => console.log(`${count} people, ${build}: ${text}`);
  const deadline = SEEN_DEADLINE_MS + (SETTLE_S + PIN_SETTLE_S + 2 * WINDOW_S) * 1_000 + SPARE_MS;
  let room;
  try {
    room = await startRoom(program);
    await within(measure(room, call, say), deadline, "the call");
  } catch (error) {
    call.error = error.message.split("\n")[0];
    say(call.error);
  } finally {
    await room?.close();
  }
  return call;
}

const there = builds.filter(({ build, program }) => {
  if (!existsSync(program)) console.log(`there is no ${program}: the ${build} build is left out`);
  return existsSync(program);
});
if (there.length === 0) throw new Error("there is nothing to be measured");

const calls = [];
for (const count of PEOPLE) {
  for (const build of there) if (!calledOff()) calls.push(await measureCall(count, build));
}
if (!calledOff()) {
  const bars = judge(calls);
  const programs = Object.fromEntries(there.map(({ build, program }) => [build, program]));
  await report(calls, bars, { programs, people: PEOPLE, windowSeconds: WINDOW_S, settleSeconds: SETTLE_S });
  if (bars.some(({ met }) => !met)) process.exitCode = 1;
}
