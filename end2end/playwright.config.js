import { defineConfig } from "@playwright/test";
import { launchOptions } from "./support/chromium.js";
import { INSECURE_HOST } from "./support/insecure_host.js";

export default defineConfig({
  testDir: "tests",
  outputDir: "results/tests",
  // Encoding and decoding for several people fills two cores: one test at a time. A test that fails once has failed.
  workers: 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "results/tests.json" }]],
  use: {
    browserName: "chromium",
    headless: true,
    viewport: { width: 1280, height: 800 },
    launchOptions: launchOptions([`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]),
    screenshot: "only-on-failure",
    trace: "off",
  },
});
