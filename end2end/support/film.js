// A film for fake cameras: a lively room, of which a picture takes as many bytes as a real camera's. The browser's own fake picture
// takes so few that no uplink is too thin for it. Few pictures a second let many people live on few cores.

import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [WIDTH, HEIGHT] = [640, 360];
const SECONDS = 2;
/** How far a picture's noise takes each of its points up or down: what a camera in a dim room does. */
const NOISE = 4;

/** Noise that is the same in every run, for more than a picture: each begins somewhere else in it. */
function noise() {
  let state = 1;
  return Int8Array.from({ length: WIDTH * HEIGHT * 2 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round(((state >>> 8) / 2 ** 24 - 0.5) * 2 * NOISE);
  });
}

/** The light of one picture: waves that run across it, and noise. */
function picture(grain, turn, number) {
  const light = Buffer.alloc(WIDTH * HEIGHT * 1.5, 128); // no colours
  const from = (number * 7_919) % (WIDTH * HEIGHT);
  const across = Array.from({ length: WIDTH }, (_, x) => 50 * Math.sin(x / 40 + turn));
  for (let y = 0; y < HEIGHT; y += 1) {
    const down = 50 * Math.cos(y / 30 - turn);
    for (let x = 0; x < WIDTH; x += 1) {
      const place = y * WIDTH + x;
      light[place] = 125 + across[x] + down + grain[from + place];
    }
  }
  return light;
}

/** Makes the film: the browser's `flag` for it, and how to `discard` it. */
export async function shoot(rate) {
  const folder = await mkdtemp(join(tmpdir(), "parlour-film-"));
  const path = join(folder, "room.y4m");
  const file = await open(path, "w");
  await file.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${rate}:1 Ip A1:1 C420jpeg\n`);
  const grain = noise();
  for (let number = 0; number < rate * SECONDS; number += 1) {
    await file.write("FRAME\n");
    await file.write(picture(grain, (number / rate / SECONDS) * 2 * Math.PI, number));
  }
  await file.close();
  return { flag: `--use-file-for-fake-video-capture=${path}`, discard: () => rm(folder, { recursive: true, force: true }) };
}
