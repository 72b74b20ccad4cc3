import { expect, test } from "../support/fixtures.js";

const PAGES = { home: () => "/", room: ({ path }) => path, "not found": () => "/no/such/page" };

for (const [what, path] of Object.entries(PAGES)) {
  test(`the ${what} page is sent with the headers that guard it`, async ({ server, room }) => {
    const { headers } = await fetch(server.origin + path(room));
    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(/script-src [^;]*'nonce-[\w+/=-]{16,}'/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).toMatch(/base-uri '(none|self)'/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toMatch(/camera=\(self\)/);
    expect(headers.get("permissions-policy")).toMatch(/microphone=\(self\)/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
}

test("a nonce is used once", async ({ server }) => {
  const nonce = async () => /'nonce-([^']+)'/.exec((await fetch(server.origin)).headers.get("content-security-policy"))[1];
  expect(await nonce()).not.toBe(await nonce());
});

test("files have hashed names, are kept for good, and are sent compressed as they lie", async ({ server, room }) => {
  const html = await (await fetch(server.origin + room.path)).text();
  const files = [...new Set(html.match(/\/pkg\/[\w.~-]+\.(?:css|js|wasm)\b/g))];
  for (const extension of [".css", ".js", ".wasm"]) expect(files.some((file) => file.endsWith(extension))).toBe(true);
  for (const file of files) {
    expect(file).toMatch(/\.[\w-]{16,}\.(later\.)?\w+$/);
    for (const encoding of ["br", "gzip"]) {
      const response = await fetch(server.origin + file, { headers: { "accept-encoding": encoding } });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-encoding"), `${file} as ${encoding}`).toBe(encoding);
      expect(response.headers.get("cache-control")).toMatch(/immutable/);
      expect(response.headers.get("vary") ?? "").toMatch(/accept-encoding/i);
      await response.arrayBuffer();
    }
  }
});
