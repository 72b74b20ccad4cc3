// Parlour with other people's programs: Firefox, coturn, and coturn's clients. `make interop` runs it.

import tests from "../playwright.config.js";

// What the tests ask of a server, they ask of one of their own: no matter who has signed its certificate.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

export default {
  ...tests,
  testDir: ".",
  outputDir: "../results/interop",
  timeout: 150_000,
  reporter: [["list"], ["json", { outputFile: "../results/interop.json" }]],
};
