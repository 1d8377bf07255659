/** Every frame of a video on the page, in real Chromium. */
import type { CDPSession, Page } from "playwright-core";
import { findChromium, startBrowser } from "../../tests/support/browser.ts";
import { startServer } from "../../tests/support/server.ts";
import { countInOrder } from "./clip.ts";
import type { Export } from "./main.ts";

/** How long a film may take, in ms. */
const PATIENCE_MS = 300_000;

/** Hundredths of a second: what Linux counts the time of processes in. */
const TICK_MS = 10;

/** Explains a video on the page, as people do, from the choice of the file to the finished film. */
export async function onPage(clip: string, folder: string): Promise<Export> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the page: this machine has no Chromium");
  await using server = await startServer(0, ["--threads", "2"]);
  await using browser = await startBrowser(chromium, { cameras: 1 }, folder);
  const { page, context } = await browser.open(server.url, { viewport: { width: 1280, height: 720 } });
  await page.getByTestId("top-label").getByText(/\w/).waitFor();
  await page.keyboard.press(".");
  const field = page.getByTestId("every-frame-file");
  await field.waitFor({ state: "attached" });
  const tools = await browser.browser.newBrowserCDPSession();
  const took = async () => ({ ...await browserMs(tools), server: await serverMs(await pids(server)) });
  const before: Record<string, number> = await took();
  const begunMs = performance.now();
  await field.setInputFiles(clip);
  await finished(page);
  const wallS = (performance.now() - begunMs) / 1e3;
  const after = await took();
  const path = `${folder}/page.mp4`;
  const saved = page.waitForEvent("download");
  await page.getByTestId("every-frame-save").click();
  await (await saved).saveAs(path);
  const frames = await countInOrder(path);
  await context.close();
  const cpuMs = Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / frames.all]);
  return { way: "page", wallS, ...frames, cpuMs: Object.fromEntries(cpuMs) };
}

async function finished(page: Page): Promise<void> {
  const ended = ["done", "failed", "paused"].map((phase) => `[data-phase="${phase}"]`).join(",");
  const entry = page.locator(ended);
  await entry.waitFor({ timeout: PATIENCE_MS });
  if (await entry.getAttribute("data-phase") === "done") return;
  throw new Error(`Cannot measure the page: ${await page.getByTestId("every-frame-words").innerText()}`);
}

/** Time of the browser's processes so far, in ms, by what they are. */
async function browserMs(tools: CDPSession): Promise<Record<string, number>> {
  const { processInfo } = await tools.send("SystemInfo.getProcessInfo");
  const sums: Record<string, number> = {};
  for (const { type, cpuTime } of processInfo) sums[type] = (sums[type] ?? 0) + cpuTime * 1e3;
  return sums;
}

async function pids({ processes }: Awaited<ReturnType<typeof startServer>>): Promise<number[]> {
  return (await processes()).map(({ pid }) => pid);
}

/** Time of processes so far, in ms. */
async function serverMs(ids: readonly number[]): Promise<number> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", 'for id do cat "/proc/$id/stat"; done', "sh", ...ids.map(String)],
  }).output();
  // Behind the name, which may hold anything: user and system time are the 12th and 13th.
  const stats = new TextDecoder().decode(stdout).trim().split("\n");
  const ticks = stats.flatMap((stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13));
  return TICK_MS * ticks.map(Number).reduce((sum, each) => sum + each, 0);
}
