/** What end-to-end tests share: a lane has one server and one browser, and runs file after file (`main.ts`). */
import {
  findChromium,
  findHeadless,
  joinBrowser,
  launchBrowser,
  type LaunchedBrowser,
  makeWebcam,
  type RunningBrowser,
  standing,
  type Webcam,
} from "../support/browser.ts";
import { type RunningServer, startServer } from "../support/server.ts";

/** Name of the browser, or null. */
export const chromium = await findChromium();

/** What the webcam shows. */
export const PHOTO = "client/public/samples/coffee.jpg";

/** A photo that stands still needs no more pictures a second, and every one costs camera, page, engine and screen. */
const CALM = standing(640, 480, 5);

/** Variables with the addresses of what a lane shares; without them each test starts its own. */
const SERVER = "GRADCAST_E2E_SERVER";
const BROWSER = "GRADCAST_E2E_BROWSER";

/** The shared server's flags: a name of its own, as if other machines reached it there. */
const NAMED = ["--origin", "http://gradcast.example"];

/** A server that its tests leave as it is: they neither end it nor write into its log or its clips. */
export interface SharedServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** A server for one test alone. */
export interface OwnServer extends AsyncDisposable {
  readonly server: RunningServer;
  /** Its data folder, which ends with it. */
  readonly data: string;
}

/** A server and a browser for test after test. */
export interface Lane extends AsyncDisposable {
  /** Variables for the processes of its tests. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a lane's server and, where there is a Chromium, its browser. */
export async function startLane(): Promise<Lane> {
  await using starting = new AsyncDisposableStack();
  const { server: { url } } = starting.use(await startOwnServer(NAMED));
  const browser = chromium === null ? null : starting.use(await launchSharedBrowser());
  const lane = starting.move();
  return {
    env: { [SERVER]: url, ...(browser === null ? {} : { [BROWSER]: browser.endpoint }) },
    [Symbol.asyncDispose]: () => lane.disposeAsync(),
  };
}

/** The lane's server, or without a lane a new one. */
export async function openServer(): Promise<SharedServer> {
  const url = Deno.env.get(SERVER);
  if (url !== undefined) {
    return { url, port: Number(new URL(url).port), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const own = await startOwnServer(NAMED);
  const { server } = own;
  return { url: server.url, port: server.port, [Symbol.asyncDispose]: () => own[Symbol.asyncDispose]() };
}

/** The lane's browser, or without a lane a new one; its camera shows `PHOTO`. */
export async function openBrowser(): Promise<RunningBrowser> {
  const endpoint = Deno.env.get(BROWSER);
  return endpoint === undefined
    ? await drive(await launchSharedBrowser())
    : calm(await joinBrowser(endpoint));
}

/** Starts a server with a data folder of its own. */
export async function startOwnServer(flags: readonly string[] = []): Promise<OwnServer> {
  // The server may write below `data` alone.
  const data = `data/e2e-${crypto.randomUUID()}`;
  const server = await startServer(0, ["--data", data, ...flags]);
  return {
    server,
    data,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(data, { recursive: true });
    },
  };
}

/** Starts the browser for test after test; without windows, where this machine has that one. */
async function launchSharedBrowser(): Promise<LaunchedBrowser> {
  const headless = await findHeadless();
  if (headless === null) {
    Deno.stderr.writeSync(new TextEncoder().encode(
      "SLOW: end-to-end tests run in a browser that draws windows (Debian: apt-get install chromium-headless-shell)\n",
    ));
  }
  return await launch(headless ?? chromium ?? "", (folder) => makeWebcam(PHOTO, folder, CALM), []);
}

/**
 * Starts a browser as people have it, whose camera plays what `webcam` makes in a folder that ends with it, with further
 * switches; `windows` false: one that draws no windows, where this machine has it, as the shared one.
 */
export async function startOwnBrowser(
  webcam: (folder: string) => Promise<Webcam>,
  switches: readonly string[] = [],
  windows = true,
): Promise<RunningBrowser> {
  const headless = windows ? null : await findHeadless();
  return await drive(await launch(headless ?? chromium ?? "", webcam, switches));
}

/** Drives a browser that ends with the returned one. */
async function drive(launched: LaunchedBrowser): Promise<RunningBrowser> {
  const joined = calm(await joinBrowser(launched.endpoint));
  return {
    ...joined,
    async [Symbol.asyncDispose]() {
      await joined[Symbol.asyncDispose]();
      await launched[Symbol.asyncDispose]();
    },
  };
}

/** The same browser, whose pages have few pictures a second of what moves by itself. */
function calm(browser: RunningBrowser): RunningBrowser {
  const { open } = browser;
  return {
    ...browser,
    open: (url, options) => open(url, options, (context) => context.addInitScript(drawSeldom)),
  };
}

/**
 * Runs in every page before its own scripts: what the page draws again and again, as the pan of a sample, it draws five
 * times a second, as every picture costs page, engine and screen; `nextPicture` is what the browser itself offers.
 */
function drawSeldom(): void {
  const nextPicture = requestAnimationFrame.bind(globalThis);
  const wanted = new Set<number>();
  let last = 0;
  const requestSeldom = (draw: FrameRequestCallback) => {
    const handle = ++last;
    wanted.add(handle);
    setTimeout(() =>
      nextPicture((nowMs) => {
        if (wanted.delete(handle)) draw(nowMs);
      }), 190);
    return handle;
  };
  Object.assign(globalThis, {
    nextPicture,
    requestAnimationFrame: requestSeldom,
    cancelAnimationFrame: (handle: number) => wanted.delete(handle),
  });
}

async function launch(
  program: string,
  webcam: (folder: string) => Promise<Webcam>,
  switches: readonly string[],
): Promise<LaunchedBrowser> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-e2e-" });
  const launched = await launchBrowser(program, await webcam(folder), folder, switches);
  return {
    endpoint: launched.endpoint,
    async [Symbol.asyncDispose]() {
      await launched[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
