/** The view "Clips" in real Chromium, with clips that the browser itself films. */
import assert from "node:assert/strict";
import type { Page, Route } from "playwright-core";
import { EMPTY_SIDECAR } from "../support/sidecar.ts";
import { announceClip, completeClip, sendPart, webm } from "../support/clips.ts";
import { startServer } from "../support/server.ts";
import type { RunningBrowser } from "../support/browser.ts";
import { axeFaults } from "./_axe_faults.ts";
import { becomes, openBrowser, ownScene, scene, skipped, until } from "./_scene.ts";
import { serveShelfChecks, type ShelfChecks } from "./_shelf_checks.ts";

/** A sidecar of no frames, with spaces enough to make an upload of several slices. */
const SIDECAR = JSON.stringify(EMPTY_SIDECAR).padEnd(3_000_000);

const NOON_MS = Date.UTC(2026, 10, 26, 12);

/** Puts clips onto the shelf, the first one being the oldest. */
async function film(page: Page, url: string, names: readonly string[]): Promise<void> {
  const path = await serveShelfChecks(page, url);
  for (const [index, name] of names.entries()) {
    await page.evaluate(async ({ path, name, sidecar, createdMs }) => {
      const checks: ShelfChecks = await import(path);
      await checks.addFilmedClip(name, sidecar, createdMs);
    }, { path, name, sidecar: SIDECAR, createdMs: NOON_MS + index * 60_000 });
  }
}

const cards = (page: Page) => page.getByTestId("clip");
const card = (page: Page, name: string) => cards(page).filter({ hasText: name });
const names = (page: Page) => cards(page).locator("h3").allInnerTexts();

/** Waits until the list shows these names in this order. */
async function shows(page: Page, expected: readonly string[]): Promise<void> {
  await until(page, () => names(page), (seen) => seen.join() === expected.join(), "clips in the list");
}

/** Waits until the open clip plays, and returns the width of its picture. */
async function plays(page: Page): Promise<number> {
  return await until(
    page,
    () =>
      page.getByTestId("clip-player").evaluate((video) =>
        video instanceof HTMLVideoElement && video.currentTime > 0 ? video.videoWidth : 0
      ),
    (width) => width > 0,
    "the clip does not play",
  );
}

/** Clips on the server. */
async function stored(url: string): Promise<{ id: string; name: string; pinned: boolean }[]> {
  return (await (await fetch(`${url}/api/clips`)).json()).clips;
}

scene("the empty view says what to do", "/?view=clips", async ({ page }) => {
  await page.getByTestId("clips-empty").getByText("Record what you see").waitFor();
});

scene("clips of this browser are found, renamed, pinned, played and deleted with undo", "/", async (
  { page, url },
) => {
  await film(page, url, ["Cup of espresso", "Cat"]);
  await page.keyboard.press("b");
  await shows(page, ["Cat", "Cup of espresso"]);
  await until(
    page,
    () =>
      cards(page).locator("img").evaluateAll((images) =>
        images.filter((image) => image instanceof HTMLImageElement && image.naturalWidth === 160).length
      ),
    (count) => count === 2,
    "thumbnails",
  );
  await page.getByTestId("clips-find").fill("espr cup");
  await shows(page, ["Cup of espresso"]);
  await page.getByTestId("clips-find").fill("");

  await card(page, "Cup").getByTestId("clip-rename").click();
  await page.getByTestId("clip-name").fill("Mug");
  await page.keyboard.press("Enter");
  await shows(page, ["Cat", "Mug"]);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  await becomes(page, focused, "Rename Mug", "the focus");
  await card(page, "Mug").getByTestId("clip-pin").click();
  await shows(page, ["Mug", "Cat"]);
  await card(page, "Mug").getByTestId("clip-rename").click();
  await page.getByTestId("clip-name").fill("nothing");
  await page.keyboard.press("Escape");
  await shows(page, ["Mug", "Cat"]);

  await card(page, "Mug").getByTestId("clip-play").click();
  assert.equal(await plays(page), 160);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    card(page, "Mug").getByTestId("clip-save-sidecar").click(),
  ]);
  assert.equal(file.suggestedFilename(), "Mug.json");
  assert.deepEqual(await axeFaults(page), []);

  await card(page, "Cat").getByTestId("clip-remove").click();
  await shows(page, ["Mug"]);
  await page.getByTestId("toast-action").click();
  await shows(page, ["Mug", "Cat"]);
  await page.reload();
  await page.keyboard.press("b");
  await shows(page, ["Mug", "Cat"]);
});

