/**
 * What drawing costs on the page's main thread for each explained frame, with one pane and with six: samples of the
 * processor profile inside the code that draws, and the browser's own steps (style, layout, paint, commit) of a
 * performance trace. Wants a bundle with names: `deno task bench-draw` makes one.
 */
import type { CDPSession, Page } from "playwright-core";
import { findChromium, makeWebcam, startBrowser } from "../tests/support/browser.ts";
import { startServer } from "../tests/support/server.ts";

const PHOTO = "client/public/samples/coffee.jpg";

const RUN_MS = 15_000;
const SETTLE_MS = 5_000;
const SAMPLE_US = 100;

/** Panes of the second case, the main one included. */
const PANES = 6;

/** Functions that draw: the heatmap's step, and the panes' copies of the picture. */
const DRAWING = new Set(["#step", "drawPictures"]);

/** The browser's own steps to a picture on the main thread. */
const RENDERING = new Set([
  "UpdateLayoutTree",
  "Layout",
  "PrePaint",
  "Paint",
  "Layerize",
  "Commit",
  "UpdateLayer",
  "CompositeLayers",
]);

/** What one case costs, in ms a frame. */
interface Cost {
  readonly name: string;
  readonly frames: number;
  readonly script: number;
  readonly rendering: number;
}

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

/** Time inside the functions that draw, in ms. */
async function scriptMs(own: CDPSession, wait: () => Promise<void>): Promise<number> {
  await own.send("Profiler.enable");
  await own.send("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await own.send("Profiler.start");
  await wait();
  const { profile: { nodes, samples = [], timeDeltas = [] } } = await own.send("Profiler.stop");
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  const drawing = new Map<number, boolean>();
  const isDrawing = (id: number | undefined): boolean => {
    if (id === undefined) return false;
    const known = drawing.get(id);
    if (known !== undefined) return known;
    const is = DRAWING.has(names.get(id) ?? "") || isDrawing(parents.get(id));
    drawing.set(id, is);
    return is;
  };
  return samples.reduce((sum, id, place) => sum + (isDrawing(id) ? timeDeltas[place] ?? 0 : 0), 0) / 1_000;
}

/** An event of a trace. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Time of the browser's own steps, in ms, on the main threads of pages. */
async function renderingMs(tools: CDPSession, wait: () => Promise<void>): Promise<number> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => events.push(...value as TraceEvent[]);
  tools.on("Tracing.dataCollected", collect);
  const ended = new Promise<void>((resolve) => tools.once("Tracing.tracingComplete", () => resolve()));
  await tools.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["devtools.timeline"] },
  });
  await wait();
  await tools.send("Tracing.end");
  await ended;
  tools.off("Tracing.dataCollected", collect);
  const mains = new Set(
    events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  return events.filter(({ name, ph, pid, tid }) =>
    ph === "X" && RENDERING.has(name) && mains.has(`${pid}:${tid}`)
  ).reduce((sum, { dur = 0 }) => sum + dur, 0) / 1_000;
}

async function cost(page: Page, tools: CDPSession, name: string, frames: () => number): Promise<Cost> {
  const own = await page.context().newCDPSession(page);
  const wait = () => new Promise<void>((resolve) => setTimeout(resolve, RUN_MS));
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  let before = frames();
  const script = await scriptMs(own, wait) / (frames() - before);
  before = frames();
  const rendering = await renderingMs(tools, wait) / (frames() - before);
  return { name, frames: frames() - before, script, rendering };
}

async function measure(): Promise<Cost[]> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the page: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-draw-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, await makeWebcam(PHOTO, folder), folder);
    const { page, context } = await browser.open(server.url, { viewport: { width: 1280, height: 720 } });
    let results = 0;
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload === "string" && payload.startsWith('{"type":"result"')) results++;
      }));
    await page.reload();
    const tools = await browser.browser.newBrowserCDPSession();
    await page.getByTestId("start-camera").click();
    await page.getByTestId("top-label").getByText(/\w/).waitFor();
    const costs = [await cost(page, tools, "one pane", () => results)];
    await page.keyboard.press("g");
    while (await page.locator("article.pane").count() < PANES) {
      await page.getByTestId("add-pane").selectOption("class");
    }
    costs.push(await cost(page, tools, "six panes", () => results));
    await context.close();
    return costs;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

say("             frames  script  rendering  together, ms a frame");
for (const { name, frames, script, rendering } of await measure()) {
  const figures = [script, rendering, script + rendering].map((each) => each.toFixed(2).padStart(10));
  say(`${name.padEnd(12)}${String(frames).padStart(7)}${figures.join("")}`);
}
