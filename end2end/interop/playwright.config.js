// Parlour with other people's programs: Firefox, coturn, and coturn's clients. `make interop` runs it.

import tests from "../playwright.config.js";

export default {
  ...tests,
  testDir: ".",
  outputDir: "../results/interop",
  timeout: 150_000,
  reporter: [["list"], ["json", { outputFile: "../results/interop.json" }]],
};
