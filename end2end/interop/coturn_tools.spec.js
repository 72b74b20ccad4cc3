// coturn's own clients with Parlour's relay: they know nothing of rooms, and pass as far as the room's rule lets them.

import { expect } from "@playwright/test";
import { spawn } from "node:child_process";
import { SELF_SIGNED } from "../support/certificates.js";
import { test as base } from "../support/fixtures.js";
import { freePort, Server } from "../support/server.js";
import { Member } from "./member.js";

// They take some 5 s, 16 s where they miss something, and for ever where they wait for an answer that never comes.
const PATIENCE_MS = 30_000;
const ADDRESS = { v4: "127.0.0.1", v6: "::1" };

const test = base.extend({
  /** Somebody in the test's room, whose credentials the tools use. */
  member: async ({ server, room }, use) => {
    const member = await Member.join(server, room.room);
    await use(member);
    member.part();
  },

  /** `talk("-y -t")`: two clients that talk to each other, or to somebody else, through the relay. */
  talk: async ({ server, member }, use) => {
    await use((modes, as = member) => talkTo(server, `-c ${modes}`, as));
  },
});

const talkTo = (server, modes, { username, credential }) =>
  run("turnutils_uclient", [
    ...["-v", ...modes.split(" "), "-n", "10"],
    ...["-u", username, "-w", credential, "-p", String(server.port), server.host],
  ]);

/** Runs a program to its end; what it wrote, and whether it succeeded. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS, killSignal: "SIGKILL" });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (more) => (text += more));
    child.once("error", ({ message }) => reject(new Error(`${message} (scripts/install-interop-tools.sh installs it)`)));
    child.once("close", (code) => resolve({ succeeded: code === 0, text }));
  });
}

for (const [listen, asked] of [["127.0.0.1", "v4"], ["[::1]", "v6"], ["[::]", "v4"], ["[::]", "v6"]]) {
  test(`turnutils_stunclient learns its ${asked} address from a server that listens on ${listen}`, async () => {
    const server = await Server.start({ host: listen, port: await freePort() });
    try {
      const { text } = await run("turnutils_stunclient", ["-p", String(server.port), ADDRESS[asked]]);
      const [, address] = /UDP reflexive addr: (\S+):\d+/.exec(text) ?? [];
      expect(address, text).toBe(ADDRESS[asked]);
    } finally {
      await server.stop();
    }
  });
}

for (const [modes, what] of [
  ["-y", "channels over UDP"],
  ["-y -s", "indications over UDP"],
  ["-y -t", "channels over TCP"],
  ["-y -t -s", "indications over TCP"],
  ["-y -x", "IPv6 relayed addresses"],
  ["-y -D", "padded channels"],
  ["-y -g", "packets that must stay whole"],
  ["-y -l 1400", "long packets"],
]) {
  test(`turnutils_uclient ${modes}: ${what} pass between people of one room`, async ({ talk }) => {
    const { succeeded, text } = await talk(modes);
    expect(text).toMatch(/tot_send_msgs=20, tot_recv_msgs=20/);
    expect(text).toContain("Total lost packets 0 ");
    expect(succeeded).toBe(true);
  });
}

// A message as it comes out of the stream: 100 bytes in a channel, or in an indication.
for (const [modes, size] of [["-c -y -t -S", 104], ["-c -y -t -S -s", 136]]) {
  test(`turnutils_uclient ${modes}: the same over TLS, on the port of the pages`, async () => {
    const server = await Server.start({ tls: SELF_SIGNED });
    try {
      const { room } = await server.newRoom();
      const member = await Member.join(server, room);
      const { succeeded, text } = await talkTo(server, modes, member);
      member.part();
      // Of what it reads from TLS in one go it counts the first message alone: so what it has read is counted here.
      const read = [...text.matchAll(/response received: size=(\d+)/g)].map(([, bytes]) => Number(bytes));
      const messages = read.filter((bytes) => bytes % size === 0).reduce((sum, bytes) => sum + bytes / size, 0);
      expect(messages, text).toBe(20);
      expect(succeeded).toBe(true);
    } finally {
      await server.stop();
    }
  });
}

test("turnutils_uclient with RTCP: pairs of ports pass", async ({ server, member }) => {
  const { text } = await talkTo(server, "-y", member);
  expect(text).toMatch(/tot_send_msgs=40, tot_recv_msgs=40/);
});

for (const peer of ["127.0.0.1", "10.0.0.1", "169.254.1.1", "192.0.2.1"]) {
  test(`turnutils_uclient towards ${peer}, which is nobody in the room: refused`, async ({ talk }) => {
    const { succeeded, text } = await talk(`-e ${peer}`);
    expect(text).toContain("channel bind: error 403 (Only peers of the same room)");
    expect(succeeded).toBe(false);
  });
}

test("turnutils_uclient -T: relayed addresses that carry TCP are not to be had", async ({ talk }) => {
  const { succeeded, text } = await talk("-T");
  expect(text).toContain("error 442 (");
  expect(succeeded).toBe(false);
});

test("turnutils_uclient with a wrong password, and with that of somebody who has left: refused", async ({ server, room, member, talk }) => {
  const wrong = await talk("-y", { ...member, credential: "wrong" });
  expect(wrong.text).toContain("ERROR: Cannot complete Allocation");
  expect(wrong.succeeded).toBe(false);

  const gone = await Member.join(server, room.room, "Gone");
  await gone.leave();
  const late = await talk("-y", gone);
  expect(late.text).toContain("ERROR: Cannot complete Allocation");
  expect(late.succeeded).toBe(false);
  expect((await talk("-y")).succeeded, "the one who stayed").toBe(true);
});

for (const modes of ["-y -R", "-y -N", "-y -M", "-y -O", "-y -B", "-y -G", "-y -I"]) {
  test(`turnutils_uclient ${modes}: what clients do wrong disturbs nobody`, async ({ talk }) => {
    // Whether it succeeds is chance: it spoils its own packets, or goes away in the middle.
    await talk(modes);
    const { succeeded, text } = await talk("-y");
    expect(text).toMatch(/tot_send_msgs=20, tot_recv_msgs=20/);
    expect(succeeded).toBe(true);
  });
}
