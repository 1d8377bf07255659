/** The view "Log" in real Chromium. */
import assert from "node:assert/strict";
import { startRelay } from "../support/relay.ts";
import { becomes, ownScene, scene, startCamera, until, waitForLabel } from "./_scene.ts";

ownScene(
  "the log is off at first, writes what is seen with a visible sign, and deletes with undo",
  "/",
  async ({ page, url }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("d");
    const toggle = page.getByTestId("log-switch");
    assert.equal(await toggle.isChecked(), false);
    assert.equal(await page.getByTestId("log-sign").count(), 0);
    const before = await (await fetch(`${url}/api/log`)).json();
    await toggle.check();
    await page.getByTestId("log-sign").waitFor();
    const first = page.getByTestId("log-entry").first();
    await until(
      page,
      async () => (await (await fetch(`${url}/api/log`)).json()).total,
      (total) => total > before.total,
      "no entry is written",
    );
    await first.getByText("espresso").waitFor();
    const colours = await until(
      page,
      () =>
        first.locator("canvas").evaluate((element) => {
          if (!(element instanceof HTMLCanvasElement)) throw new TypeError("the thumbnail is no canvas");
          const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
          return new Set(Array.from({ length: 500 }, (_, at) => data[at * 128])).size;
        }),
      (count) => count > 20,
      "the thumbnail stays empty",
    );
    assert.ok(colours > 20);

    await page.getByTestId("log-find").fill("no such thing");
    await page.getByTestId("log-empty").waitFor();
    await page.getByTestId("log-find").fill("espr");
    await first.getByText("espresso").waitFor();
    await toggle.uncheck();
    await page.getByTestId("log-sign").waitFor({ state: "detached" });

    await first.getByTestId("log-open").click();
    const large = page.getByTestId("log-entry-large");
    await large.getByRole("img", { name: "The picture of espresso" }).waitFor();
    await large.getByText("on average").waitFor();
    await page.keyboard.press("m");
    assert.equal(await page.getByTestId("method").inputValue(), "grad-cam", "keys belong to the dialog");
    await page.keyboard.press("Escape");
    await large.waitFor({ state: "detached" });
    await page.getByTestId("drawer-log").waitFor();

    const { entries } = await (await fetch(`${url}/api/log`)).json();
    await first.getByTestId("log-open").click();
    await page.getByTestId("log-remove-large").click();
    await large.waitFor({ state: "detached" });
    await until(
      page,
      async () => (await (await fetch(`${url}/api/log`)).json()).entries[0]?.id,
      (id) => id !== entries[0].id,
      "the entry is not deleted",
    );
    await page.getByTestId("toast-action").click();
    await until(
      page,
      async () => (await (await fetch(`${url}/api/log`)).json()).entries[0]?.id,
      (id) => id === entries[0].id,
      "the entry does not come back",
    );
  },
);

ownScene(
  "L7: what is in the trash can be restored or deleted for good",
  "/",
  async ({ page, url }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("d");
    await page.getByTestId("log-switch").check();
    await page.getByTestId("log-entry").first().waitFor();
    await page.getByTestId("log-switch").uncheck();
    await page.getByTestId("log-sign").waitFor({ state: "detached" });
    const total = async () => (await (await fetch(`${url}/api/log`)).json()).total;
    const before = await total();
    await page.getByTestId("log-remove-all").click();
    await page.getByTestId("log-empty").waitFor();
    const fold = page.getByTestId("log-trash");
    await fold.locator("summary").click();
    await fold.getByTestId("log-restore").click();
    await page.getByTestId("log-entry").first().waitFor();
    await fold.waitFor({ state: "detached" });
    await becomes(page, total, before, "entries of the log");
    await becomes(page, () => page.getByTestId("toast-action").count(), 0, "what is left to undo");
    await becomes(page, () => page.evaluate(() => document.activeElement?.id), "drawer-title", "the focus");
    await page.getByTestId("log-remove-all").click();
    await fold.locator("summary").click();
    await fold.getByTestId("log-empty-trash").click();
    assert.equal(await fold.getByTestId("log-batch").count(), 1, "it asks first");
    await fold.getByText("Keep").click();
    await fold.getByTestId("log-empty-trash").click();
    await fold.getByTestId("log-empty-trash-yes").dispatchEvent("click", { detail: 2 });
    assert.equal(await fold.getByTestId("log-batch").count(), 1, "a double press is no answer");
    await fold.getByTestId("log-empty-trash-yes").click();
    await fold.waitFor({ state: "detached" });
    await becomes(page, () => page.getByTestId("toast-action").count(), 0, "what can be undone");
    assert.deepEqual((await (await fetch(`${url}/api/log/trash`)).json()).batches, []);
    assert.equal(await total(), 0);
  },
);

scene(
  "L10: a page from elsewhere does not offer the log, and says who may",
  "/",
  async ({ page, url }) => {
    await using relay = startRelay(Number(new URL(url).port), { adds: ["X-Forwarded-For: 203.0.113.9"] });
    await page.goto(`http://localhost:${relay.port}/`);
    await page.getByTestId("connection").getByText("live").waitFor();
    await page.keyboard.press("d");
    await page.getByTestId("log-not-here").getByText("--log-who all").waitFor();
    await page.getByTestId("log-elsewhere").waitFor();
    assert.equal(await page.getByTestId("log-switch").count(), 0);
    await page.keyboard.press("b");
    await page.getByTestId("clips-none").getByText("on its own machine alone").waitFor();
    assert.equal(await page.getByText("Try again").count(), 0, "it would be refused again");
  },
  { expected: /403/ },
);

ownScene(
  "L11: a log that fails is off, says why, and can be turned on again",
  "/",
  async ({ page, data }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("d");
    await page.getByTestId("log-switch").check();
    await page.getByTestId("log-entry").first().waitFor();
    await Deno.rename(data, `${data}-away`);
    await Deno.remove(`${data}-away`, { recursive: true });
    await page.getByTestId("log-failed").getByText("deleted or moved").waitFor();
    await becomes(page, () => page.getByTestId("log-switch").isChecked(), false, "whether the log is on");
    await page.getByTestId("log-sign").waitFor({ state: "detached" });
    await page.getByTestId("log-empty").waitFor();
    // It shows what counts, which the server has to answer first.
    await page.getByTestId("log-switch").click();
    await page.getByTestId("log-sign").waitFor();
    await page.getByTestId("log-entry").first().waitFor();
    await page.getByTestId("log-failed").waitFor({ state: "detached" });
  },
  { expected: /503/ },
);
