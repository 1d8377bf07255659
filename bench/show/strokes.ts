/** From a brush on the picture to the changed prediction on the page. */
import type { Page } from "playwright-core";
import { median, pause, quantile } from "./figures.ts";
import { emptyLog, type PageLog, readLog } from "./page_log.ts";

/** Places of one stroke, and the time between two of them, in ms: as often as a mouse reports on most screens. */
const PLACES = 16;
const STEP_MS = 16;

/** How long after a stroke its last answer may come, in ms. */
const SETTLE_MS = 450;

/** Heights at which strokes run, as shares of the picture's: each crosses the cup of the photo. */
const HEIGHTS = [0.35, 0.5, 0.65];

/** From a pointer's event to the drawn prediction that knows of it, in ms. */
export interface StrokeTimes {
  readonly name: string;
  readonly strokes: number;
  /** Every place that was painted. */
  readonly places: Spread;
  /** The first place of each stroke, and the last one: what people wait for. */
  readonly first: Spread;
  readonly last: Spread;
  /** Places whose outcome changed no number on the page. */
  readonly unchanged: number;
}

/** A middle and a near-worst value, in ms. */
export interface Spread {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/**
 * Paints strokes, in turns with a brush that covers and one that makes visible again.
 *
 * The panel of the cover test has to be open.
 */
export async function measureStrokes(page: Page, name: string, strokes: number): Promise<StrokeTimes> {
  const all: (readonly number[])[] = [];
  let unchanged = 0;
  for (let stroke = 0; stroke < strokes; stroke++) {
    await page.evaluate(emptyLog);
    const height = HEIGHTS[Math.floor(stroke / 2) % HEIGHTS.length] ?? 0.5;
    await paint(page, height, stroke % 2 === 0 ? "left" : "right");
    await pause(SETTLE_MS);
    const times = timesOf(await page.evaluate(readLog));
    const seen = times.filter((time) => time !== null);
    unchanged += times.length - seen.length;
    if (seen.length > 0) all.push(seen);
  }
  return {
    name,
    strokes: all.length,
    places: spread(all.flat()),
    first: spread(all.flatMap((times) => times.slice(0, 1))),
    last: spread(all.flatMap((times) => times.slice(-1))),
    unchanged,
  };
}

/** For each place that was painted: how long until the page showed a prediction that knows of it; null: none changed. */
function timesOf({ pointers, sent, answered, changed }: PageLog): readonly (number | null)[] {
  return pointers.map((atMs) => {
    const view = sent.find((one) => one.atMs >= atMs);
    const answer = view && answered.find(({ revision }) => revision >= view.revision);
    const shown = answer && changed.find((one) => one.atMs >= answer.atMs);
    return shown === undefined || Number.isNaN(shown.drawnMs) ? null : shown.drawnMs - atMs;
  });
}

async function paint(page: Page, height: number, button: "left" | "right"): Promise<void> {
  const box = await page.getByTestId("cover-paint").boundingBox();
  if (box === null) throw new Error("Cannot paint: the panel of the cover test is closed");
  const place = (share: number) =>
    [box.x + (0.15 + 0.7 * share) * box.width, box.y + height * box.height] as const;
  await page.mouse.move(...place(0));
  await page.mouse.down({ button });
  for (let step = 1; step < PLACES; step++) {
    await pause(STEP_MS);
    await page.mouse.move(...place(step / (PLACES - 1)));
  }
  await page.mouse.up({ button });
}

function spread(times: readonly number[]): Spread {
  return { p50Ms: median(times), p95Ms: quantile(times, 0.95) };
}
