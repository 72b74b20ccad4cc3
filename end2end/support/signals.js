// What a page tells others by the server, as it leaves the browser.

/** Notes what a person's page says from now on. */
export function signalsOf({ page }) {
  let [bodies, said] = [[], []];
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      const signal = JSON.parse(String(payload)).signal;
      if (!signal) return;
      const { to, signal: { epoch, seq, body } } = signal;
      bodies.push(body);
      said.push({ round: JSON.stringify([to, epoch, seq]), to, body });
    });
  });
  const all = (kind) => bodies.filter((body) => typeof body === "object" && kind in body).map((body) => body[kind]);
  return {
    /** The candidates, a line each. */
    candidates: () => all("candidate").map(({ candidate }) => candidate),
    /** Offers and answers. */
    descriptions: () => [...all("offer"), ...all("answer")],
    /** Everything, as it was sent. */
    texts: () => bodies.map((body) => JSON.stringify(body)),
    /** To whom something was described whose last round is not one of which all candidates are told. */
    unfinished: () => {
      const last = new Map();
      for (const { to, round, body } of said) if (body.offer ?? body.answer) last.set(to, round);
      const ended = new Set(said.filter(({ body }) => body === "end_of_candidates").map(({ round }) => round));
      return [...last.keys()].filter((to) => !ended.has(last.get(to)));
    },
    forget: () => ([bodies, said] = [[], []]),
  };
}
