// A coturn of a test's own, on loopback, that shares a secret with Parlour.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../support/server.js";

const START_DEADLINE_MS = 15_000;
const READY = /IPv4\. (TCP|UDP) listener opened on/;

export class Coturn {
  #child;
  #folder;

  /** Starts one; `secret` is what Parlour is told as `--turn-secret`. */
  static async start(secret) {
    const coturn = new Coturn();
    coturn.secret = secret;
    coturn.port = await freePort();
    coturn.#folder = await mkdtemp(join(tmpdir(), "parlour-coturn-"));
    await coturn.resume();
    return coturn;
  }

  /** What Parlour is to be started with. */
  get flags() {
    const urls = ["udp", "tcp"].map((transport) => `turn:127.0.0.1:${this.port}?transport=${transport}`);
    return ["--turn-urls", urls.join(","), "--turn-secret", this.secret];
  }

  /** Starts the process, again on the same port. */
  async resume() {
    const at = (file) => join(this.#folder, file);
    const child = spawn("turnserver", [
      "-n", // no configuration but this
      "--use-auth-secret", `--static-auth-secret=${this.secret}`, "--realm=parlour.test",
      "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", `--listening-port=${this.port}`, "--allow-loopback-peers",
      "--no-tls", "--no-dtls", "--no-cli", "--no-rfc5780",
      `--pidfile=${at("pid")}`, `--userdb=${at("users")}`, "--log-file=stdout", "--verbose",
    ], { stdio: ["ignore", "pipe", "ignore"] });
    this.#child = child;
    const lines = [];
    const ready = new Promise((resolve, reject) => {
      const missing = new Set(["TCP", "UDP"]);
      createInterface({ input: child.stdout }).on("line", (line) => {
        lines.push(line);
        missing.delete(READY.exec(line)?.[1]);
        if (missing.size === 0) resolve();
      });
      const refuse = (why) => reject(new Error(`coturn ${why}\n${lines.join("\n")}`));
      child.once("error", ({ message }) => refuse(`${message} (scripts/install-interop-tools.sh installs it)`));
      child.once("exit", (code, signal) => refuse(`ended with ${code ?? signal}`));
      setTimeout(refuse, START_DEADLINE_MS, "does not listen").unref();
    });
    this.log = lines;
    await ready;
  }

  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  }

  async stop() {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
