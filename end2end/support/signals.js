// What a page tells others by the server, as it leaves the browser.

/** Notes what a person's page says from now on. */
export function signalsOf({ page }) {
  let bodies = [];
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      const body = JSON.parse(String(payload)).signal?.signal.body;
      if (body) bodies.push(body);
    });
  });
  const all = (kind) => bodies.filter((body) => typeof body === "object" && kind in body).map((body) => body[kind]);
  return {
    /** The candidates, a line each. */
    candidates: () => all("candidate").map(({ candidate }) => candidate),
    /** Offers and answers. */
    descriptions: () => [...all("offer"), ...all("answer")],
    /** How often it said that there are no more candidates. */
    ends: () => bodies.filter((body) => body === "end_of_candidates").length,
    forget: () => (bodies = []),
  };
}
