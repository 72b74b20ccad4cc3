import { expect, test } from "../support/fixtures.js";

const HEADLESS = ["in-incognito"]; // a fresh profile of a test counts as one

/** What a PNG says of itself (PNG §11.2.1): its width and height. */
function sizeOf(png) {
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

const fetched = async (url) => {
  const response = await fetch(url);
  expect(response.status, String(url)).toBe(200);
  return { kind: response.headers.get("content-type"), bytes: Buffer.from(await response.arrayBuffer()) };
};

test("the manifest is served as one, and its icons are what it says", async ({ server }) => {
  const { kind, bytes } = await fetched(`${server.origin}/manifest.webmanifest`);
  expect(kind).toMatch(/^application\/manifest\+json/);
  const { name, short_name, start_url, scope, display, icons } = JSON.parse(bytes);
  expect({ name, short_name, start_url, scope, display }).toEqual({
    name: "Parlour",
    short_name: "Parlour",
    start_url: "/",
    scope: "/",
    display: "standalone",
  });
  const drawn = icons.filter(({ type }) => type === "image/png");
  expect(drawn.map(({ sizes }) => sizes)).toEqual(["192x192", "512x512", "512x512"]);
  expect(drawn.map(({ purpose }) => purpose)).toContain("maskable");
  for (const { src, sizes, type } of icons) {
    const icon = await fetched(new URL(src, server.origin));
    expect(icon.kind).toBe(type);
    if (sizes !== "any") expect(sizeOf(icon.bytes), src).toBe(sizes);
  }
});

test("a phone that knows no manifest finds an icon, too", async ({ server, arrive }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(server.origin);
  const href = await ana.page.locator("link[rel=apple-touch-icon]").getAttribute("href");
  expect(sizeOf((await fetched(new URL(href, server.origin))).bytes)).toBe("180x180");
});

test("every page can be installed", async ({ server, room, arrive }) => {
  const ana = await arrive("Ana");
  for (const path of ["/", room.path]) {
    await ana.page.goto(server.origin + path);
    const devtools = await ana.context.newCDPSession(ana.page);
    const { url, errors, manifest } = await devtools.send("Page.getAppManifest");
    expect(url).toBe(`${server.origin}/manifest.webmanifest`);
    expect(errors).toEqual([]);
    expect(manifest?.startUrl ?? `${server.origin}/`).toBe(`${server.origin}/`);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    const ids = installabilityErrors.map(({ errorId }) => errorId);
    expect(ids.filter((id) => !HEADLESS.includes(id))).toEqual([]);
    await devtools.detach();
  }
});
