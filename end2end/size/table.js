// Prints what a browser downloads for the home page, from a room's link until it is in the call, and for all that it may ever
// need there, with an empty cache; fails when that is over the budget, or when anybody but the server is asked for anything.

import { Server } from "../support/server.js";
import { downloads, totalOf } from "./downloads.js";

const KIB = 1024;
const BUDGETS = { "home page": 20 * KIB, "link to call": 180 * KIB, "all of it": 400 * KIB };

const server = await Server.start();
const faults = [];
try {
  const { link } = await server.newRoom();
  const join = async (page) => {
    await page.goto(link);
    await page.getByTestId("name-input").fill("Ana");
    await page.getByTestId("join").click();
    await page.locator("[data-testid=call][data-signaling=online]").waitFor();
  };
  const visits = {
    "home page": (page) => page.goto(server.origin),
    "link to call": (page) => join(page),
    "all of it": async (page) => {
      await join(page);
      await page.getByTestId("open-chat").click();
      await page.getByTestId("chat-input").waitFor();
    },
  };
  for (const [what, visit] of Object.entries(visits)) {
    const requests = await downloads(visit);
    report(what, requests);
    const foreign = requests.filter(({ url }) => new URL(url).host !== new URL(server.origin).host && !url.startsWith("blob:"));
    for (const { url } of foreign) faults.push(`${what}: a third party is asked: ${url}`);
    if (totalOf(requests) > BUDGETS[what]) {
      faults.push(`${what}: ${kib(totalOf(requests))} KiB, over the budget of ${kib(BUDGETS[what])} KiB`);
    }
    const plain = requests.filter(({ encoding, bytes }) => encoding === "none" && bytes > 2 * KIB);
    for (const { url } of plain) faults.push(`${what}: sent uncompressed: ${url}`);
  }
} finally {
  await server.stop();
}
for (const fault of faults) console.error(`over budget: ${fault}`);
process.exitCode = faults.length ? 1 : 0;

function kib(bytes) {
  return (bytes / KIB).toFixed(1);
}

function report(what, requests) {
  console.log(`\n${what}, cold: compressed KiB of each request`);
  for (const { url, bytes, encoding } of requests.toSorted((one, other) => other.bytes - one.bytes)) {
    console.log(`  ${kib(bytes).padStart(7)}  ${encoding.padEnd(6)}  ${url.replace(server.origin, "")}`);
  }
  const margin = `budget ${kib(BUDGETS[what])}`;
  console.log(`  ${kib(totalOf(requests)).padStart(7)}  in ${requests.length} requests (${margin})`);
}
