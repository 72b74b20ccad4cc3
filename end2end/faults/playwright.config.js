// The fault matrix: what breaks, and how long it is felt. `make faults` runs it; the table comes at the end.

import { defineConfig } from "@playwright/test";
import { launchOptions } from "../support/chromium.js";

export default defineConfig({
  testDir: ".",
  outputDir: "../results/faults",
  // Times are measured: one test at a time, and what happened the first time counts.
  workers: 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  globalSetup: "./sweep.js",
  reporter: [["list"], ["./fault_table.js"]],
  use: {
    browserName: "chromium",
    headless: true,
    viewport: { width: 1280, height: 800 },
    launchOptions: launchOptions(),
    screenshot: "off",
    trace: "off",
  },
});
