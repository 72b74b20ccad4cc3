// Four people in a call for an hour, in which something small happens every minute: does anything grow that should not? Prints what
// it reads as it goes, judges at the end, and writes results/endure.md and endure.json. MINUTES makes it shorter or longer: as much
// happens, and as often is read.

import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/chromium.js";
import { expectFlowAmong } from "../support/flow.js";
import { Person } from "../support/person.js";
import { Server } from "../support/server.js";
import { ACTS } from "./acts.js";
import { Gauges, keepMemories } from "./gauges.js";
import { judge } from "./judgement.js";
import { reading, tables } from "./words.js";

const MINUTES = Number(process.env.MINUTES ?? 60);
const EVENTS = 60;
const READINGS = 12;
const NAMES = ["Ana", "Ben", "Cleo", "Dan"];
const RESULTS = new URL("../results/", import.meta.url);

const server = await Server.start();
const browser = await chromium.launch(launchOptions());
try {
  const { link } = await server.newRoom();
  const people = [];
  for (const name of NAMES) {
    const person = await Person.arrive(browser, name, { prepare: [keepMemories], context: { viewport: { width: 1280, height: 800 } } });
    await person.openAndJoin(link);
    people.push(person);
  }
  await expectFlowAmong(people);
  // Everybody does everything once: what is loaded when it is first wanted is no growth.
  for (const person of people) for (const act of ACTS) await act(person, people);

  const gauges = await Gauges.at(server, browser, people);
  const start = Date.now();
  const readings = [];
  console.log(`four people for ${MINUTES} minutes; of each: heap, WebAssembly memory, nodes, listeners`);
  for (let event = 1; event <= EVENTS; event += 1) {
    await pause(start + (event / EVENTS) * MINUTES * 60_000 - Date.now()); // a call lasts as long as it lasts
    await ACTS[event % ACTS.length](people[event % people.length], people);
    if (event % (EVENTS / READINGS) > 0) continue;
    readings.push({ minute: (Date.now() - start) / 60_000, ...(await gauges.read()) });
    console.log(reading(readings.at(-1)));
  }
  await expectFlowAmong(people);
  console.log("everybody still sees and hears everybody");

  const verdicts = judge(readings);
  const mishaps = people.flatMap((person) => person.mishaps);
  const text = tables({ minutes: MINUTES, verdicts, readings });
  console.log(`\n${text}`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(new URL("endure.md", RESULTS), `# A call of four for ${MINUTES} minutes\n\n${text}`);
  await writeFile(new URL("endure.json", RESULTS), JSON.stringify({ minutes: MINUTES, verdicts, readings, mishaps }, null, 2));
  for (const mishap of mishaps) console.log(mishap);
  if (mishaps.length > 0 || verdicts.some(({ met }) => !met)) process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
