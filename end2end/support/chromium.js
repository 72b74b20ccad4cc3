// The browser that the tests drive: the system's Chromium with fake devices, kept from calling home.

import { existsSync } from "node:fs";

const CHROMIUM = process.env.PARLOUR_CHROMIUM ?? "/usr/bin/chromium";

const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

// Several people live in one browser, and none of their pages is in front: none may be slowed for that.
const ALL_IN_FRONT = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

// Of the fake cameras only the first and the last give pictures that a browser without a GPU can use.
const FAKE_DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=4"];

/** What Playwright needs to start it; `more` are further command line flags. */
export function launchOptions(more = []) {
  if (!existsSync(CHROMIUM)) throw new Error(`no Chromium at ${CHROMIUM}: name one in PARLOUR_CHROMIUM`);
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return {
    executablePath: CHROMIUM,
    args: [...asRoot, "--disable-gpu", ...QUIET, ...ALL_IN_FRONT, ...FAKE_DEVICES, ...more],
  };
}
