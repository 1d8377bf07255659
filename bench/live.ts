/**
 * The age of the map on the page, from capture to drawing: real server, real Chromium, a photo as its webcam, all on
 * this machine. Prints a table, or one JSON document with `--json`. `--taught`: the shipped model and one with a linear head that
 * was taught, in turns, and how much older the taught one's map is.
 */
import * as v from "valibot";
import { NewClassSchema, TaughtIdSchema, TaughtStateSchema } from "../shared/teach_wire.ts";
import { findChromium, makeWebcam, startBrowser } from "../tests/support/browser.ts";
import { startServer } from "../tests/support/server.ts";

const PHOTO = "client/public/samples/coffee.jpg";

/** How long each case runs, in ms: the page's figures speak of the last 300 frames, so the first ones do not count. */
const RUN_MS = 25_000;

/** Sizes of the window, in pixels. */
const SIZES = [{ width: 1280, height: 720 }, { width: 360, height: 740 }] as const;

const METHODS = ["grad-cam", "occlusion"] as const;

/** Photos that are taught, each as a class, and how often each is sent: learning needs five of each. */
const TAUGHT_PHOTOS = [PHOTO, "client/public/samples/chelsea.jpg"];
const TAUGHT_TIMES = 6;

/** How often the two models are measured in turns, and how long each time, in ms. */
const TURNS = 3;
const TURN_MS = 8_000;

/** What was measured of one method in one size. */
interface Age {
  readonly size: string;
  readonly model: string;
  readonly method: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly framesPerSecond: number;
}

/** One page to be measured. */
interface Case {
  readonly size: typeof SIZES[number];
  readonly method: typeof METHODS[number];
  /** Id of the model, and what it is called in the table. */
  readonly model: { readonly id: string; readonly name: string } | null;
  readonly runMs: number;
}

/** Every size with every method; or one of each with the shipped and the taught model, in turns. */
async function casesOf(url: string): Promise<Case[]> {
  if (!Deno.args.includes("--taught")) {
    return SIZES.flatMap((size) => METHODS.map((method) => ({ size, method, model: null, runMs: RUN_MS })));
  }
  const taught = await teach(url);
  const models = [null, { id: taught, name: "taught" }];
  return Array.from({ length: TURNS }).flatMap(() =>
    models.map((model) => ({ size: SIZES[0], method: METHODS[0], model, runMs: TURN_MS }))
  );
}

/** Teaches the photos to the server's first model, a linear head; returns the id of what was taught. */
async function teach(url: string): Promise<string> {
  const ask = async <Schema extends v.GenericSchema>(schema: Schema, path: string, init?: RequestInit) =>
    v.parse(schema, await (await fetch(`${url}/api/taught${path}`, init)).json());
  const post = (body: object) => ({
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const { id } = await ask(TaughtIdSchema, "", post({ name: "photos" }));
  for (const photo of TAUGHT_PHOTOS) {
    const { key } = await ask(NewClassSchema, `/${id}/classes`, post({ name: photo }));
    for (let time = 0; time < TAUGHT_TIMES; time++) {
      await ask(v.unknown(), `/${id}/classes/${key}/pictures`, {
        method: "POST",
        body: await Deno.readFile(photo),
        headers: { "content-type": "image/jpeg" },
      });
    }
  }
  while ((await ask(TaughtStateSchema, `/${id}`)).learning.state !== "learned") {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return id;
}

async function measure(): Promise<Age[]> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the page: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-live-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, await makeWebcam(PHOTO, folder), folder);
    const ages: Age[] = [];
    for (const { size, method, model, runMs } of await casesOf(server.url)) {
      const search = new URLSearchParams({ method, ...(model !== null && { model: model.id }) });
      const { page, context } = await browser.open(`${server.url}/?${search}`, { viewport: size });
      await page.getByTestId("start-camera").click();
      await page.getByTestId("connection").getByText("live").waitFor();
      const age = page.getByTestId("age");
      const read = async (name: string) => Number(await age.getAttribute(`data-${name}`));
      await new Promise((resolve) => setTimeout(resolve, runMs));
      ages.push({
        size: `${size.width}×${size.height}`,
        model: model?.name ?? "shipped",
        method,
        p50Ms: await read("p50"),
        p95Ms: await read("p95"),
        framesPerSecond: Number.parseFloat(await page.getByTestId("rate").textContent() ?? ""),
      });
      await context.close();
    }
    return ages;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Median age with the taught model over that with the shipped one; null where none was taught. */
function taughtOver(ages: readonly Age[]): number | null {
  const medianOf = (name: string) => {
    const sorted = ages.filter(({ model }) => model === name).map(({ p50Ms }) => p50Ms).toSorted((a, b) =>
      a - b
    );
    return sorted[Math.floor(sorted.length / 2)];
  };
  const [shipped, taught] = [medianOf("shipped"), medianOf("taught")];
  return shipped === undefined || taught === undefined ? null : taught / shipped;
}

const ages = await measure();
const ratio = taughtOver(ages);
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
if (Deno.args.includes("--json")) {
  say(JSON.stringify({ ages, ...(ratio !== null && { taughtOverShipped: ratio }) }));
} else {
  say("size      model   method     p50 ms  p95 ms  frames/s");
  for (const { size, model, method, p50Ms, p95Ms, framesPerSecond } of ages) {
    say(
      [
        size.padEnd(9),
        model.padEnd(7),
        method.padEnd(10),
        p50Ms.toFixed(1).padStart(6),
        p95Ms.toFixed(1).padStart(7),
        framesPerSecond.toFixed(1).padStart(9),
      ].join(" "),
    );
  }
  if (ratio !== null) {
    say(`Age with the taught head over that of the shipped model, medians: ${ratio.toFixed(2)}`);
  }
}
