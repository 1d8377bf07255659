/** What the page says and does when there is no seat for it, or its own went to somebody else, in real Chromium. */
import assert from "node:assert/strict";
import { createApp, Hub, watchLoopDelay } from "../../server/app/mod.ts";
import { type Clock, systemClock } from "../../server/clock/mod.ts";
import { openEngine } from "../../server/engine/mod.ts";
import { listen } from "../../server/listen/mod.ts";
import { IDLE_SEAT_MS } from "../../shared/limits.ts";
import { LiveClient } from "../support/live_client.ts";
import { openBrowser, PHOTO, skipped, until } from "./_scene.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const COFFEE = await Deno.readFile(PHOTO);

/** Both widths that pages have to work at, in pixels. */
const WIDTHS = [1280, 360] as const;

/** The machine's clock, set forward where a test cannot wait. */
class ForwardClock implements Clock {
  aheadMs = 0;
  now = () => systemClock.now() + this.aheadMs;
  after = systemClock.after;
}

Deno.test({
  name: "H5, H11, E4: the page says why it has no seat, and gets another one when it has something to show",
  ignore: skipped,
  async fn() {
    const clock = new ForwardClock();
    const engine = await openEngine({ modelDir: "models/efficientnet-lite0" });
    // One seat, and the one beyond it for the own machine.
    const hub = new Hub({ models: soleModel(engine), clock, maxViewers: 1 });
    const loopDelay = watchLoopDelay();
    const app = createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay });
    const faults: unknown[] = [];
    const server = listen({
      host: "127.0.0.1",
      port: 0,
      answer: app.fetch,
      onFault: (fault) => faults.push(fault),
    });
    const { port } = server;
    try {
      await using browser = await openBrowser();
      const { page } = await browser.open(`http://localhost:${port}/`);
      const word = () => page.getByTestId("connection").innerText();
      await until(page, word, (now) => now === "live", "the page has a seat");
      await page.getByTestId("file").setInputFiles(PHOTO);
      await page.getByText("complete").waitFor();

      clock.aheadMs += IDLE_SEAT_MS;
      await using first = await LiveClient.greet(port);
      first.frame(1, COFFEE, { format: "jpeg" });
      await until(page, word, (now) => now === "paused", "the page's seat went to somebody else");
      const words = page.getByTestId("pane-0").getByText("Your place was given to somebody else");
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
        await words.waitFor();
        await page.getByRole("button", { name: "reconnect" }).waitFor();
      }
      await using second = await LiveClient.greet(port);
      second.frame(1, COFFEE, { format: "jpeg" });
      await second.message("result");
      assert.equal(await word(), "paused", "the page does not fight for its seat");

      // Both seats are in use: the page asks for one when there is something to show, and says why it waits.
      await page.getByTestId("file").setInputFiles(PHOTO);
      await until(page, word, (now) => now === "busy", "there is no seat now");
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
        await page.getByTestId("pane-0").getByText("limit of 1 is reached").waitFor();
      }
      await page.locator('.predictions[data-stale="true"]').waitFor();
      await second[Symbol.asyncDispose]();
      await until(page, word, (now) => now === "live", "a seat is free again");
      await page.getByText("complete").waitFor();
      assert.deepEqual(faults, []);
    } finally {
      hub.shutdown();
      loopDelay.stop();
      await server.close();
      await engine.close();
    }
  },
});
