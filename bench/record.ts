/**
 * Memory of the browser while the page records: real server, real Chromium, numbered pictures as its webcam.
 * `--minutes 10` is the default; `--idle` records nothing, to tell what the live page takes by itself. Prints a line a
 * half minute, and the growth from the second minute to the last as means over each.
 */
import type { CDPSession } from "playwright-core";
import { findChromium, startBrowser } from "../tests/support/browser.ts";
import { makeNumberedWebcam } from "../tests/support/numbered.ts";
import { startServer } from "../tests/support/server.ts";

const STEP_MS = 30_000;

/** Samples of a minute that are compared; those before belong to the start, when code is compiled. */
const MINUTE = 2;

/** Memory at one time, in MB. */
interface Sample {
  readonly seconds: number;
  /** The page's objects after a garbage collection. */
  readonly heap: number;
  /** Memory of the page's process, and of all processes of the browser; what it shares with others does not count. */
  readonly page: number;
  readonly browser: number;
  readonly recorded: string;
}

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

async function memoryMb(ids: readonly number[]): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "uss=", "-p", ids.join(",")] }).output();
  const kilobytes = new TextDecoder().decode(stdout).trim().split(/\s+/).map(Number);
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1_024;
}

async function processes(tools: CDPSession): Promise<{ all: number[]; pages: number[] }> {
  const { processInfo } = await tools.send("SystemInfo.getProcessInfo");
  return {
    all: processInfo.map(({ id }) => id),
    pages: processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id),
  };
}

async function measure(minutes: number, idle: boolean): Promise<Sample[]> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the page: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-record-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, await makeNumberedWebcam(folder), folder);
    // The profile's own context: a private one, as tests use, keeps all of its files in memory.
    const [context] = browser.browser.contexts();
    if (context === undefined) throw new Error("Cannot measure the page: the browser has no profile");
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto(server.url);
    await page.getByTestId("start-camera").click();
    await page.getByTestId("top-label").getByText(/\w/).waitFor();
    const tools = await browser.browser.newBrowserCDPSession();
    const own = await page.context().newCDPSession(page);
    await own.send("Performance.enable");
    if (!idle) {
      await page.keyboard.press("r");
      await page.getByTestId("record-hud").waitFor();
    }
    const beganMs = performance.now();
    const samples: Sample[] = [];
    while (performance.now() - beganMs < minutes * 60_000) {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      await own.send("HeapProfiler.collectGarbage");
      const { metrics } = await own.send("Performance.getMetrics");
      const { all, pages } = await processes(tools);
      const sample = {
        seconds: Math.round((performance.now() - beganMs) / 1_000),
        heap: (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? NaN) / 1e6,
        page: await memoryMb(pages),
        browser: await memoryMb(all),
        recorded: idle ? "nothing" : await page.getByTestId("record-size").innerText(),
      };
      samples.push(sample);
      say(
        `${String(sample.seconds).padStart(4)} s  heap ${sample.heap.toFixed(1)}  page ${
          sample.page.toFixed(0)
        }  browser ${sample.browser.toFixed(0)} MB  recorded ${sample.recorded}`,
      );
    }
    if (idle) return samples;
    await page.keyboard.press("r");
    await page.getByTestId("preview").waitFor();
    say(`length in the preview: ${await page.getByTestId("preview-length").innerText()}`);
    return samples;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const asked = Deno.args.indexOf("--minutes");
const samples = await measure(asked < 0 ? 10 : Number(Deno.args[asked + 1]), Deno.args.includes("--idle"));
const mean = (part: readonly Sample[], what: "heap" | "page" | "browser") =>
  part.reduce((sum, sample) => sum + sample[what], 0) / part.length;
for (const what of ["heap", "page", "browser"] as const) {
  const growth = mean(samples.slice(-MINUTE), what) - mean(samples.slice(MINUTE, 2 * MINUTE), what);
  say(`${what}: ${growth.toFixed(1)} MB more in the last minute than in the second`);
}
