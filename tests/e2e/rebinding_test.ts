/** A name that its owner points at this machine, in real Chromium: its page reads nothing of the server (H9). */
import assert from "node:assert/strict";
import { keepClip } from "../support/clip.ts";
import { skipped, startOwnBrowser, startOwnServer } from "./_scene.ts";

/** What a page gets of an address: the status, or why it gets none. */
interface Got {
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

Deno.test({
  name: "H9: a page of a name that is pointed at this machine reads no log, no clip and no picture",
  ignore: skipped,
  async fn() {
    await using own = await startOwnServer();
    const { server } = own;
    const clip = await keepClip(server.url);
    const rules = "--host-resolver-rules=MAP evil.example 127.0.0.1";
    await using browser = await startOwnBrowser(() => Promise.resolve({ cameras: 1 }), [rules]);
    const evil = `http://evil.example:${server.port}`;
    // A page that the name served before it was pointed here has no policy, nor has this one.
    const context = await browser.browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`${evil}/`);
    assert.match(
      await page.locator("body").innerText(),
      new RegExp(`--origin .*evil\\.example:${server.port}`),
    );
    await page.emulateMedia({ colorScheme: "dark" });
    const text = await page.evaluate(() => getComputedStyle(document.body).color);
    assert.equal(text, "rgb(255, 255, 255)", "the refusal is dark where the browser is");
    const paths = [
      "/",
      "/healthz",
      "/api/model",
      "/api/log",
      "/api/log/export.csv",
      "/api/log/1/picture",
      "/api/clips",
      `/api/clips/${clip}`,
      `/api/clips/${clip}/media`,
      `/api/clips/${clip}/thumbnail`,
    ];
    const got = await page.evaluate(
      (paths) =>
        Promise.all(paths.map(async (path): Promise<Got> => {
          const answer = await fetch(path);
          return { path, status: answer.status, text: await answer.text() };
        })),
      paths,
    );
    assert.deepEqual(got.map(({ path }) => path), paths);
    for (const { path, status, text } of got) {
      assert.equal(status, 421, path);
      assert.equal(JSON.parse(text).code, "host-refused", path);
    }
    const opened = await page.evaluate((url) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }), `ws://evil.example:${server.port}/ws`);
    assert.equal(opened, false);
    await page.goto(`${server.url}/api/clips`);
    assert.match(
      await page.locator("body").innerText(),
      new RegExp(clip),
      "the server's own name reads them",
    );
    await context.close();
  },
});
