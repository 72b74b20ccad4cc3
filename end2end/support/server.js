// A Parlour server of a test's own: the release build on a free port, with a state folder that goes away with it.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.PARLOUR_PROGRAM ?? fileURLToPath(new URL("../../target/parlour/parlour", import.meta.url));
const START_DEADLINE_MS = 15_000;

/** A port that nobody listens on now. */
export async function freePort(host = "127.0.0.1") {
  const listener = createServer();
  await new Promise((resolve, reject) => listener.once("error", reject).listen(0, host, resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

/** Where a server usually lives: in the test's own network. */
const HERE = { command: (words) => words, fetch };

export class Server {
  #child;
  #log = "";

  constructor(host, port, listen, stateDir, args, tls, place) {
    Object.assign(this, { host, port, listen, stateDir, args, tls, place });
  }

  /**
   * Starts a server that is reached at `host`, and listens there or on the address `listen`; `args` are further flags, `tls` is how it
   * speaks TLS (certificates.js), `place` is where it runs and is asked from. An IPv6 address stands in brackets, as in a URL.
   */
  static async start({ host = "127.0.0.1", port, listen = host, args = [], tls, place = HERE } = {}) {
    const stateDir = await mkdtemp(join(tmpdir(), "parlour-"));
    const server = new Server(host, port ?? (await freePort(host)), listen, stateDir, args, tls, place);
    await server.resume();
    return server;
  }

  get origin() {
    return `${this.tls ? "https" : "http"}://${this.host}:${this.port}`;
  }

  /** What a browser is told, so that this server's pages are as safe as this machine itself: else it gave no camera. */
  get browserFlags() {
    return this.tls?.flags ?? [`--unsafely-treat-insecure-origin-as-secure=${this.origin}`];
  }

  get pid() {
    return this.#child.pid;
  }

  /** What the server has written so far. */
  get log() {
    return this.#log;
  }

  /** Starts the process again on the same port and state. */
  async resume() {
    const args = ["--listen", `${this.listen}:${this.port}`, "--state-dir", this.stateDir, ...(this.tls?.args ?? []), ...this.args];
    const [program, ...words] = this.place.command([PROGRAM, ...args]);
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], cwd: this.stateDir });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (this.#log += text));
    let ended;
    child.once("error", (error) => (ended = error.message));
    child.once("exit", (code, signal) => (ended = `ended with ${code ?? signal}`));
    const deadline = Date.now() + START_DEADLINE_MS;
    for (;;) {
      if (ended) throw new Error(`the server ${ended}\n${this.#log}`);
      if (await this.place.fetch(`${this.origin}/health`).then((response) => response.ok, () => false)) return;
      if (Date.now() > deadline) throw new Error(`the server does not answer on ${this.origin}\n${this.#log}`);
      await pause(10);
    }
  }

  /** Ends the process, at once unless another signal is given, and keeps its state. */
  async kill(signal = "SIGKILL") {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await exited;
  }

  async stop() {
    await this.kill();
    await rm(this.stateDir, { recursive: true, force: true });
  }

  /** Makes a room by the API and gives its link. */
  async newRoom() {
    const response = await this.place.fetch(`${this.origin}/api/rooms`, { method: "POST", headers: { accept: "application/json" } });
    if (!response.ok) throw new Error(`POST /api/rooms: ${response.status} ${await response.text()}`);
    const { room, path } = await response.json();
    return { room, path, link: this.origin + path };
  }
}
