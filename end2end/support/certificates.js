// How a server of a test comes to speak TLS: with a certificate from an authority of the test's own, or with one of its own making.
// A browser is told to take either for good, as if the authority were a known one, or its owner had clicked the warning away.

import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What the server makes itself. */
export const SELF_SIGNED = { args: ["--tls", "self-signed"], flags: ["--ignore-certificate-errors"] };

/** A certificate for some names and addresses, signed by an authority: the server's further `args`, the browsers' `flags`, and how to `discard` it. */
export async function certify(hosts) {
  const names = hosts.map((host) => `${isIP(host) ? "IP" : "DNS"}:${host}`);
  const folder = await mkdtemp(join(tmpdir(), "parlour-certificates-"));
  const at = (file) => join(folder, file);
  const request = (name, ...words) =>
    execute("openssl", [
      ...["req", "-x509", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", at(`${name}.key`), "-out", at(`${name}.pem`), ...words],
    ]);
  await request("authority", "-subj", "/CN=An authority");
  await request(
    ...["server", "-subj", "/CN=A server", "-CA", at("authority.pem"), "-CAkey", at("authority.key")],
    ...["-addext", `subjectAltName=${names.join(",")}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  );
  const chain = await Promise.all(["server", "authority"].map((name) => readFile(at(`${name}.pem`), "utf8")));
  await writeFile(at("chain.pem"), chain.join(""));
  const key = new X509Certificate(chain[0]).publicKey.export({ type: "spki", format: "der" });
  return {
    args: ["--tls-cert", at("chain.pem"), "--tls-key", at("server.key")],
    flags: [`--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`],
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}
