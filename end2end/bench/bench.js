// Measures joining against the floor and a rival, in turns, and writes results/bench.json. RUNS tells how often.

import { mkdir, writeFile } from "node:fs/promises";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/chromium.js";
import { Server } from "../support/server.js";
import { downloads, totalOf } from "../size/downloads.js";
import { serveBarePage, timeFloor } from "./floor.js";
import { defaultCapture, gather, timeClick, timeNavigation } from "./joining.js";
import { median, medians, ms, printTable } from "./statistics.js";

const RUNS = Math.max(1, Number(process.env.RUNS ?? 10));
const BAR_ABOVE_FLOOR_MS = 80;
const RESULTS = new URL("../results/", import.meta.url);

/** Peer Calls, or null with the reason printed. */
async function rival() {
  try {
    const { startPeerCalls, timePeerCalls } = await import("./peer_calls.js");
    const server = await startPeerCalls();
    return { ...server, time: (browser, others) => timePeerCalls(browser, server.origin, others) };
  } catch (error) {
    console.log(`Peer Calls is left out: ${error.message}`);
    return null;
  }
}

const server = await Server.start();
const bare = await serveBarePage();
let other = await rival();
const browser = await chromium.launch(launchOptions());
const runs = { floor: [], oneWayFloor: [], click: [], navigation: [], threePeople: [], rivalTwo: [], rivalThree: [] };
const capture = await defaultCapture(browser, (await server.newRoom()).link);
console.log(`${RUNS} runs of each, in turns, at ${capture.width}×${capture.height}, ${capture.frameRate} frames a second`);

const two = await server.newRoom();
const three = await server.newRoom();
for (let run = 0; run < RUNS; run += 1) {
  runs.floor.push(await timeFloor(browser, bare.origin, { capture, bothWays: true }));
  runs.oneWayFloor.push(await timeFloor(browser, bare.origin, { capture, bothWays: false }));
  const one = await gather(browser, two.link, ["Ana"]);
  runs.click.push(await timeClick(browser, two.link, one));
  runs.navigation.push(await timeNavigation(browser, two.link, one));
  await one.close();
  const couple = await gather(browser, three.link, ["Ana", "Cleo"]);
  runs.threePeople.push(await timeNavigation(browser, three.link, couple));
  await couple.close();
  if (other) {
    try {
      runs.rivalTwo.push(await other.time(browser, 1));
      runs.rivalThree.push(await other.time(browser, 2));
    } catch (error) {
      console.log(`Peer Calls is left out from run ${run + 1} on: ${error.message}`);
      other = null;
    }
  }
  console.log(`run ${run + 1}: floor ${ms(runs.floor[run].frame)} ms, Parlour ${ms(runs.click[run].frame)} ms`);
}
await browser.close();

const bytes = {
  parlour: totalOf(await downloads((page) => page.goto(`${two.link}?name=Ana&join=1`))),
  rival: other ? totalOf(await downloads((page) => page.goto(`${other.origin}/call/size`))) : NaN,
};
await server.stop();
await other?.stop();
bare.close();

const floor = medians(runs.floor);
const click = medians(runs.click);
printTable(`from the click on Join (the floor: from createOffer), median ms of ${RUNS}`, [
  ["", "Welcome", "described", "ICE", "DTLS", "first frame"],
  ["floor, both ways", "", ...[floor.described, floor.ice, floor.dtls, floor.frame].map(ms)],
  ["floor, one way", ...["", "described", "ice", "dtls", "frame"].map((part) => part && ms(medians(runs.oneWayFloor)[part]))],
  ["Parlour", ...[click.welcome, click.described, click.ice, click.dtls, click.frame].map(ms)],
  ["Peer Calls (opens its camera)", "", "", "", "", other ? ms(median(runs.rivalTwo.map(({ click }) => click))) : "–"],
]);
const above = click.frame - floor.frame;
console.log(`  above the floor: ${ms(above)} ms (bar: ${BAR_ABOVE_FLOOR_MS})`);

printTable(`from opening the link, median of ${RUNS}`, [
  ["", "first frame, 2 people", "all frames, 3 people", "KiB"],
  [
    "Parlour",
    `${ms(medians(runs.navigation).frame)} ms`,
    `${ms(medians(runs.threePeople).frame)} ms`,
    (bytes.parlour / 1024).toFixed(0),
  ],
  [
    "Peer Calls",
    `${other ? ms(median(runs.rivalTwo.map(({ navigation }) => navigation))) : "–"} ms`,
    `${other ? ms(median(runs.rivalThree.map(({ navigation }) => navigation))) : "–"} ms`,
    other ? (bytes.rival / 1024).toFixed(0) : "–",
  ],
]);

await mkdir(RESULTS, { recursive: true });
await writeFile(new URL("bench.json", RESULTS), JSON.stringify({ capture, runs, bytes, aboveFloorMs: above }, null, 2));
if (above > BAR_ABOVE_FLOOR_MS) process.exitCode = 1;