scene(
  "a clip that cannot be played says so and can still be saved; a sidecar that does not fit too",
  "/",
  async (
    { page, url },
  ) => {
    const path = await serveShelfChecks(page, url);
    await page.evaluate(async (path) => {
      const checks: ShelfChecks = await import(path);
      await checks.addBrokenClip("Broken");
    }, path);
    await film(page, url, ["Fine"]);
    await page.keyboard.press("b");
    await shows(page, ["Fine", "Broken"]);
    await card(page, "Broken").getByTestId("clip-play").click();
    await page.getByRole("alert").getByText("This browser cannot play the clip").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      card(page, "Broken").getByTestId("clip-save-media").click(),
    ]);
    assert.equal(file.suggestedFilename(), "Broken.mp4");
    await card(page, "Fine").getByTestId("clip-play").click();
    assert.equal(await plays(page), 160);
  },
);

ownScene("an upload shows how far it is, is cancelled, continues after the page was closed", "/", async (
  { page, url },
) => {
  await film(page, url, ["Cup"]);
  await page.keyboard.press("b");
  const held: Route[] = [];
  let slices = 0;
  await page.route("**/api/clips/*/upload", async (route) => {
    if (route.request().method() !== "PATCH") return await route.continue();
    slices++;
    // The first slice of a try passes, the second hangs.
    if (slices % 2 === 0) held.push(route);
    else await route.continue();
  });
  await page.getByTestId("clip-pin").click();
  await page.getByTestId("clip-upload-start").click();
  const line = page.getByTestId("clip-upload");
  const share = async () => Number(await line.locator("progress").getAttribute("value"));
  await until(page, share, (share) => share > 0.3 && share < 0.4, "progress");
  await page.getByTestId("clip-upload-cancel").click();
  await line.waitFor({ state: "detached" });

  await page.getByTestId("clip-upload-start").click();
  await until(page, () => held.length, (count) => count === 2, "a slice of the second try hangs");
  await page.reload();
  await page.keyboard.press("b");
  await page.locator('[data-testid="clip-upload"][data-state="stopped"]').waitFor();
  assert.deepEqual(await stored(url), []);
  await page.unroute("**/api/clips/*/upload");
  const offsets: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(request.headers()["upload-offset"] ?? "");
  });
  await page.getByTestId("clip-upload-resume").click();
  await page.getByTestId("clip-place").getByText("In this browser and on the server").waitFor();
  assert.equal(offsets[0], String(1024 * 1024), "what was there was not sent again");
  await becomes(
    page,
    async () => (await stored(url)).map(({ name, pinned }) => ({ name, pinned })),
    [{ name: "Cup", pinned: true }],
    "the server's clips",
  );
});

ownScene(
  "a clip that lies on the server alone plays in parts, is renamed, saved and deleted there",
  "/",
  async (
    { page, url },
  ) => {
    await film(page, url, ["Cup"]);
    await page.keyboard.press("b");
    await page.getByTestId("clip-upload-start").click();
    await page.getByTestId("clip-place").getByText("on the server").waitFor();
    // Another browser, which has nothing on its shelf.
    await page.evaluate(() =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open("gradcast-clips");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const clearing = request.result.transaction("rows", "readwrite").objectStore("rows").clear();
          clearing.onsuccess = () => resolve();
        };
      })
    );
    await page.reload();
    await page.keyboard.press("b");
    await page.getByTestId("clip-place").getByText("On the server", { exact: true }).waitFor();
    const parts: number[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/media")) parts.push(response.status());
    });
    await page.getByTestId("clip-play").click();
    assert.equal(await plays(page), 160);
    assert.ok(parts.length > 0 && parts.every((status) => status === 206), String(parts));

    await page.getByTestId("clip-rename").click();
    await page.getByTestId("clip-name").fill("Mug");
    await page.keyboard.press("Enter");
    await shows(page, ["Mug"]);
    await page.getByTestId("clip-pin").click();
    await until(page, () => stored(url), ([clip]) => clip?.pinned === true, "pinned on the server");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("clip-save-media").click(),
    ]);
    assert.equal(file.suggestedFilename(), "Mug.webm");

    await page.getByTestId("clip-remove").click();
    await page.getByTestId("clips-empty").waitFor();
    await becomes(page, () => stored(url), [], "the server's clips");
    await page.getByTestId("toast-action").click();
    await shows(page, ["Mug"]);
    await until(page, () => stored(url), (clips) => clips.length === 1, "the server's clip is back");

    await page.getByTestId("clip-remove").click();
    const trash = page.getByTestId("clips-trash");
    await trash.locator("summary").click();
    await trash.getByTestId("clip-restore").click();
    await shows(page, ["Mug"]);
    await becomes(page, () => page.getByTestId("toast-action").count(), 0, "what is left to undo");
  },
);

