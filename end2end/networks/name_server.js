// The name server of an internet of a test's own (dnsmasq), and the way to tell a place to ask it. Browsers look up the names of
// relays by themselves, past whatever they were told on the command line, so names are tried with a real one.

import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";

/** Answers for one name, with these addresses, at each of them; it ends with the `place` it runs in. */
export function serveName(place, name, addresses) {
  const answers = addresses.map((address) => `--address=/${name}/${address}`);
  const [program, ...words] = place.command([
    ...["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file="],
    ...[`--listen-address=${addresses.join(",")}`, "--bind-interfaces", ...answers],
  ]);
  const child = spawn(program, words, { stdio: "inherit" });
  child.once("error", (error) => console.error(`the name server: ${error.message}`));
}

const folderOf = (place) => `/etc/netns/${place.name}`; // where ip-netns(8) looks for it

/** Whatever is started in a place from now on asks that name server; gives how to `forget` it. */
export async function askNames(place, server) {
  await mkdir(folderOf(place), { recursive: true });
  await writeFile(`${folderOf(place)}/resolv.conf`, `nameserver ${server}\n`);
  return () => rm(folderOf(place), { recursive: true, force: true });
}
