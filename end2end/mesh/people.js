// A room full of people, each with a context of their own in one fresh browser, who all open the link at once.

import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/chromium.js";
import { Person } from "../support/person.js";
import { Server } from "../support/server.js";
import { ending, within } from "./patience.js";
import { installMeshProbe } from "./probe.js";

const NAMES = ["Ana", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon", "Kim", "Leo"];
const VIEWPORT = { width: 1280, height: 720 };
const CAPACITY = 64; // the most that a room takes
const START_MS = 30_000;
const ARRIVE_MS = 60_000;
const OPEN_MS = 60_000;
const CLOSE_MS = 15_000;

const nameOf = (place) => (place < NAMES.length ? NAMES[place] : `Guest ${place + 1}`);

/** Starts a server of a program, and a browser; `close` ends both. */
export async function startRoom(program) {
  const place = { command: ([, ...args]) => [program, ...args], fetch };
  const server = await Server.start({ args: ["--room-capacity", String(CAPACITY)], place });
  const stopServer = ending(() => server.stop());
  try {
    const { link } = await server.newRoom();
    // A server of Playwright's tells the browser's process, whose time is to be counted.
    const options = { ...launchOptions(), handleSIGINT: false, handleSIGTERM: false, timeout: START_MS };
    const browserServer = await chromium.launchServer(options);
    const stopBrowser = ending(() => close(browserServer));
    const stop = async () => {
      await stopBrowser();
      await stopServer();
    };
    const browser = await chromium.connect(browserServer.wsEndpoint(), { timeout: START_MS }).catch(async (error) => {
      await stop();
      throw error;
    });
    return { link, browser, pid: browserServer.process().pid, close: stop };
  } catch (error) {
    await stopServer();
    throw error;
  }
}

/** A browser that does not close in time is killed. */
async function close(browserServer) {
  await within(browserServer.close(), CLOSE_MS, "closing the browser").catch(() => browserServer.kill());
}

/** Makes so many people's pages, empty as yet. */
export async function invite(browser, count) {
  const people = [];
  for (let place = 0; place < count; place += 1) {
    const arrival = Person.arrive(browser, nameOf(place), { prepare: [installMeshProbe], context: { viewport: VIEWPORT } });
    people.push(await within(arrival, ARRIVE_MS, "making a page"));
  }
  people.forEach((person, place) => (person.next = people[(place + 1) % count].name));
  return people;
}

/**
 * All open the link at once: the milliseconds until everybody saw everybody, null where that did not happen in time, and how
 * many of the pairs did.
 */
export async function openAll(people, link, deadlineMs) {
  const start = Date.now();
  const views = await Promise.all(
    people.map(async ({ name, page }) => {
      try {
        await page.goto(`${link}?name=${encodeURIComponent(name)}&join=1`, { waitUntil: "commit", timeout: OPEN_MS });
        const left = Math.max(0, start + deadlineMs - Date.now());
        const question = ([others, left]) => window.__mesh.seesAll(others, left);
        return await within(page.evaluate(question, [people.length - 1, left]), left + OPEN_MS, `the call of ${name}`);
      } catch (error) {
        console.log(`  ${name}: ${error.message.split("\n")[0]}`);
        return { count: 0, at: null };
      }
    }),
  );
  const all = views.every(({ at }) => at !== null);
  return {
    ms: all ? Math.max(...views.map(({ at }) => at)) - start : null,
    pairs: views.reduce((sum, { count }) => sum + count, 0),
  };
}

/** Everybody pins the next one; says who could not. */
export async function pinNext(people) {
  await Promise.all(
    people.map(async ({ name, page, next }) => {
      const pressed = within(page.evaluate((next) => window.__mesh.pin(next), next), OPEN_MS, "the pin").catch(() => false);
      if (!(await pressed)) console.log(`  ${name} could not pin ${next}`);
    }),
  );
}

export const settle = (seconds) => pause(seconds * 1_000);
