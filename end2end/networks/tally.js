// What comes to a home and what leaves it, counted by its kernel for each address at the other end: a browser's word about the road
// that its packets take can be checked by it.

import { isIPv6 } from "node:net";

const filter = (home, address, rule) => home.namespace.iptables(rule, { family: isIPv6(address) ? 6 : 4 });

/** Begins to count what a home exchanges with each of some addresses. */
export async function keepTally(home, addresses) {
  for (const address of addresses) {
    await filter(home, address, `-A INPUT -s ${address}`);
    await filter(home, address, `-A OUTPUT -d ${address}`);
  }
}

const COUNTED = /^-A (INPUT|OUTPUT) -[sd] ([^ /]+)\S* -c (\d+) (\d+)$/gm;

/** What a home has exchanged with an address since: packets and bytes that came `in` and went `out`. */
export async function tallyOf(home, address) {
  const tally = {};
  for (const [, chain, end, packets, bytes] of (await filter(home, address, "-v -S")).matchAll(COUNTED)) {
    if (end === address) tally[chain === "INPUT" ? "in" : "out"] = { packets: Number(packets), bytes: Number(bytes) };
  }
  return tally;
}
