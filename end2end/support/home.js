// Where a person is at home: a network namespace, and a Chromium that lives in there.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { launchOptions } from "./chromium.js";

export class Home {
  constructor(namespace) {
    this.namespace = namespace;
  }

  /** Starts a Chromium in here, to visit a server; `more` are further command line flags. */
  async browse(server, more = []) {
    const options = launchOptions([...server.browserFlags, ...more]);
    this.folder = await mkdtemp(join(tmpdir(), "parlour-home-"));
    const executablePath = join(this.folder, "chromium");
    const command = this.namespace.command([options.executablePath]).join(" ");
    await writeFile(executablePath, `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(executablePath, 0o755);
    this.browser = await chromium.launch({ ...options, executablePath });
    return this.browser;
  }

  async leave() {
    await this.browser?.close();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
