/**
 * What the encoding of moving frames costs: crops of the sample photos, encoded by a real Chromium in several
 * qualities, against the same ones as PNG. Prints a table, or one JSON document with `--json`.
 */
import { openEngine } from "../server/engine/mod.ts";
import { findChromium, startBrowser } from "../tests/support/browser.ts";
import { differences, encodeCrops, type Encoding, logitsOf } from "../tests/e2e/frame_quality.ts";
import { startServer } from "../tests/support/server.ts";

const MODEL = "models/efficientnet-lite0";

/** What is compared; numbers are JPEG qualities. */
const ENCODINGS: readonly Encoding[] = ["rgb", "png", 0.85, 0.92, 0.95, 0.98, 1];

/** What one quality costs. */
interface Cost {
  readonly encoding: string;
  /** Points of the first class's probability: the middle one, the 95th of a hundred and the largest. */
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  readonly bytes: number;
  readonly encodeMs: number;
}

async function measure(): Promise<Cost[]> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure the frames: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-frames-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, "", folder);
    await using stack = new AsyncDisposableStack();
    const engine = stack.adopt(await openEngine({ modelDir: MODEL }), (open) => open.close());
    const { page } = await browser.open(`${server.url}/samples/coffee.jpg`);
    const side = engine.model.width;
    const lossless = await logitsOf(engine, await encodeCrops(page, side, "png"));
    const costs: Cost[] = [];
    for (const encoding of ENCODINGS) {
      const pictures = await encodeCrops(page, side, encoding);
      const points = differences(lossless, await logitsOf(engine, pictures));
      const at = (share: number) =>
        points[Math.min(points.length - 1, Math.floor(share * points.length))] ?? 0;
      const mean = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      costs.push({
        encoding: typeof encoding === "number" ? `JPEG ${encoding.toFixed(2)}` : encoding,
        p50: at(0.5),
        p95: at(0.95),
        worst: at(1),
        bytes: mean(pictures.map(({ bytes }) => bytes.length)),
        encodeMs: mean(pictures.map(({ ms }) => ms)),
      });
    }
    return costs;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const costs = await measure();
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
if (Deno.args.includes("--json")) say(JSON.stringify({ costs }));
else {
  say("encoding   points: p50    p95  worst    bytes  encode ms");
  for (const { encoding, p50, p95, worst, bytes, encodeMs } of costs) {
    say(
      [
        encoding.padEnd(16),
        p50.toFixed(2).padStart(5),
        p95.toFixed(2).padStart(6),
        worst.toFixed(2).padStart(6),
        bytes.toFixed(0).padStart(8),
        encodeMs.toFixed(2).padStart(10),
      ].join(" "),
    );
  }
}
