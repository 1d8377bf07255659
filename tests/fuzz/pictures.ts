/** Pictures of every format that is read, damaged, over HTTP. */
import { ask, type Kind, type Target } from "./target.ts";
import type { Random } from "../support/random.ts";

const FILES = [
  ...["photos/coffee.png", "pictures/photo.avif", "pictures/photo.bmp", "pictures/photo.gif"],
  ...["pictures/photo.webp", "pictures/inks.jpg", "pictures/turned.jpg", "pictures/turned-clear.png"],
];

let read: Promise<readonly Uint8Array<ArrayBuffer>[]> | null = null;

/** The pictures that are damaged, one of each format at least. */
export function readPictures(): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  return read ??= Promise.all(
    FILES.map((file) => Deno.readFile(new URL(`../fixtures/${file}`, import.meta.url))),
  );
}

export const pictures: Kind = { name: "pictures", step };

const PATHS = [
  "/api/picture",
  "/api/picture",
  "/api/explain?method=cam",
  "/api/explain?method=cam&format=lines",
  "/api/inside",
  "/api/network?class=top1&lines=1",
];

async function step(target: Target, random: Random): Promise<void> {
  // Damage at the front meets headers, anywhere else the coded pixels.
  const whole = random.pick(await readPictures());
  const head = random.damageBytes(whole.subarray(0, 512));
  const body = random.chance(0.6)
    ? new Uint8Array([...head, ...whole.subarray(512)])
    : random.damageBytes(whole);
  await ask(target, random.pick(PATHS), { method: "POST", body });
}
