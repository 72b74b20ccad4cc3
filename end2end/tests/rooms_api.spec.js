import { expect, test } from "../support/fixtures.js";

const ASK = { method: "POST", redirect: "manual" };

test("a program gets a room's id and path as JSON", async ({ server }) => {
  const response = await fetch(`${server.origin}/api/rooms`, { ...ASK, headers: { accept: "application/json" } });
  expect(response.ok).toBe(true);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  const { room, path } = await response.json();
  expect(path).toBe(`/r/${room}`);
  expect((await fetch(server.origin + path)).status).toBe(200);
});

test("a form is sent on to the new room's link", async ({ server }) => {
  const response = await fetch(`${server.origin}/api/rooms`, {
    ...ASK,
    headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
  });
  expect([302, 303]).toContain(response.status);
  expect(response.headers.get("location")).toMatch(/^\/r\/[\w-]{20,}#new$/);
});

test("a room's rule is said as a form's field or as JSON, and a misspelt one makes no room", async ({ server }) => {
  const create = (type, body) =>
    fetch(`${server.origin}/api/rooms`, { ...ASK, headers: { accept: "application/json", "content-type": type }, body });
  for (const [type, body, hides] of [
    ["application/json", '{"relay_only":true}', true],
    ["application/x-www-form-urlencoded", "relay_only=true", true],
    ["application/json", '{"relay_only":false}', false],
    ["application/json", "{}", false],
  ]) {
    const { path } = await (await create(type, body)).json();
    const page = await (await fetch(server.origin + path)).text();
    expect(/<input[^>]*id="hide"[^>]*disabled/.test(page), body).toBe(hides);
  }
  for (const body of ['{"relay_only":"perhaps"}', '{"relays":true}', "{"]) {
    expect((await create("application/json", body)).status, body).toBe(400);
  }
});

test("no two rooms have the same id", async ({ server }) => {
  const rooms = await Promise.all(Array.from({ length: 20 }, () => server.newRoom()));
  expect(new Set(rooms.map(({ room }) => room)).size).toBe(20);
});

test("another site's page may not make rooms", async ({ server }) => {
  for (const headers of [
    { origin: "https://elsewhere.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
  ]) {
    const response = await fetch(`${server.origin}/api/rooms`, { ...ASK, headers });
    expect(response.status, JSON.stringify(headers)).toBe(403);
  }
});
