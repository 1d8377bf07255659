/** The shelf in a browser: its contract, and clips filmed for tests; an entry that the end-to-end tests bundle. */
import { openBrowserShelf } from "../shelf/browser_shelf.ts";
import { SHELF_CASES } from "./shelf_contract.ts";

/** Runs the contract on both places for files; returns what failed. */
export async function checkBrowserShelves(): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const privateFiles of [true, false]) {
    for (const { name, run } of SHELF_CASES) {
      const place = crypto.randomUUID();
      try {
        await run({ open: (now) => openBrowserShelf({ name: place, privateFiles, now }) });
      } catch (error) {
        faults.push(`${privateFiles ? "private files" : "database"}, ${name}: ${error}`);
      }
    }
  }
  return faults;
}

/** How many files lie in the private file system, over all folders. */
export async function countPrivateFiles(): Promise<number> {
  let count = 0;
  for await (const folder of (await navigator.storage.getDirectory()).values()) {
    if (!(folder instanceof FileSystemDirectoryHandle)) continue;
    for await (const _ of folder.values()) count++;
  }
  return count;
}

/** Puts a file onto the shelf that begins as an MP4 and is none. */
export async function addBrokenClip(name: string): Promise<void> {
  const shelf = await openBrowserShelf();
  const head = Uint8Array.of(0, 0, 0, 16, ...new TextEncoder().encode("ftypisom"), 0, 0, 2, 0);
  await shelf.add({
    name,
    media: new Blob([head, new Uint8Array(5_000)], { type: "video/mp4" }),
    sidecar: new Blob(['{"gradcast": 1}']),
    thumbnail: new Blob([], { type: "image/jpeg" }),
    durationMs: 1_000,
    width: 160,
    height: 120,
    createdMs: 0,
  });
}

/** How long a picture of a filmed clip lasts, in ms. */
const PICTURE_MS = 33;

/** Films a moving square for half a second and puts it onto the page's shelf, with a sidecar. */
export async function addFilmedClip(name: string, sidecar: string, createdMs: number): Promise<void> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 120];
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no 2D canvas");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => recorder.onstop = resolve);
  recorder.start();
  for (let frame = 0; frame < 15; frame++) {
    context.fillStyle = "#254";
    context.fillRect(0, 0, 160, 120);
    context.fillStyle = "#fb4";
    context.fillRect(frame * 8, 40, 40, 40);
    await new Promise((resolve) => setTimeout(resolve, PICTURE_MS));
  }
  recorder.stop();
  await stopped;
  const thumbnail = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg"));
  if (thumbnail === null) throw new Error("no JPEG");
  const shelf = await openBrowserShelf();
  await shelf.add({
    name,
    media: new Blob(parts, { type: "video/webm" }),
    sidecar: new Blob([sidecar]),
    thumbnail,
    durationMs: 500,
    width: 160,
    height: 120,
    createdMs,
  });
}
