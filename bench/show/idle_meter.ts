/** What the sentence and the small meter cost the age of the map. */
import type { Page } from "playwright-core";
import { median, pause } from "./figures.ts";
import { switchReasons } from "./page_log.ts";

/** Length of a turn in ms: the page's figures speak of the last 300 frames. */
const TURN_MS = 14_000;

/** Age of the map with reasons and without, in ms. */
export interface MeterCost {
  readonly on: Ages;
  readonly off: Ages;
  /** Medians over pairs of turns of what reasons add. */
  readonly moreP50Ms: number;
  readonly moreP95Ms: number;
}

/** Medians over turns, in ms. */
interface Ages {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Measures in turns, their order changing with every pair. */
export async function measureMeter(page: Page, pairs: number): Promise<MeterCost> {
  const turns: Readonly<Record<"on" | "off", Ages[]>> = { on: [], off: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const order = ["off", "on"] as const;
    for (const state of pair % 2 === 0 ? order : order.toReversed()) {
      await page.evaluate(switchReasons, state === "on");
      await pause(TURN_MS);
      turns[state].push(await agesOf(page));
    }
  }
  await page.evaluate(switchReasons, true);
  const more = (what: keyof Ages) =>
    median(turns.on.map((ages, pair) => ages[what] - (turns.off[pair]?.[what] ?? NaN)));
  return {
    on: medians(turns.on),
    off: medians(turns.off),
    moreP50Ms: more("p50Ms"),
    moreP95Ms: more("p95Ms"),
  };
}

/** The ages that the page shows of itself. */
async function agesOf(page: Page): Promise<Ages> {
  const age = page.getByTestId("age");
  const read = async (name: string) => Number(await age.getAttribute(`data-${name}`));
  return { p50Ms: await read("p50"), p95Ms: await read("p95") };
}

function medians(turns: readonly Ages[]): Ages {
  return {
    p50Ms: median(turns.map(({ p50Ms }) => p50Ms)),
    p95Ms: median(turns.map(({ p95Ms }) => p95Ms)),
  };
}
