/**
 * What showing the why costs on the page: real server, real Chromium with a photo as its webcam, all on this machine. From a
 * brush to the changed prediction, on the moving picture and on a still one; what the sentence and the small meter add to the
 * map's age, in turns; what the timeline takes once it is full; the script of a first visit. Prints text, or one JSON document
 * with `--json`. `--only strokes`, `meter` or `timeline` measures that alone; `--quick` a little of everything, to see that it
 * runs.
 */
import type { Page } from "playwright-core";
import { findChromium, makeWebcam, startBrowser } from "../../tests/support/browser.ts";
import { startServer } from "../../tests/support/server.ts";
import { pause } from "./figures.ts";
import { measureMeter, type MeterCost } from "./idle_meter.ts";
import { prepareLog } from "./page_log.ts";
import { measureStrokes, type StrokeTimes } from "./strokes.ts";
import { measureTimeline, type TimelineCost } from "./timeline.ts";

const PHOTO = "client/public/samples/coffee.jpg";

const PARTS = ["strokes", "meter", "timeline"] as const;
type Part = typeof PARTS[number];

const IS_QUICK = Deno.args.includes("--quick");

/** Strokes on each picture, and pairs of turns with the small meter and without. */
const STROKES = IS_QUICK ? 6 : 60;
const PAIRS = IS_QUICK ? 1 : 4;

/** How far the timeline reaches back, in ms. */
const FULL_MS = IS_QUICK ? 15_000 : 122_000;

/** Everything that was measured; null: it was not asked for. */
interface Figures {
  readonly strokes: readonly StrokeTimes[];
  readonly meter: MeterCost | null;
  readonly timeline: TimelineCost | null;
  /** Script of a first visit, compressed as servers do, in kB. */
  readonly scriptKilobytes: number;
}

async function measure(parts: ReadonlySet<Part>): Promise<Figures> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the page: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-show-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, await makeWebcam(PHOTO, folder), folder);
    const { page, context } = await browser.open(
      server.url,
      { viewport: { width: 1280, height: 720 } },
      (context) => context.addInitScript(prepareLog),
    );
    await page.getByTestId("start-camera").click();
    await page.locator("video.media:not([hidden])").waitFor();
    await page.getByTestId("top-label").getByText("espresso").waitFor();
    const scriptKilobytes = await firstScript(page) / 1e3;
    const begunMs = performance.now();
    const strokes = parts.has("strokes") ? await strokesOn(page) : [];
    const meter = parts.has("meter") ? await measureMeter(page, PAIRS) : null;
    if (parts.has("timeline")) await pause(Math.max(0, FULL_MS - (performance.now() - begunMs)));
    const timeline = parts.has("timeline") ? await measureTimeline(page) : null;
    await context.close();
    return { strokes, meter, timeline, scriptKilobytes };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Paints on the moving picture and on a held one, and leaves the page as it was. */
async function strokesOn(page: Page): Promise<readonly StrokeTimes[]> {
  await page.keyboard.press("-");
  await page.getByTestId("cover-paint").waitFor();
  const moving = await measureStrokes(page, "moving picture", STROKES);
  await page.getByTestId("freeze").click();
  const still = await measureStrokes(page, "still picture", STROKES);
  await page.getByTestId("freeze").click();
  await page.keyboard.press("-");
  return [moving, still];
}

/** What was asked for by `--only`; everything without it. */
function wantedParts(args: readonly string[]): ReadonlySet<Part> {
  const at = args.indexOf("--only");
  const wanted = PARTS.filter((part) => at < 0 || args[at + 1] === part);
  if (wanted.length > 0) return new Set(wanted);
  throw new Error(`Cannot measure: --only takes ${PARTS.join(", ")}, got ${args[at + 1] ?? "nothing"}`);
}

/** Compressed size of the scripts that a page has loaded, in bytes. */
async function firstScript(page: Page): Promise<number> {
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js"))
  );
  const sizes = await Promise.all(scripts.map(async (script) => {
    const { body } = await fetch(script);
    if (body === null) throw new Error(`Cannot read ${script}: it is empty`);
    return (await new Response(body.pipeThrough(new CompressionStream("gzip"))).arrayBuffer()).byteLength;
  }));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function writeStrokes(strokes: readonly StrokeTimes[]): void {
  if (strokes.length === 0) return;
  say(
    "brush to changed prediction, ms       every place: p50    p95   first: p50    p95    last: p50    p95",
  );
  for (const { name, strokes: count, places, first, last, unchanged } of strokes) {
    const figures = [places, first, last].map(({ p50Ms, p95Ms }) =>
      `${p50Ms.toFixed(1).padStart(11)}${p95Ms.toFixed(1).padStart(7)}`
    );
    say(`${name}, ${count} strokes`.padEnd(39) + figures.join("") + `   (${unchanged} changed nothing)`);
  }
}

function writeMeter({ on, off, moreP50Ms, moreP95Ms }: MeterCost): void {
  say(`age of the map with the small meter: ${ms(on.p50Ms)}, 95 % ${ms(on.p95Ms)}`);
  say(`                         without it: ${ms(off.p50Ms)}, 95 % ${ms(off.p95Ms)}`);
  say(`                       more, paired: ${ms(moreP50Ms)}, 95 % ${ms(moreP95Ms)}`);
}

function writeTimeline(cost: TimelineCost): void {
  const { stripMs, openMs, threadMs, threadWithoutMs, moments, megabytes, pictureKilobytes } = cost;
  say(`timeline, script for each frame: ${ms(stripMs, 2)} as a strip, ${ms(openMs, 2)} opened`);
  say(`main thread for each frame: ${ms(threadMs, 2)} with the strip, ${ms(threadWithoutMs, 2)} without`);
  const objects = [cost.heapMegabytes, cost.heapWithoutMegabytes].map((each) => each.toFixed(1));
  say(
    `timeline: ${moments} moments in ${megabytes.toFixed(1)} MB, a picture ${
      pictureKilobytes.toFixed(1)
    } kB; ` +
      `objects ${objects.join(" MB, without ")} MB`,
  );
}

function ms(value: number, digits = 1): string {
  return `${value.toFixed(digits)} ms`;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const figures = await measure(wantedParts(Deno.args));
if (Deno.args.includes("--json")) say(JSON.stringify(figures));
else {
  writeStrokes(figures.strokes);
  if (figures.meter !== null) writeMeter(figures.meter);
  if (figures.timeline !== null) writeTimeline(figures.timeline);
  say(`script of a first visit: ${figures.scriptKilobytes.toFixed(1)} kB compressed`);
}
