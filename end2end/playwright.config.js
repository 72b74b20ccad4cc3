import { launchOptions } from "./support/chromium.js";
import { INSECURE_HOST } from "./support/insecure_host.js";
import { suite } from "./support/suite.js";

export default suite({
  testDir: "tests",
  outputDir: "results/tests",
  snapshotPathTemplate: "{testDir}/looks/{arg}{ext}",
  timeout: 90_000,
  reporter: [["list"], ["json", { outputFile: "results/tests.json" }]],
  use: {
    launchOptions: launchOptions([`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]),
    screenshot: "only-on-failure",
  },
});
