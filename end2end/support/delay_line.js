// The program that holds packets for a while (server/examples/delay_line.rs), run in a namespace: some kernels have no netem.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const DELAY_LINE =
  process.env.PARLOUR_DELAY_LINE ?? fileURLToPath(new URL("../../target/release/examples/delay_line", import.meta.url));

const QUEUE = 0;

/**
 * From now on, everything that comes to a namespace comes later by as many milliseconds, and now and then nothing comes for a
 * while, up to `stalls`; ends with the namespace.
 */
export async function delayArrivals(namespace, milliseconds, { stalls = 0 } = {}) {
  const line = { queue: QUEUE, milliseconds, stalls };
  const words = [DELAY_LINE, ...Object.entries(line).flatMap(([name, value]) => [`--${name}`, String(value)])];
  const [program, ...rest] = namespace.command(words);
  const running = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(running, "exit").then(([code, signal]) => {
    throw new Error(`the delay line ended with ${code ?? signal}`);
  });
  await Promise.race([once(running.stdout, "data"), ended]); // it says when it listens
  ended.catch(() => {}); // it is ended with the namespace
  await namespace.iptables(`-A INPUT ! -i lo -j NFQUEUE --queue-num ${QUEUE}`);
}
