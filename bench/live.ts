/**
 * The age of the map on the page, from capture to drawing: real server, real Chromium, a photo as its webcam, all on
 * this machine. Prints a table, or one JSON document with `--json`.
 */
import { findChromium, makeWebcam, startBrowser } from "../tests/support/browser.ts";
import { startServer } from "../tests/support/server.ts";

const PHOTO = "client/public/samples/coffee.jpg";

/** How long each case runs, in ms: the page's figures speak of the last 300 frames, so the first ones do not count. */
const RUN_MS = 25_000;

/** Sizes of the window, in pixels. */
const SIZES = [{ width: 1280, height: 720 }, { width: 360, height: 740 }] as const;

const METHODS = ["grad-cam", "occlusion"] as const;

/** What was measured of one method in one size. */
interface Age {
  readonly size: string;
  readonly method: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly framesPerSecond: number;
}

async function measure(): Promise<Age[]> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the page: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-live-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, await makeWebcam(PHOTO, folder), folder);
    const ages: Age[] = [];
    for (const size of SIZES) {
      for (const method of METHODS) {
        const { page, context } = await browser.open(`${server.url}/?method=${method}`, { viewport: size });
        await page.getByTestId("start-camera").click();
        await page.getByTestId("connection").getByText("live").waitFor();
        const age = page.getByTestId("age");
        const read = async (name: string) => Number(await age.getAttribute(`data-${name}`));
        await new Promise((resolve) => setTimeout(resolve, RUN_MS));
        ages.push({
          size: `${size.width}×${size.height}`,
          method,
          p50Ms: await read("p50"),
          p95Ms: await read("p95"),
          framesPerSecond: Number.parseFloat(await page.getByTestId("rate").textContent() ?? ""),
        });
        await context.close();
      }
    }
    return ages;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ages = await measure();
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
if (Deno.args.includes("--json")) say(JSON.stringify({ ages }));
else {
  say("size      method     p50 ms  p95 ms  frames/s");
  for (const { size, method, p50Ms, p95Ms, framesPerSecond } of ages) {
    say(
      [
        size.padEnd(9),
        method.padEnd(10),
        p50Ms.toFixed(1).padStart(6),
        p95Ms.toFixed(1).padStart(7),
        framesPerSecond.toFixed(1).padStart(9),
      ].join(" "),
    );
  }
}
