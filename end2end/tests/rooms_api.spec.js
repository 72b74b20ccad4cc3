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
  expect(response.headers.get("location")).toMatch(/^\/r\/[\w-]{20,}(#new)?$/);
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
