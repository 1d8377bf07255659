/** Real Chromium with a photo as its webcam; playwright drives it over the DevTools protocol. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** How long a page may take to get where a test waits for it, in ms: on a shared machine that says nothing of the page. */
export const PATIENCE_MS = 60_000;

const CANDIDATES = ["chromium", "chromium-browser", "google-chrome"];

/** The same browser without what draws windows: pages cost it a third less time. */
const HEADLESS = "chromium-headless-shell";

/**
 * playwright's `launch` wants to read `/proc/sys`, which Deno grants only together with everything else, so
 * the browser is started here; this variable keeps playwright's import from the same look.
 */
Deno.env.set("__IS_WSL_TEST__", "1");

/** Name of a Chromium on this machine, or null. */
export async function findChromium(): Promise<string | null> {
  for (const name of CANDIDATES) if (await runs(name)) return name;
  return null;
}

/** Name of the Chromium that draws no windows, or null. */
export async function findHeadless(): Promise<string | null> {
  return await runs(HEADLESS) ? HEADLESS : null;
}

async function runs(name: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(name, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A running browser. */
export interface RunningBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** Where `joinBrowser()` reaches it. */
  readonly endpoint: string;
  /** A page in a context of its own, whose camera and microphone are granted for `url`; `prepare` runs before it loads. */
  open(
    url: string,
    options?: BrowserContextOptions,
    prepare?: (context: BrowserContext) => Promise<unknown>,
  ): Promise<{ page: Page; context: BrowserContext }>;
}

/** A browser's process, which nobody drives yet. */
export interface LaunchedBrowser extends AsyncDisposable {
  /** Where `joinBrowser()` reaches it. */
  readonly endpoint: string;
}

/** What a webcam shows of a photo: filters of ffmpeg, how long before it begins again, and pictures a second. */
export interface WebcamMove {
  readonly filter: string;
  readonly seconds: number;
  readonly rate: WebcamRate;
}

/** Pictures a second. */
export type WebcamRate = 5 | 10 | 30;

/** The whole photo, standing still, as a webcam of this size in pixels shows it. */
export function standing(width: number, height: number, rate: WebcamRate = 30): WebcamMove {
  const size = `${width}:${height}`;
  return { filter: `scale=${size}:force_original_aspect_ratio=increase,crop=${size}`, seconds: 1, rate };
}

/** How ffmpeg writes what Chromium plays: it takes motion JPEG for 30 pictures a second, whatever it was made with. */
const RAW = { name: "webcam.y4m", args: ["-pix_fmt", "yuv420p"] } as const;
const FORMATS = {
  ...{ 5: RAW, 10: RAW },
  30: { name: "webcam.mjpeg", args: ["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "2"] },
} as const;

/** Makes a file that shows `photo` as a webcam would, by default one of 640×480. */
export function makeWebcam(
  photo: string,
  folder: string,
  { filter, seconds, rate }: WebcamMove = standing(640, 480),
): Promise<string> {
  const { name, args } = FORMATS[rate];
  return makeVideo(`${folder}/${name}`, [
    ...["-loop", "1", "-i", photo, "-t", `${seconds}`, "-r", `${rate}`],
    ...["-vf", filter, ...args],
  ]);
}

/** Makes a video of a webcam of 640×480, 5 frames a second, that shows photos in turns, each for some seconds. */
export function makeTurns(photos: readonly string[], folder: string, seconds: number): Promise<string> {
  const { filter, rate } = standing(640, 480, 5);
  const { name, args } = FORMATS[rate];
  const inputs = photos.flatMap((photo) => ["-loop", "1", "-r", `${rate}`, "-t", `${seconds}`, "-i", photo]);
  const parts = photos.map((_, index) => `[${index}]${filter},setsar=1[v${index}]`);
  const joined = `${photos.map((_, index) => `[v${index}]`).join("")}concat=n=${photos.length}`;
  return makeVideo(`${folder}/${name}`, [
    ...[...inputs, "-filter_complex", `${parts.join(";")};${joined}`, "-r", `${rate}`, ...args],
  ]);
}

/** Makes a video of 4 s, 320×240, that shows `photo` and has a tone. */
export function makeFilm(photo: string, folder: string): Promise<string> {
  return makeVideo(`${folder}/film.webm`, [
    ...["-loop", "1", "-i", photo, "-f", "lavfi", "-i", "sine", "-t", "4", "-r", "10"],
    ...["-vf", "scale=320:240:force_original_aspect_ratio=increase,crop=320:240"],
    ...["-pix_fmt", "yuv420p", "-c:v", "libvpx", "-g", "5", "-b:v", "500k", "-c:a", "libopus"],
  ]);
}

/** Has ffmpeg make a file, as `args` say; returns its path. */
async function makeVideo(file: string, args: readonly string[]): Promise<string> {
  const { success, stderr } = await new Deno.Command("ffmpeg", {
    args: ["-y", "-loglevel", "error", ...args, file],
    stdin: "null",
  }).output();
  if (!success) {
    throw new Error(`Cannot make ${file}: ffmpeg failed: ${new TextDecoder().decode(stderr)}`);
  }
  return file;
}

/** What the browser has for cameras: a file that one plays, or several that show the browser's own test picture. */
export type Webcam = string | { readonly cameras: number };

/** Starts Chromium with `webcam` as its camera, and further switches, and drives it. */
export async function startBrowser(
  program: string,
  webcam: Webcam,
  folder: string,
  switches: readonly string[] = [],
): Promise<RunningBrowser> {
  const launched = await launchBrowser(program, webcam, folder, switches);
  const joined = await joinBrowser(launched.endpoint);
  return {
    ...joined,
    async [Symbol.asyncDispose]() {
      await joined[Symbol.asyncDispose]();
      await launched[Symbol.asyncDispose]();
    },
  };
}

/** Starts Chromium as `startBrowser()` does, for others to drive: whoever is connected hears of every page and pays for it. */
export async function launchBrowser(
  program: string,
  webcam: Webcam,
  folder: string,
  switches: readonly string[] = [],
): Promise<LaunchedBrowser> {
  const cameras = typeof webcam === "string"
    ? ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${webcam}`]
    : [`--use-fake-device-for-media-stream=device-count=${webcam.cameras},fps=5`];
  const child = new Deno.Command(program, {
    args: [
      ...[
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--mute-audio",
      ],
      ...[
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
      ],
      ...["--use-fake-ui-for-media-stream", ...cameras, ...switches, "--remote-debugging-port=0"],
      ...[`--user-data-dir=${folder}/profile`, "about:blank"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const endpoint = await devToolsAddress(child.stderr);
  return {
    endpoint: endpoint.url,
    async [Symbol.asyncDispose]() {
      // Over its own protocol: what was started may be a script that does not pass signals on.
      const joined = await joinBrowser(endpoint.url);
      const session = await joined.browser.newBrowserCDPSession();
      await session.send("Browser.close");
      await joined[Symbol.asyncDispose]();
      await child.status;
      await endpoint.drained;
    },
  };
}

/** Uses a browser that runs already; the end closes the contexts that were made here, and leaves the browser. */
export async function joinBrowser(endpoint: string): Promise<RunningBrowser> {
  const { chromium } = await import("playwright-core");
  // A folder for downloads: playwright's own would be removed some time after the end.
  const artifactsDir = await Deno.makeTempDir({ prefix: "gradcast-downloads-" });
  const browser = await chromium.connectOverCDP(endpoint, { artifactsDir });
  return {
    browser,
    endpoint,
    async open(url, options, prepare) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      await context.grantPermissions(["camera", "microphone"], { origin: new URL(url).origin });
      await prepare?.(context);
      const page = await context.newPage();
      await page.goto(url);
      return { page, context };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await Deno.remove(artifactsDir, { recursive: true });
    },
  };
}

/** Reads where the browser listens, and continues to read so that a full pipe never stops it. */
async function devToolsAddress(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ url: string; drained: Promise<void> }> {
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start the browser: it ended early, got ${text}`);
    text += value;
    const url = /ws:\/\/\S+(?=\s)/.exec(text)?.[0];
    if (url !== undefined) return { url, drained: drain(reader) };
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
