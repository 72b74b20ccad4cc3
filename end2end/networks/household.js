// A home behind a router of its own: what the router does to packets is what makes networks differ.

import { Home } from "../support/home.js";
import { Namespace } from "../support/namespace.js";

/**
 * How packets leave a household. With `nat`, all homes have the same address inside, as homes do: `"cone"` keeps the port, whoever it
 * goes to, and lets in only answers; `"symmetric"` takes a new port for everyone. `only` is what the router lets through; the rest
 * it drops without a word.
 */
export const OPEN = { family: 4 };
export const CONE = { family: 4, nat: "cone" };
export const SYMMETRIC = { family: 4, nat: "symmetric" };
export const NO_UDP = { family: 4, nat: "cone", only: "tcp" };
export const ONLY_443 = { family: 4, nat: "cone", only: "443" };
export const ONLY_443_AND_NAMES = { family: 4, nat: "cone", only: "443 and names" };
export const OPEN_IPV6 = { family: 6 };
export const NO_UDP_IPV6 = { family: 6, only: "tcp" };

const MASQUERADE = { cone: "MASQUERADE", symmetric: "MASQUERADE --random-fully" };

const service = (protocol, port) => [
  `-i lan -p ${protocol} --dport ${port} -j ACCEPT`,
  `-i wan -p ${protocol} --sport ${port} -j ACCEPT`,
];

/** The rules of a router that lets only so much through. */
const LETS_THROUGH = {
  tcp: ["-p tcp -j ACCEPT", "-j DROP"],
  443: [...service("tcp", 443), "-j DROP"],
  "443 and names": [...service("tcp", 443), ...service("udp", 53), "-j DROP"],
};

/** The addresses of household `number`: of its line at the internet's end and at its own, and inside of the router and of the home. */
function addresses({ family, nat }, number) {
  if (family === 6) {
    const line = `2001:db8:0:${number}::`;
    const inside = `2001:db8:1:${number}::`;
    return { hub: `${line}1`, wan: `${line}2`, lan: `${inside}1`, home: `${inside}2`, net: inside, bits: 64, lineBits: 64 };
  }
  const line = (end) => `192.0.2.${2 * number + end}`;
  const open = (end) => `198.51.100.${16 * number + end}`;
  const inside = nat ? (end) => `192.168.1.${end}` : open;
  return { hub: line(0), wan: line(1), lan: inside(1), home: inside(2), net: inside(0), bits: nat ? 24 : 28, lineBits: 31 };
}

export class Household extends Home {
  constructor(namespace, kind, { home, wan }) {
    super(namespace);
    // Its own address, and the one that others see.
    Object.assign(this, { kind, address: home, seenAs: kind.nat ? wan : home });
  }

  /** Builds one of a kind, a constant above, and lays its line to the internet's hub. */
  static async build(hub, number, kind) {
    const { family } = kind;
    const at = addresses(kind, number);
    const line = `line${number}`;
    const [router, namespace] = [await Namespace.make(), await Namespace.make()];
    for (const place of [router, namespace]) await speak(place, family);
    await hub.ip(`link add ${line} type veth peer name wan netns ${router.name}`, ...up(line, at.hub, at.lineBits, family));
    await router.ip(
      ...up("wan", at.wan, at.lineBits, family),
      `link add lan type veth peer name eth0 netns ${namespace.name}`,
      ...up("lan", at.lan, at.bits, family),
      `route add default via ${at.hub}`,
    );
    await namespace.ip(...up("eth0", at.home, at.bits, family), `route add default via ${at.lan}`);
    if (!kind.nat) await hub.ip(`route add ${at.net}/${at.bits} via ${at.wan}`);
    await govern(router, kind);
    return new Household(namespace, kind, at);
  }
}

/** Commands that bring an interface up, with one address: with those that IPv6 gives by itself there were a second road. */
function up(device, address, bits, family) {
  const mode = family === 4 ? [`link set ${device} addrgenmode none`] : [];
  return [...mode, `link set ${device} up`, `addr add ${address}/${bits} dev ${device}${family === 6 ? " nodad" : ""}`];
}

/** Lets a place speak one family only, and pass on what is not for itself. */
async function speak(place, family) {
  await place.set(family === 6 ? "ipv6/conf/all/forwarding" : "ipv4/ip_forward", 1);
  if (family === 4) return;
  await place.set("ipv6/conf/default/accept_dad", 0);
  await place.ip("addr del 127.0.0.1/8 dev lo"); // no address of IPv4 at all
}

/** Makes a router one of its kind. */
async function govern(router, { family, nat, only }) {
  if (nat) {
    await router.iptables(`-t nat -A POSTROUTING -o wan -j ${MASQUERADE[nat]}`);
    // What nobody inside asked for is for the router itself; it does not even keep in mind that it came.
    await router.iptables("-A INPUT -i wan -j DROP");
  }
  for (const rule of LETS_THROUGH[only] ?? []) await router.iptables(`-A FORWARD ${rule}`, { family });
}
