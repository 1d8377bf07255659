/** Connections that die without a word, and pages at an address that the server does not know, in real Chromium. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { MAX_SILENCE_MS } from "../../shared/limits.ts";
import { type Relay, type RelayOptions, startRelay } from "../support/relay.ts";
import { openBrowser, PHOTO, skipped, startOwnServer, until } from "./_scene.ts";

/** How much later than promised a busy machine may notice, in ms. */
const LATE_MS = 10_000;

interface Stand {
  readonly relay: Relay;
  /** Address of the server through the relay. */
  readonly url: string;
  /** Address of the server itself. */
  readonly server: string;
  open(path: string): Promise<Page>;
}

function behindRelay(name: string, options: RelayOptions, act: (stand: Stand) => Promise<void>): void {
  Deno.test({
    name,
    ignore: skipped,
    async fn() {
      await using own = await startOwnServer();
      await using relay = startRelay(own.server.port, options);
      await using browser = await openBrowser();
      const url = `http://localhost:${relay.port}`;
      await act({
        relay,
        url,
        server: own.server.url,
        open: async (path) => (await browser.open(`${url}${path}`)).page,
      });
    },
  });
}

/** Shows a picture that stands still, so that nothing is sent by itself. */
async function openPhoto(page: Page): Promise<void> {
  await page.getByTestId("connection").getByText("live").waitFor();
  await page.getByTestId("file").setInputFiles(PHOTO);
  await page.getByText("complete").waitFor();
}

const word = (page: Page) => page.getByTestId("connection").innerText();

async function people(server: string): Promise<{ viewers: number; watchers: number }> {
  const { seats: { viewers, watchers } } = await (await fetch(`${server}/healthz`)).json();
  return { viewers, watchers };
}

behindRelay(
  "K1: a still picture's connection that dies silently is noticed within 5 s at both ends, and comes back",
  {},
  async ({ relay, server, open }) => {
    const page = await open("/");
    await openPhoto(page);
    relay.silence(true);
    const fromMs = performance.now();
    await until(page, () => word(page), (now) => now !== "live", "the page notices");
    const pageMs = performance.now() - fromMs;
    await until(page, () => people(server), ({ viewers }) => viewers === 0, "the server notices");
    const serverMs = performance.now() - fromMs;
    assert.ok(pageMs < MAX_SILENCE_MS + LATE_MS, `the page noticed after ${pageMs} ms`);
    assert.ok(serverMs < MAX_SILENCE_MS + LATE_MS, `the server noticed after ${serverMs} ms`);
    relay.silence(false);
    await until(page, () => word(page), (now) => now === "live", "the page is back");
    assert.equal((await people(server)).viewers, 1);
  },
);

behindRelay(
  "K1: a connection over which nothing is said but pings and pongs stays",
  {},
  async ({ server, open }) => {
    const page = await open("/");
    let sockets = 0, beats = 0;
    page.on("websocket", (socket) => {
      sockets++;
      const count = ({ payload }: { readonly payload: string | Uint8Array }) => {
        if (payload === '{"type":"pong"}') beats++;
      };
      socket.on("framereceived", count);
      socket.on("framesent", count);
    });
    await page.reload();
    await openPhoto(page);
    await until(page, () => beats, (seen) => seen >= 4, "pongs");
    assert.equal(await word(page), "live");
    assert.equal(sockets, 1);
    assert.equal((await people(server)).viewers, 1);
  },
);

behindRelay(
  "K3: who watches notices a silent network, too, and comes back",
  {},
  async ({ relay, server, open }) => {
    const page = await open("/");
    await openPhoto(page);
    await page.keyboard.press("w");
    await page.getByTestId("show-start").click();
    const link = await page.getByTestId("watch-link").inputValue();
    const watcher = await open(new URL(link).pathname);
    await watcher.getByTestId("top-label").waitFor();
    relay.silence(true);
    await watcher.getByText("The server cannot be reached.").waitFor({ timeout: MAX_SILENCE_MS + LATE_MS });
    await until(watcher, () => people(server), ({ watchers }) => watchers === 0, "the server notices");
    relay.silence(false);
    await until(watcher, () => people(server), ({ watchers }) => watchers === 1, "the watcher is back");
  },
);

behindRelay(
  "H8: a page behind a proxy that the server does not know comes up and says which --origin to give",
  { rewritesHost: true },
  async ({ url, open }) => {
    for (const path of ["/", "/watch/abcdefghjkmnpqrs"]) {
      const page = await open(path);
      const words = page.getByText(`--origin ${url}`);
      await words.waitFor();
      assert.equal(await words.isVisible(), true, path);
    }
  },
);
