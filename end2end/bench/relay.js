// Relays signals through our server and through PeerJS's, with the same client at the same load, and prints how long a
// signal takes and what the server spends on it.

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, Server } from "../support/server.js";
import { percentile, printTable } from "./statistics.js";

const PAIRS = 100;
const MESSAGES_PER_SECOND = 2_000;
const SECONDS = 10;
const TICK_MS = 5;
const PADDING = "x".repeat(100); // a candidate line is about as long

const require = createRequire(new URL("rivals/package.json", import.meta.url));

/** Parlour's words. */
const parlour = {
  name: "Parlour",
  async start() {
    const server = await Server.start();
    return { pid: server.pid, port: server.port, server, stop: () => server.stop() };
  },
  async pair(WebSocket, { port, server }) {
    const { room } = await server.newRoom();
    const ends = [];
    for (const name of ["Ana", "Ben"]) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/api/signaling`);
      await opened(socket);
      const welcome = next(socket, (message) => message.welcome);
      socket.send(JSON.stringify({ join: { room, name, media: { microphone: false, camera: false } } }));
      ends.push({ socket, id: (await welcome).you.id });
    }
    return ends;
  },
  say: (to, text) => ({ signal: { to, signal: { epoch: [1, 1], seq: 1, body: { candidate: { candidate: text } } } } }),
  heard: (message) => message.signal?.signal.body.candidate.candidate,
};

/** PeerJS's words. */
const peerJs = {
  name: "PeerJS server",
  async start() {
    const port = await freePort();
    const program = require.resolve("peer").replace(/index\.cjs$/, "bin/peerjs.js");
    const args = [program, "--port", String(port), "--host", "127.0.0.1", "--path", "/"];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    for (let tries = 0; tries < 500; tries += 1) {
      if (await fetch(`http://127.0.0.1:${port}/`).then((response) => response.ok, () => false)) break;
      if (child.exitCode !== null) throw new Error("the PeerJS server does not start");
      await pause(20);
    }
    return { pid: child.pid, port, stop: () => child.kill("SIGKILL") };
  },
  async pair(WebSocket, { port }) {
    const ends = [];
    for (let end = 0; end < 2; end += 1) {
      const id = crypto.randomUUID();
      const socket = new WebSocket(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=token`);
      await next(socket, ({ type }) => type === "OPEN");
      ends.push({ socket, id });
    }
    return ends;
  },
  say: (to, text) => ({ type: "CANDIDATE", dst: to, payload: { candidate: { candidate: text } } }),
  heard: (message) => (message.type === "CANDIDATE" ? message.payload.candidate.candidate : undefined),
};

const opened = (socket) => new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));

/** The first message for which `pick` gives something. */
function next(socket, pick) {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", function hear(data) {
      const picked = pick(JSON.parse(data));
      if (!picked) return;
      socket.off("message", hear);
      resolve(picked);
    });
  });
}

async function memoryKib(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))[1]);
}

/** Processor time so far, in ms: the clock of /proc ticks a hundred times a second. */
async function processorMs(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measure(WebSocket, words) {
  const server = await words.start();
  try {
    const idle = await memoryKib(server.pid);
    const ends = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [one, other] = await words.pair(WebSocket, server);
      ends.push({ socket: one.socket, to: other.id }, { socket: other.socket, to: one.id });
    }
    const joined = await memoryKib(server.pid);
    const delays = [];
    for (const { socket } of ends) {
      socket.on("message", (data) => {
        const text = words.heard(JSON.parse(data));
        if (text) delays.push(performance.now() - Number(text.split(" ")[0]));
      });
    }
    const spent = await processorMs(server.pid);
    const start = performance.now();
    let sent = 0;
    while (sent < MESSAGES_PER_SECOND * SECONDS) {
      const due = Math.min(MESSAGES_PER_SECOND * SECONDS, ((performance.now() - start) / 1000) * MESSAGES_PER_SECOND);
      for (; sent < due; sent += 1) {
        const { socket, to } = ends[sent % ends.length];
        socket.send(JSON.stringify(words.say(to, `${performance.now()} ${PADDING}`)));
      }
      await pause(TICK_MS);
    }
    for (let tries = 0; delays.length < sent && tries < 200; tries += 1) await pause(10);
    const perThousand = ((await processorMs(server.pid)) - spent) / (sent / 1000);
    for (const { socket } of ends) socket.terminate();
    return [
      words.name,
      `${delays.length} of ${sent}`,
      percentile(delays, 0.5).toFixed(2),
      percentile(delays, 0.99).toFixed(2),
      perThousand.toFixed(0),
      `${(idle / 1024).toFixed(0)} MiB`,
      `${((joined - idle) / ends.length).toFixed(0)} KiB`,
    ];
  } finally {
    await server.stop();
  }
}

const rows = [["", "relayed", "p50 ms", "p99 ms", "CPU ms / 1,000", "idle RSS", "RSS / client"]];
try {
  const WebSocket = require("ws");
  rows.push(await measure(WebSocket, parlour));
  rows.push(await measure(WebSocket, peerJs));
  printTable(`${MESSAGES_PER_SECOND} messages a second between ${PAIRS} pairs, for ${SECONDS} s, one client for both`, rows);
} catch (error) {
  if (error.code !== "MODULE_NOT_FOUND") throw error;
  console.log("left out: the rivals and their WebSocket library are not installed");
}
