((js, wasm, later, words) => {
  const main = document.querySelector("main");
  const island = main.querySelector("leptos-island");
  const sayInstead = (id) => island.replaceWith(document.getElementById(id).content);
  if (!isSecureContext) return sayInstead("insecure");
  // A picture that has not come yet would hold the page's load event back, so that goes first: everything is here by then.
  const loaded = new Promise((go) => addEventListener("load", go));
  // A click that comes before the wasm is not lost: it is a wish, and a device that is turned off is never turned on.
  const props = JSON.parse(island.dataset.props);
  main.onsubmit = () => (props.auto_join = true);
  main.onclick = ({ target }) => {
    const toggle = target.closest("[aria-pressed]");
    if (!toggle) return;
    const kind = toggle.dataset.testid === "toggle-mic" ? "microphone" : "camera";
    toggle.setAttribute("aria-pressed", (props.wanted[kind] = !props.wanted[kind]));
  };
  // What was off on this page in another language is off.
  try {
    const off = sessionStorage.getItem("parlour.off");
    sessionStorage.removeItem("parlour.off");
    if (off) for (const toggle of off.split(",")) main.querySelector(`[data-testid=${toggle}]`).click();
  } catch {}
  import(js)
    .then(async (room) => {
      const program = await room.default({ module_or_path: wasm });
      await Promise.race([loaded, new Promise((go) => setTimeout(go, 200))]);
      room.hydrate();
      // The other half of the program, where the build has parted it, and its words. What cannot be had now may be had in a moment.
      let half;
      let tries = 0;
      const load = async () => {
        const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/later.css?${later}` });
        try {
          const [text] = await Promise.all([
            fetch(words).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status))),
            new Promise((go, fail) => Object.assign(style, { onload: go, onerror: fail }, document.head.append(style))),
          ]);
          // Last, so that it begins once. What could not be fetched is not asked for again under the same address.
          if (later) await import(`${later}?${(tries += 1)}`).then((rest) => rest.default(program));
          return text;
        } catch (error) {
          style.remove();
          throw error;
        }
      };
      window.loadLater = () => (half ??= load().catch((error) => ((half = null), Promise.reject(error))));
      main.onsubmit = main.onclick = null;
      island.dataset.props = JSON.stringify(props);
      room[island.dataset.component](island);
    })
    .catch((error) => {
      console.error(error);
      sayInstead("not-loaded");
      main.querySelector(".again").onclick = (event) => {
        event.preventDefault();
        location.reload();
      };
    });
})
