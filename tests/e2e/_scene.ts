/** What end-to-end tests share: the page in real Chromium, with coffee.jpg as its webcam, against the real server. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { PATIENCE_MS, type Webcam } from "../support/browser.ts";
import type { RunningServer } from "../support/server.ts";
import { chromium, openBrowser, openServer, startOwnBrowser, startOwnServer } from "./_lane.ts";

export { openBrowser, openServer, PHOTO, startOwnBrowser, startOwnServer } from "./_lane.ts";

/** Whether these tests cannot run here; it is said loudly once. */
export const skipped = chromium === null;
if (skipped) {
  Deno.stderr.writeSync(new TextEncoder().encode(
    "SKIPPED: every end-to-end test, as this machine has no Chromium (Debian: apt-get install chromium ffmpeg)\n",
  ));
}

/** One fresh page, in a browser context of its own. */
export interface Scene {
  readonly page: Page;
  readonly url: string;
}

/** A fresh page of a server that this test alone has, to be ended or written to. */
export interface OwnScene extends Scene {
  readonly server: RunningServer;
  /** The server's data folder. */
  readonly data: string;
}

/** What a scene may have of its own. */
export interface SceneOptions {
  /** Makes what the camera of a browser of its own shows; default: the shared browser, whose camera shows coffee.jpg. */
  readonly webcam?: (folder: string) => Promise<Webcam>;
  /** Whether that browser is one as people have it, which draws windows (default), or as the shared one. */
  readonly windows?: boolean;
  /** Errors of the console that belong to what is tested. */
  readonly expected?: RegExp;
  /** Flags for a server of its own, with what they need in a folder that ends with it. */
  readonly flags?: (folder: string) => Promise<readonly string[]>;
}

/** Runs one test on a fresh page of the shared server; page errors and refused content fail it. */
export function scene(
  name: string,
  path: string,
  act: (scene: Scene) => Promise<void>,
  options: SceneOptions = {},
): void {
  Deno.test({
    name,
    ignore: skipped,
    async fn() {
      await using server = await openServer();
      await play(server.url, path, (page) => act({ page, url: server.url }), options);
    },
  });
}

/** Runs one test as `scene()`, on a server of its own. */
export function ownScene(
  name: string,
  path: string,
  act: (scene: OwnScene) => Promise<void>,
  options: SceneOptions = {},
): void {
  Deno.test({
    name,
    ignore: skipped,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "gradcast-e2e-" });
      await using ending = new AsyncDisposableStack();
      ending.defer(() => Deno.remove(folder, { recursive: true }));
      const own = ending.use(await startOwnServer(await options.flags?.(folder)));
      const { server, server: { url }, data } = own;
      await play(url, path, (page) => act({ page, url, server, data }), options);
    },
  });
}

async function play(
  url: string,
  path: string,
  act: (page: Page) => Promise<void>,
  { webcam, windows = true, expected }: SceneOptions,
): Promise<void> {
  await using browser = await (webcam === undefined ? openBrowser() : startOwnBrowser(webcam, [], windows));
  const { page, context } = await browser.open(`${url}${path}`);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && expected?.test(message.text()) !== true) faults.push(message.text());
  });
  await act(page);
  assert.deepEqual(faults, []);
  await context.close();
}

/** A link of a show, as this machine opens it: the shared server has a name that leads nowhere. */
export function onServer(page: Page, link: string): string {
  return new URL(new URL(link).pathname, page.url()).href;
}

/** Starts the camera and waits until the page is live and shows it: the sample before it is live, too. */
export async function startCamera(page: Page): Promise<void> {
  await page.getByTestId("start-camera").click();
  await page.locator("video.media:not([hidden])").waitFor();
  await page.getByTestId("connection").getByText("live").waitFor();
}

/** Holds the picture and waits until its map is finished. */
export async function freeze(page: Page): Promise<void> {
  await page.getByTestId("freeze").click();
  await page.getByText("complete, exact for this picture").waitFor();
}

/** Waits until the first prediction reads `label`. */
export async function waitForLabel(page: Page, label: string): Promise<void> {
  await page.getByTestId("top-label").getByText(label).waitFor();
}

/** Where the heatmap lies. */
export interface Heat {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** Centre of mass of the overlay's opacity, as shares of its side; weight 0 where nothing is drawn. */
export function heat(page: Page): Promise<Heat> {
  return page.getByTestId("overlay").evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("the overlay is no canvas");
    const { width, height } = element;
    const data = element.getContext("2d")?.getImageData(0, 0, width, height).data;
    if (data === undefined) throw new TypeError("the overlay has no pixels");
    let weight = 0, x = 0, y = 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const alpha = data[4 * (row * width + column) + 3] ?? 0;
        weight += alpha;
        x += alpha * (column + 0.5);
        y += alpha * (row + 0.5);
      }
    }
    return { x: x / weight / width, y: y / weight / height, weight };
  });
}

/** The overlay's opacity on a coarse grid, to tell two maps apart. */
export function picture(page: Page): Promise<string> {
  return page.getByTestId("overlay").evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("the overlay is no canvas");
    const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
    let text = "";
    for (let index = 3; index < data.length; index += 4 * 997) text += `${(data[index] ?? 0) >> 4},`;
    return text;
  });
}

/** Pictures of the page between two looks: each look costs the page, the browser and the test. */
const LOOK_PICTURES = 5;

/** Looks over which the overlay has to stay the same to be at rest: the scale of a map moves slowly. */
const REST_LOOKS = 8;

/** Waits until the overlay is at rest, and reads it. */
export async function restingPicture(page: Page): Promise<string> {
  let last = "";
  let same = 0;
  await until(page, () => picture(page), (text) => {
    same = text === last ? same + 1 : 0;
    last = text;
    return same >= REST_LOOKS;
  }, "the overlay is at rest");
  return last;
}

/** Reads twelve times a second, as the page is drawn, until `holds` is true. */
export async function until<Value>(
  page: Page,
  read: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
  what: string,
): Promise<Value> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadlineMs) assert.fail(`${what}: last value is ${JSON.stringify(value)}`);
    await pictures(page, LOOK_PICTURES);
  }
}

/** Waits until what is read is this value. */
export async function becomes<Value>(
  page: Page,
  read: () => Value | Promise<Value>,
  wanted: Value,
  what: string,
): Promise<void> {
  await until(
    page,
    read,
    (value) => isDeepStrictEqual(value, wanted),
    `${what} should be ${JSON.stringify(wanted)}`,
  );
}

/** Waits while the browser draws `count` pictures of the page. */
export function pictures(page: Page, count: number): Promise<void> {
  return page.evaluate((count) =>
    new Promise<void>((resolve) => {
      // A lane's pages ask seldom by themselves.
      const { nextPicture } = globalThis as { nextPicture?: typeof requestAnimationFrame };
      const next = () => count-- > 0 ? (nextPicture ?? requestAnimationFrame)(next) : resolve();
      next();
    }), count);
}
