/** A show in real Chromium: one page presents, others watch and steer. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { axeFaults } from "./_axe_faults.ts";
import { startServer } from "../support/server.ts";
import { becomes, onServer, ownScene, scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Lets others watch, and gives both links. */
async function present(page: Page): Promise<{ watch: string; remote: string }> {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.keyboard.press("w");
  await page.getByTestId("show-start").click();
  return await links(page);
}

async function links(page: Page): Promise<{ watch: string; remote: string }> {
  await page.getByRole("button", { name: "Watch", exact: true }).last().click();
  const watch = onServer(page, await page.getByTestId("watch-link").inputValue());
  await page.getByTestId("show-remote").click();
  return { watch, remote: onServer(page, await page.getByTestId("remote-link").inputValue()) };
}

/** Another device of the presenter's context, with the size of a phone. */
async function phone(page: Page, link: string): Promise<Page> {
  const other = await page.context().newPage();
  await other.setViewportSize({ width: 360, height: 740 });
  await other.goto(link);
  return other;
}

const state = (page: Page, word: string) =>
  page.getByTestId("watch-state").getByText(word, { exact: true }).waitFor();

async function noViolations(page: Page): Promise<void> {
  assert.deepEqual(await axeFaults(page), []);
}

/** Sum of the picture's brightness and of the map's opacity on the page of somebody who watches. */
function seen(page: Page): Promise<{ picture: number; map: number }> {
  return page.getByTestId("watch-stage").evaluate((stage) => {
    const sum = (selector: string, channel: number) => {
      const canvas = stage.querySelector<HTMLCanvasElement>(selector);
      const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let total = 0;
      for (let at = channel; at < data.length; at += 4) total += data[at] ?? 0;
      return total;
    };
    return { picture: sum(".watch-picture", 0), map: sum(".overlay", 3) };
  });
}

scene(
  "a show is followed on a phone: picture, map, label, method, stage, until it ends",
  "/",
  async ({ page }) => {
    const { watch } = await present(page);
    await noViolations(page);
    const other = await phone(page, watch);
    await waitForLabel(other, "espresso");
    await state(other, "live");
    await until(
      other,
      () => seen(other),
      ({ picture, map }) => picture > 1e6 && map > 1e5,
      "picture and map",
    );
    await noViolations(other);
    await other.setViewportSize({ width: 1280, height: 800 });
    await noViolations(other);
    await page.getByTestId("show-count").getByText("1 person watches").waitFor();

    await page.bringToFront();
    await page.keyboard.press("m");
    const name = await page.getByTestId("method").evaluate((select) =>
      (select as HTMLSelectElement).selectedOptions[0]?.text ?? ""
    );
    assert.notEqual(name, "Grad-CAM");
    await other.getByRole("heading", { name, exact: true }).waitFor();
    await page.keyboard.press("h");
    await until(
      other,
      () => other.locator(".watch-crop .overlay").evaluate((canvas) => (canvas as HTMLElement).style.opacity),
      (opacity) => opacity === "0",
      "the map is hidden there, too",
    );
    await page.getByTestId("freeze").click();
    await other.getByText("Frozen").waitFor();

    const late = await phone(page, watch);
    await waitForLabel(late, "espresso");
    await page.getByTestId("show-count").getByText("2 people watch").waitFor();
    await late.close();
    await page.getByTestId("show-count").getByText("1 person watches").waitFor();

    await page.bringToFront();
    await page.getByTestId("show-renew").click();
    await other.getByTestId("watch-words").getByText("has ended the show").waitFor();
    const link = async () => onServer(page, await page.getByTestId("watch-link").inputValue());
    await page.getByRole("button", { name: "Watch", exact: true }).last().click();
    const next = await until(page, link, (now) => now !== watch, "another link");
    await other.goto(next);
    await waitForLabel(other, "espresso");
    await page.bringToFront();
    await page.getByTestId("show-stop").click();
    await other.getByTestId("watch-words").getByText("has ended the show").waitFor();
    await page.getByTestId("show-start").waitFor();
  },
);

