// A local network of a test's own: a hub with a bridge, where the server lives, and a home for each person, joined to the hub by
// a cable. Nothing of it touches the machine's own network, and no packet leaves it.

import { delayArrivals } from "./delay_line.js";
import { LanHome } from "./lan_home.js";
import { Namespace, deleteAll } from "./namespace.js";
import { Server } from "./server.js";

/** The hub's address. */
export const HUB = "10.77.0.1";
const PORT = 3000;

export class Lan {
  homes = [];

  constructor(hub, options) {
    Object.assign(this, { hub, options });
  }

  /** Without a `gateway`, its homes know of no road to anywhere else; `tls` is how the server speaks TLS (certificates.js). */
  static async make({ gateway = true, tls } = {}) {
    const network = new Lan(await Namespace.make(), { gateway });
    try {
      await network.hub.ip(
        "link add bridge type bridge",
        "link set bridge addrgenmode none",
        `addr add ${HUB}/24 dev bridge`,
        "link set bridge up",
      );
      network.server = await Server.start({ host: HUB, port: PORT, tls, place: network.hub });
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  /** Builds a home and lays its cable. */
  async addHome() {
    const home = await LanHome.build(this.hub, this.homes.length + 2, this.options);
    this.homes.push(home);
    return home;
  }

  /** Of all that comes to anybody and to the server, one packet is lost now and then. */
  async lose(probability) {
    for (const place of this.#places()) {
      await place.iptables(`-A INPUT ! -i lo -m statistic --mode random --probability ${probability} -j DROP`);
    }
  }

  /** Everybody's cable carries no more than `rate`, each way. */
  async narrow(rate) {
    for (const home of this.homes) await home.narrow(rate);
  }

  /** Every packet is under way for as many milliseconds longer. */
  async delay(milliseconds) {
    for (const place of this.#places()) await delayArrivals(place, milliseconds);
  }

  /** Now and then, nothing comes to anybody and to the server for up to as many milliseconds. */
  async stall(milliseconds) {
    for (const place of this.#places()) await delayArrivals(place, 0, { stalls: milliseconds });
  }

  /** Drops, silently, all that comes to one home and all that comes from there. */
  silence(home) {
    return this.#silence(home, "-I");
  }

  unsilence(home) {
    return this.#silence(home, "-D");
  }

  // Dropped where it arrives: a sender's own firewall would tell it of an error.
  async #silence(home, change) {
    await Promise.all([
      home.namespace.iptables(`${change} INPUT ! -i lo -j DROP`),
      ...this.#places()
        .filter((place) => place !== home.namespace)
        .map((place) => place.iptables(`${change} INPUT -s ${home.address} -j DROP`)),
    ]);
  }

  #places() {
    return [this.hub, ...this.homes.map(({ namespace }) => namespace)];
  }

  async close() {
    for (const home of this.homes) await home.leave();
    await this.server?.stop();
    deleteAll();
  }
}
