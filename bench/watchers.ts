/**
 * What an audience costs: real server, real Chromium that presents, sockets that watch, all on this machine. Runs with
 * and without watchers follow each other, their order changing with every pair; `--watchers 200` and `--rounds 10` are the
 * defaults.
 */
import type { Page } from "playwright-core";
import { findChromium, makeWebcam, startBrowser } from "../tests/support/browser.ts";
import { startServer } from "../tests/support/server.ts";

const PHOTO = "client/public/samples/coffee.jpg";

/** Length of a run, in ms, and the part at its beginning that does not count. */
const RUN_MS = 10_000;
const SETTLE_MS = 2_000;

/** What one run measured. */
interface Run {
  /** The engine's time for a frame's batch, in ms, the median. */
  readonly engineMs: number;
  /** From capture to drawing on the presenter's page, in ms. */
  readonly p95Ms: number;
  readonly p50Ms: number;
  readonly framesPerSecond: number;
  /** What all watchers together got, in MB a second. */
  readonly megabytesPerSecond: number;
}

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function flag(name: string, otherwise: number): number {
  const at = Deno.args.indexOf(name);
  return at < 0 ? otherwise : Number(Deno.args[at + 1]);
}

/** What every watcher reads into: nobody looks at it. */
const nowhere = new Uint8Array(65_536);

/**
 * Opens sockets that take what comes and do nothing with it: the upgrade by hand and bare reads, as the processor that a
 * real WebSocket takes belongs to the audience's own devices.
 */
async function audience(
  link: URL,
  count: number,
): Promise<{ bytes: () => number; close: () => Promise<void> }> {
  let bytes = 0;
  const people = await Promise.all(Array.from({ length: count }, async () => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(link.port) });
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const upgrade = [
      `GET ${link.pathname} HTTP/1.1`,
      `Host: ${link.host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
    ];
    await connection.write(new TextEncoder().encode(`${upgrade.join("\r\n")}\r\n\r\n`));
    const read = async () => {
      for (let got = await connection.read(nowhere); got !== null; got = await connection.read(nowhere)) {
        bytes += got;
      }
    };
    // Closing ends the read that waits.
    return { connection, done: read().catch(() => {}) };
  }));
  return {
    bytes: () => bytes,
    async close() {
      for (const { connection } of people) connection.close();
      await Promise.all(people.map(({ done }) => done));
    },
  };
}

async function run(page: Page, times: number[], link: URL, count: number): Promise<Run> {
  const people = await audience(link, count);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  times.length = 0;
  const before = people.bytes();
  await new Promise((resolve) => setTimeout(resolve, RUN_MS));
  const age = page.getByTestId("age");
  const read = async (name: string) => Number(await age.getAttribute(`data-${name}`));
  const measured = {
    engineMs: quantile(times, 0.5),
    p95Ms: await read("p95"),
    p50Ms: await read("p50"),
    framesPerSecond: times.length / RUN_MS * 1_000,
    megabytesPerSecond: (people.bytes() - before) / RUN_MS / 1_000,
  };
  await people.close();
  return measured;
}

async function measure(watchers: number, rounds: number): Promise<{ without: Run[]; with: Run[] }> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error("Cannot measure: this machine has no Chromium");
  const folder = await Deno.makeTempDir({ prefix: "gradcast-watchers-" });
  try {
    await using server = await startServer();
    await using browser = await startBrowser(chromium, await makeWebcam(PHOTO, folder), folder);
    const { page, context } = await browser.open(`${server.url}/?view=watch`, {
      viewport: { width: 1280, height: 720 },
    });
    const times: number[] = [];
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload !== "string") return;
        const message = JSON.parse(payload);
        if (message.type === "result") times.push(message.times.compute);
      }));
    await page.reload();
    await page.getByTestId("start-camera").click();
    await page.getByTestId("top-label").getByText(/\w/).waitFor();
    await page.getByTestId("show-start").click();
    const link = new URL(await page.getByTestId("watch-link").inputValue());
    link.pathname = `/ws${link.pathname}`;
    const runs = { without: [] as Run[], with: [] as Run[] };
    for (let round = 0; round < rounds; round++) {
      const order = [0, watchers];
      for (const count of round % 2 === 0 ? order : order.toReversed()) {
        runs[count === 0 ? "without" : "with"].push(await run(page, times, link, count));
      }
    }
    await context.close();
    return runs;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const watchers = flag("--watchers", 200);
const runs = await measure(watchers, flag("--rounds", 10));
say("watchers  engine ms  age p50  p95 ms  frames/s     MB/s");
for (const [name, all] of [["0", runs.without], [String(watchers), runs.with]] as const) {
  for (const { engineMs, p50Ms, p95Ms, framesPerSecond, megabytesPerSecond } of all) {
    const figures = [engineMs, p50Ms, p95Ms, framesPerSecond, megabytesPerSecond].map((each) =>
      each.toFixed(1).padStart(9)
    );
    say(`${name.padEnd(8)}${figures.join("")}`);
  }
}
/** The median over pairs of runs, as the machine's speed changes from minute to minute. */
const paired = (what: keyof Run, compare: (without: number, loaded: number) => number) =>
  quantile(runs.with.map((one, place) => compare(runs.without[place]?.[what] ?? NaN, one[what])), 0.5);
say(`engine's time: ${paired("engineMs", (without, loaded) => loaded / without).toFixed(3)} ×`);
say(`p95 age: ${paired("p95Ms", (without, loaded) => loaded - without).toFixed(1)} ms more`);