ownScene("a clip in the server's trash is restored, or deleted for good after a question", "/", async (
  { page, url },
) => {
  for (const name of ["Cup", "Cat"]) {
    const key = await announceClip(url, { name });
    await (await sendPart(url, key, 0, webm(100))).body?.cancel();
    await (await completeClip(url, key)).json();
    await (await fetch(`${url}/api/clips/${key.id}`, { method: "DELETE" })).body?.cancel();
  }
  await page.keyboard.press("b");
  await page.getByTestId("clips-empty").waitFor();
  const trash = page.getByTestId("clips-trash");
  await trash.locator("summary").click();
  const lines = trash.getByTestId("trashed-clip");
  await becomes(page, () => lines.locator("strong").allInnerTexts(), ["Cat", "Cup"], "the trash");
  for (const [width, height] of [[1280, 800], [360, 740]] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axeFaults(page), []);
    }
  }
  await lines.filter({ hasText: "Cup" }).getByTestId("clip-restore").click();
  await shows(page, ["Cup"]);
  await page.getByTestId("trash-empty").click();
  await trash.getByText("Keep").click();
  await page.getByTestId("trash-empty").click();
  await page.getByTestId("trash-empty-yes").click();
  await trash.waitFor({ state: "detached" });
  await becomes(page, async () => (await stored(url)).map(({ name }) => name), ["Cup"], "the server's clips");
  const trashed = async () => await (await fetch(`${url}/api/clips/trash`)).json();
  await becomes(page, trashed, { clips: [] }, "the server's trash");
});

ownScene(
  "a server whose data folder another one has says so beside the browser's own clips, until it is free",
  "/",
  async ({ page, server }) => {
    const data = `data/e2e-${crypto.randomUUID()}`;
    try {
      const first = await startServer(0, ["--data", data]);
      await using second = await startServer(0, ["--data", data]);
      await server.kill();
      await page.goto(second.url);
      await page.keyboard.press("d");
      await page.getByTestId("log-problem").getByText("Another Gradcast").waitFor();
      await page.getByTestId("log-switch").click();
      const notice = page.locator(".toast").getByText("Another Gradcast");
      await notice.waitFor();
      assert.doesNotMatch(await notice.innerText(), /data\/|process/, "the page says no path of the server");
      await becomes(
        page,
        () => page.getByTestId("log-failed").count(),
        0,
        "how often the view says it again",
      );
      await page.keyboard.press("b");
      await page.getByTestId("clips-problem").getByText("Another Gradcast uses the same data folder")
        .waitFor();
      await first[Symbol.asyncDispose]();
      await until(
        page,
        async () => {
          // Found and pressed in one go: the button leaves with the problem.
          await page.getByText("Try again").evaluateAll((buttons) => {
            for (const button of buttons) if (button instanceof HTMLElement) button.click();
          });
          return await page.getByTestId("clips-problem").count();
        },
        (count) => count === 0,
        "the folder is free",
      );
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
  { expected: /503|WebSocket|ERR_CONNECTION/ },
);

Deno.test({
  name: "an upload continues when a server that was killed in the middle of it is back",
  ignore: skipped,
  async fn() {
    const data = `data/e2e-${crypto.randomUUID()}`;
    try {
      await using browser = await openBrowser();
      const { page, port } = await killInUpload(browser, data);
      await using server = await startServer(port, ["--data", data]);
      await page.getByTestId("clip-upload-resume").click();
      await page.getByTestId("clip-place").getByText("In this browser and on the server").waitFor();
      const [clip] = await stored(server.url);
      const sidecar = await (await fetch(`${server.url}/api/clips/${clip?.id}/sidecar`)).text();
      assert.ok(sidecar === SIDECAR, "the sidecar arrived as it was");
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});

/** Kills a server while it waits for the second slice of an upload, and waits until the page says so. */
async function killInUpload(browser: RunningBrowser, data: string): Promise<{ page: Page; port: number }> {
  await using server = await startServer(0, ["--data", data]);
  const { page } = await browser.open(server.url);
  await film(page, server.url, ["Cup"]);
  await page.keyboard.press("b");
  const held = Promise.withResolvers<Route>();
  let holds = true;
  await page.route("**/api/clips/*/upload", async (route) => {
    const { "upload-offset": offset } = route.request().headers();
    if (!holds || offset === undefined || offset === "0") return await route.continue();
    holds = false;
    held.resolve(route);
  });
  await page.getByTestId("clip-upload-start").click();
  const route = await held.promise;
  await server.kill();
  await route.continue();
  await page.getByTestId("clip-upload").getByText("could not be reached").waitFor();
  return { page, port: server.port };
}
