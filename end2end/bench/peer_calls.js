// Peer Calls, a whole rival, as npm has it: the same times as Parlour's, taken the same way. It has no green room, so its
// time from the click includes opening the camera.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/server.js";
import { first, framesSeen, installTimeline } from "./timeline.js";

const require = createRequire(new URL("rivals/package.json", import.meta.url));

/** Starts its server on a free port; `stop` ends it. */
export async function startPeerCalls() {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "peer-calls-"));
  await mkdir(join(folder, "config"));
  await writeFile(join(folder, "config/default.yaml"), "baseUrl: ''\niceServers: []\n"); // it would ask a stranger's STUN
  const env = { ...process.env, PORT: String(port), BIND: "127.0.0.1" };
  const child = spawn(process.execPath, [require.resolve("peer-calls")], { cwd: folder, env, stdio: "ignore" });
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 500; tries += 1) {
    if (await fetch(origin).then((response) => response.ok, () => false)) break;
    if (child.exitCode !== null) throw new Error("Peer Calls does not start");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stop = async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  return { origin, pid: child.pid, stop };
}

async function dial(browser, link, name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(installTimeline);
  await page.addInitScript(joinAtOnce, name);
  await page.goto(link);
  return page;
}

/** Fills and sends the form as soon as it is there, as no hand or test tool could. */
function joinAtOnce(name) {
  new MutationObserver((_, observer) => {
    const field = document.querySelector("form.media input[name=nickname]");
    if (!field) return;
    observer.disconnect();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, name);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("form.media [type=submit]").click();
  }).observe(document, { childList: true, subtree: true });
}

/** One run in a new room: from the navigation, and from the click, to `others` people's first frames. */
export async function timePeerCalls(browser, origin, others) {
  const link = `${origin}/call/${crypto.randomUUID()}`;
  const pages = [];
  try {
    for (let count = 0; count <= others; count += 1) {
      const page = await dial(browser, link, `P${count}`);
      pages.push(page);
      if (count > 0) await framesSeen(page, count);
      else await page.waitForFunction(() => window.__timeline.some(({ what }) => what === "captured"));
    }
    const marks = await framesSeen(pages.at(-1), others);
    const last = Math.max(...marks.filter(({ what }) => what === "remote frame").map(({ at }) => at));
    return { click: last - first(marks, "click"), navigation: last };
  } finally {
    await Promise.all(pages.map((page) => page.context().close()));
  }
}
