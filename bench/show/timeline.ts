/** What the timeline costs the page: its main thread for each explained frame, and its memory. */
import type { CDPSession, Page } from "playwright-core";
import { pause } from "./figures.ts";
import { readLog } from "./page_log.ts";

/** A file that is bundled into the timeline's own script, as maps of sources name it. */
const SOURCE = "features/timeline/model.ts";

/** The bundle. */
const BUNDLE = "dist/client";

const RUN_MS = 15_000;
const SAMPLE_US = 100;

/** What the timeline costs. */
export interface TimelineCost {
  /** Time inside its script for each explained frame, as a strip and opened, in ms. */
  readonly stripMs: number;
  readonly openMs: number;
  /** Processor time of the page's main thread for each explained frame with the strip and without, in ms. */
  readonly threadMs: number;
  readonly threadWithoutMs: number;
  /** What it remembers. */
  readonly moments: number;
  readonly megabytes: number;
  /** One of its pictures, in kB, the mean. */
  readonly pictureKilobytes: number;
  /** The page's objects after a garbage collection with all that and without, in MB. */
  readonly heapMegabytes: number;
  readonly heapWithoutMegabytes: number;
}

/** Measures a timeline that is full; it is closed afterwards. */
export async function measureTimeline(page: Page): Promise<TimelineCost> {
  const tools = await page.context().newCDPSession(page);
  await tools.send("Performance.enable");
  const scripts = await timelineScripts();
  const stripMs = await scriptMs(page, tools, scripts);
  const threadMs = await mainThreadMs(page, tools);
  await page.getByTestId("timeline-toggle").click();
  const openMs = await scriptMs(page, tools, scripts);
  await page.getByTestId("timeline-toggle").click();
  const table = page.getByTestId("timeline-table");
  const read = async (name: string) => Number(await table.getAttribute(`data-${name}`));
  const [moments, megabytes] = [await read("moments"), await read("bytes") / 1e6];
  const heapMegabytes = await heapMb(tools);
  await page.keyboard.press("z");
  await table.waitFor({ state: "detached" });
  const heapWithoutMegabytes = await heapMb(tools);
  const { pictures: { count, bytes } } = await page.evaluate(readLog);
  return {
    ...{ stripMs, openMs, threadMs, threadWithoutMs: await mainThreadMs(page, tools) },
    ...{ moments, megabytes, pictureKilobytes: bytes / count / 1e3, heapMegabytes, heapWithoutMegabytes },
  };
}

/** Names of the scripts that hold the timeline. */
async function timelineScripts(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { name } of Deno.readDir(BUNDLE)) {
    if (!name.endsWith(".js.map") || name === "main.js.map") continue;
    const { sources } = JSON.parse(await Deno.readTextFile(`${BUNDLE}/${name}`));
    if (sources.some((source: string) => source.endsWith(SOURCE))) names.add(name.slice(0, -".map".length));
  }
  if (names.size === 0) throw new Error(`Cannot find the timeline: no script of ${BUNDLE} has ${SOURCE}`);
  return names;
}

/** Time inside scripts and what they call, for each explained frame, in ms. */
async function scriptMs(page: Page, tools: CDPSession, scripts: ReadonlySet<string>): Promise<number> {
  await tools.send("Profiler.enable");
  await tools.send("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  const before = await results(page);
  await tools.send("Profiler.start");
  await pause(RUN_MS);
  const { profile: { nodes, samples = [], timeDeltas = [] } } = await tools.send("Profiler.stop");
  const frames = await results(page) - before;
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const own = new Set(
    nodes.filter(({ callFrame: { url } }) => scripts.has(url.split("/").at(-1) ?? "")).map(({ id }) => id),
  );
  const isInside = (id: number | undefined): boolean =>
    id !== undefined && (own.has(id) || isInside(parents.get(id)));
  const inside = new Map(nodes.map(({ id }) => [id, isInside(id)]));
  const us = samples.reduce((sum, id, place) => inside.get(id) ? sum + (timeDeltas[place] ?? 0) : sum, 0);
  return us / 1_000 / frames;
}

/** Processor time of the page's main thread for each explained frame, in ms. */
async function mainThreadMs(page: Page, tools: CDPSession): Promise<number> {
  const [frames, seconds] = [await results(page), await metric(tools, "ThreadTime")];
  await pause(RUN_MS);
  return 1_000 * (await metric(tools, "ThreadTime") - seconds) / (await results(page) - frames);
}

async function heapMb(tools: CDPSession): Promise<number> {
  await tools.send("HeapProfiler.collectGarbage");
  return await metric(tools, "JSHeapUsedSize") / 1e6;
}

async function metric(tools: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await tools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === wanted)?.value ?? NaN;
}

async function results(page: Page): Promise<number> {
  return (await page.evaluate(readLog)).results;
}