scene("a remote freezes, chooses the method, locks a class and hides the map", "/", async ({ page }) => {
  const { remote } = await present(page);
  const pad = await phone(page, remote);
  await waitForLabel(pad, "espresso");
  await noViolations(pad);
  await pad.getByTestId("remote-freeze").click();
  await page.locator('[data-testid="freeze"][aria-pressed="true"]').waitFor();
  await pad.getByTestId("remote-freeze").getByText("Resume").waitFor();
  await pad.getByTestId("remote-freeze").click();
  await page.locator('[data-testid="freeze"][aria-pressed="false"]').waitFor();

  await pad.getByTestId("remote-method").selectOption("occlusion");
  await until(
    page,
    () => page.getByTestId("method").inputValue(),
    (method) => method === "occlusion",
    "the method on the presenter's page",
  );
  // By its name: the second guess of a moving picture changes now and then.
  const name = await pad.locator(".watch-row button").nth(1).locator(".name").innerText();
  await pad.locator(".watch-row button").filter({ has: pad.getByText(name, { exact: true }) }).click();
  await page.locator('.row button[aria-pressed="true"]').getByText(name).waitFor();
  await pad.locator('.watch-row button[aria-pressed="true"]').getByText(name).waitFor();
  await pad.getByTestId("remote-unlock").click();
  await pad.locator('.watch-row button[aria-pressed="true"]').waitFor({ state: "detached" });
  await pad.getByTestId("remote-hide-map").click();
  await pad.getByTestId("remote-hide-map").getByText("Show map").waitFor();
  await pad.getByTestId("remote-present").click();
  await page.locator(".presenting").waitFor();
});

scene(
  "who watches sees that the presenter is away, and is still there when the page comes back",
  "/",
  async ({ page }) => {
    const { watch } = await present(page);
    const other = await phone(page, watch);
    await waitForLabel(other, "espresso");
    await page.goto("about:blank");
    await state(other, "away");
    await other.getByTestId("watch-words").getByText("away for a moment").waitFor();
    await page.goBack();
    await state(other, "live");
    await startCamera(page);
    await until(other, () => seen(other), ({ map }) => map > 1e5, "a map of the page that came back");
  },
);

ownScene(
  "a link outlives a restart of the server; a link that nobody presents under says so",
  "/",
  async ({ page, server, url }) => {
    const { watch } = await present(page);
    const other = await phone(page, watch);
    await waitForLabel(other, "espresso");
    const data = `data/e2e-${crypto.randomUUID()}`;
    await server.kill();
    await state(other, "offline");
    await using _again = await startServer(server.port, ["--data", data]);
    await state(other, "live");
    await page.getByTestId("connection").getByText("live").waitFor();
    await page.getByTestId("show-count").getByText("1 person watches").waitFor();
    const nobody = await phone(page, `${url}/watch/abcdefgh23456789`);
    await nobody.getByTestId("watch-words").getByText("Nobody presents under this address").waitFor();
    await page.context().close();
    await Deno.remove(data, { recursive: true });
  },
  { expected: /WebSocket connection|ERR_CONNECTION/ },
);

scene(
  "in present mode the code is shown on the stage, with the parts that are wanted",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("p");
    await page.mouse.move(200, 200);
    await page.getByTestId("present-menu").click();
    for (const part of ["others", "method", "code"]) await page.getByTestId(`present-${part}`).check();
    await page.getByTestId("present-status").uncheck();
    await page.keyboard.press("Escape");
    await page.locator(".presenting").waitFor();
    const others = page.getByTestId("present-others-list").locator("li");
    await becomes(page, () => others.count(), 4, "the other classes");
    await page.getByTestId("present-method-line").getByText("Grad-CAM: evidence for espresso").waitFor();
    await becomes(page, () => page.getByTestId("age").count(), 0, "figures of the status");
    await page.locator(".code-card").waitFor();
    await noViolations(page);
    await page.keyboard.press("Escape");
    await page.locator(".presenting").waitFor({ state: "detached" });
  },
);

ownScene(
  "where no phone reaches the server, the panel says why beforehand, and present mode offers no code",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("w");
    await page.getByTestId("show-start").waitFor();
    assert.match(await page.getByTestId("show-local").innerText(), /Only this computer reaches the server/);
    await page.getByTestId("show-start").click();
    await page.getByTestId("show-count").waitFor();
    // A code that was wanted on an earlier visit.
    await page.evaluate(() => localStorage.setItem("gradcast.settings", '{"presentParts":["label","code"]}'));
    await page.reload();
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("p");
    await page.mouse.move(200, 200);
    await page.getByTestId("present-menu").click();
    await page.getByTestId("present-label").waitFor();
    assert.equal(await page.getByTestId("present-code").count(), 0);
    assert.equal(await page.locator(".code-card").count(), 0);
    assert.doesNotMatch(await page.locator(".presenting").innerText(), /reach|server|--host/);
  },
);
