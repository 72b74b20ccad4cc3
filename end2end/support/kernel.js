// Whether this machine can make the networks that a test asks for: tried, not guessed.

import { Namespace } from "./namespace.js";

/** What each kind of network takes, tried in a namespace that is thrown away. */
const TRIALS = {
  loss: (trial) => trial.iptables("-A INPUT -m statistic --mode random --probability 0.05 -j DROP"),
  narrow: (trial) => trial.tc("qdisc add dev lo root tbf rate 300kbit burst 16kb latency 300ms"),
  delay: (trial) => trial.iptables("-A INPUT -j NFQUEUE --queue-num 0"),
  routers: async (trial) => {
    await trial.set("ipv4/ip_forward", 1);
    await trial.set("ipv6/conf/all/forwarding", 1);
    await trial.iptables("-t nat -A POSTROUTING -o one -j MASQUERADE --random-fully");
    await trial.iptables("-A FORWARD -i one -j DROP", { family: 6 });
  },
};

const causeOf = ({ code, path, stderr, message }) =>
  code === "ENOENT" ? `there is no ${path}` : (stderr || message).trim().split("\n")[0];

/** The reason why networks cannot be made here, or those with `feature`, a name above; null where they can. */
export async function whyNot(feature) {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid() !== 0) return "network namespaces need root";
  let trial;
  try {
    trial = await Namespace.make();
    await trial.ip("link add bridge type bridge", "link add one type veth peer name two");
    await trial.iptables("-A INPUT -i one -j DROP");
    await trial.tc("qdisc show");
    await TRIALS[feature]?.(trial);
    return null;
  } catch (error) {
    return `this machine cannot make such a network: ${causeOf(error)}`;
  } finally {
    trial?.delete();
  }
}
