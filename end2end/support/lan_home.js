// One person's end of a local network: a cable to the hub.

import { Home } from "./home.js";
import { Namespace } from "./namespace.js";

const CARRIER_DEADLINE_MS = 5_000;

export class LanHome extends Home {
  /** `port` is the cable's end at the hub. */
  constructor(namespace, hub, number) {
    super(namespace);
    Object.assign(this, { hub, number, port: `home${number}`, address: `10.77.0.${number}` });
  }

  /** The address that others see. */
  get seenAs() {
    return this.address;
  }

  /** With a `gateway`, the hub is the road to everywhere else. */
  static async build(hub, number, { gateway }) {
    const home = new LanHome(await Namespace.make(), hub, number);
    const { namespace, port, address } = home;
    await hub.ip(
      `link add ${port} type veth peer name eth0 netns ${namespace.name}`,
      `link set ${port} addrgenmode none master bridge up`,
    );
    // One address each: with the one that IPv6 gives by itself there were a second road.
    await namespace.ip("link set eth0 addrgenmode none", "link set eth0 up", `addr add ${address}/24 dev eth0`);
    if (gateway) await namespace.ip("route add default via 10.77.0.1");
    return home;
  }

  /** Pulls the cable out at the hub: this end sees that it carries nothing any more. */
  pull() {
    return this.hub.ip(`link set ${this.port} down`);
  }

  /** Puts the cable back, and waits until this end's interface is up again. */
  async plug() {
    await this.hub.ip(`link set ${this.port} up`);
    const deadline = Date.now() + CARRIER_DEADLINE_MS;
    while (!(await this.namespace.ip("link show eth0")).includes("state UP")) {
      if (Date.now() > deadline) throw new Error("the cable is back, and the interface does not see it");
    }
  }

  /** Takes the interface's address away and gives it another, as a network that one walks into. */
  async readdress() {
    const before = this.address;
    this.address = `10.77.0.${this.number + 100}`;
    await this.namespace.ip(
      `addr del ${before}/24 dev eth0`,
      `addr add ${this.address}/24 dev eth0`,
      "route add default via 10.77.0.1",
    );
  }

  /** The cable carries no more than `rate`, each way: what is more waits a little, and then is lost. */
  async narrow(rate) {
    await this.narrowUplink(rate);
    await this.hub.tc(`qdisc add dev ${this.port} ${bucket(rate)}`);
  }

  /** What leaves this home is no more than `rate`; what comes is not held up. */
  narrowUplink(rate) {
    return this.namespace.tc(`qdisc add dev eth0 ${bucket(rate)}`);
  }

  /** The uplink carries everything again. */
  widen() {
    return this.namespace.tc("qdisc del dev eth0 root");
  }
}

const bucket = (rate) => `root tbf rate ${rate} burst 16kb latency 300ms`;
