// What Playwright's configurations have in common: the suite of the tests, and those that measure.

import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.js";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** A suite; `own` is what it has of its own. */
export function suite({ use, ...own }) {
  return defineConfig({
    // Encoding and decoding for several people fills two cores: one test at a time. A test that fails once has failed.
    workers: 1,
    retries: 0,
    forbidOnly: !!process.env.CI,
    expect: { timeout: 15_000 },
    ...own,
    use: {
      browserName: "chromium",
      headless: true,
      viewport: { width: 1280, height: 800 },
      launchOptions: launchOptions(),
      trace: "off",
      ...use,
    },
  });
}

/**
 * A suite that measures, some of it in networks of its own: in the folder `name`, its table under `title` in `results`, with
 * `rows` at the head of the first column.
 */
export function measuredSuite({ name, title, rows }) {
  return suite({
    testDir: path(`../${name}`),
    outputDir: path(`../results/${name}`),
    timeout: 480_000,
    globalSetup: path("sweep.js"),
    reporter: [["list"], [path("measured_table.js"), { file: path(`../results/${name}.md`), title, rows }]],
    use: { screenshot: "off" },
  });
}
