/** Every view on every size of screen: nothing overlaps, nothing is out of reach, no words are cut. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { PANELS } from "../../client/app/panels.ts";
import { makeFilm } from "../support/browser.ts";
import { layoutFaults, SIZES } from "./_layout.ts";
import { seconds } from "./_recording.ts";
import { onServer, PHOTO, scene, startCamera, until } from "./_scene.ts";

/** Two cameras, so that there is one to choose; they show the browser's own picture. */
const webcam = () => Promise.resolve({ cameras: 2 });

/** Collects what is wrong, so that one run shows all of it. */
function inspector(page: Page): { look(view: string): Promise<void>; faults: string[] } {
  const faults: string[] = [];
  return {
    faults,
    async look(view) {
      faults.push(...await layoutFaults(page, view));
    },
  };
}

/** Waits until the page shows a label. */
const labelled = (page: Page) =>
  until(page, () => page.getByTestId("top-label").innerText(), (label) => label !== "–", "a label");

/** Shows two notices, one of them long. */
async function twoNotices(page: Page): Promise<void> {
  for (
    const [place, name] of ["holiday in the mountains, the very long second part.zip", "b.zip"].entries()
  ) {
    await page.evaluate((name) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], name, { type: "application/zip" }));
      dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    }, name);
    await until(page, () => page.locator(".toast").count(), (count) => count > place, "a notice");
  }
}

async function noNotices(page: Page): Promise<void> {
  await until(
    page,
    async () => {
      // Found and pressed in one go: a notice may leave by itself.
      await page.getByLabel("Dismiss").evaluateAll((buttons) => {
        for (const button of buttons) if (button instanceof HTMLElement) button.click();
      });
      return await page.locator(".toast").count();
    },
    (count) => count === 0,
    "notices",
  );
}

/** How much of the height of the page's parts is out of sight at the moment, in pixels. */
function hiddenPart(page: Page, parts: string): Promise<number> {
  return page.evaluate((parts) => {
    const bar = document.querySelector(".toolbar");
    const fixed = bar !== null && getComputedStyle(bar).position === "fixed";
    const hidden = Array.from(document.querySelectorAll(parts), (part) => {
      const box = part.getBoundingClientRect();
      let [top, bottom] = [
        Math.max(0, box.top),
        Math.min(box.bottom, fixed ? bar.getBoundingClientRect().top : innerHeight),
      ];
      for (let up = part.parentElement; up !== null; up = up.parentElement) {
        const { overflowY, display } = getComputedStyle(up);
        if (display === "contents" || !/auto|scroll/.test(overflowY)) continue;
        const frame = up.getBoundingClientRect();
        [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
      }
      return box.height - (bottom - top);
    });
    return Math.max(...hidden);
  }, parts);
}

/** Entries of the log with long names, which a test picture does not give. */
async function fakeLog(page: Page): Promise<void> {
  const entry = {
    ...{ start: "2026-11-26T12:00:00Z", end: "2026-11-26T12:00:42Z", frames: 420, map: null },
    ...{
      peak: 0.913,
      mean: 0.874,
      classIndex: 180,
      label: "American Staffordshire terrier, Staffordshire terrier",
    },
    ...{ method: "grad-cam", modelId: "efficientnet-lite0", modelHash: "0123456789abcdef".repeat(4) },
    ...{ modelName: "EfficientNet-Lite0", taughtHead: null },
  };
  const entries = [9, 8, 7].map((id) => ({ id, ...entry }));
  await page.route("**/api/log?*", (route) => route.fulfill({ json: { entries, total: 3, next: null } }));
  await page.route("**/api/log/*/picture", (route) => route.fulfill({ path: PHOTO }));
}

scene("samples, photos and videos fit every screen", "/", async ({ page }) => {
  const { look, faults } = inspector(page);
  await labelled(page);
  await look("sample");
  await twoNotices(page);
  await look("sample with notices");
  await noNotices(page);
  await page.getByTestId("file").setInputFiles(PHOTO);
  await labelled(page);
  // The longest names that a model has.
  await page.evaluate(() => {
    const names = document.querySelectorAll(".row .name");
    const long = ["black-and-tan coonhound", "American Staffordshire terrier", "yellow lady's slipper"];
    for (const [place, name] of names.entries()) name.textContent = long[place % long.length] ?? "";
  });
  await look("photo");
  await twoNotices(page);
  await look("photo with notices");
  await noNotices(page);
  const folder = await Deno.makeTempDir({ prefix: "gradcast-e2e-" });
  await page.getByTestId("file").setInputFiles(await makeFilm(PHOTO, folder));
  await page.locator("video.media:not([hidden])").waitFor();
  await look("video");
  await Deno.remove(folder, { recursive: true });
  assert.deepEqual(faults, []);
}, { webcam });

scene("the camera's views fit every screen", "/", async ({ page }) => {
  const { look, faults } = inspector(page);
  await startCamera(page);
  await labelled(page);
  await look("camera");
  await twoNotices(page);
  await look("camera with notices");
  await noNotices(page);
  await page.getByTestId("freeze").click();
  await page.keyboard.press("h");
  await look("frozen without map");
  await page.keyboard.press("h");
  await page.getByTestId("freeze").click();
  await fakeLog(page);
  for (const { id, key } of PANELS) {
    await page.keyboard.press(key);
    const drawer = page.getByTestId(`drawer-${id}`);
    await drawer.locator(".drawer-body > :not([role=status])").first().waitFor();
    if (id === "log") {
      await page.getByTestId("log-open").nth(1).click();
      await page.getByTestId("log-entry-large").waitFor();
      await look("log entry");
      await page.keyboard.press("Escape");
      await page.getByTestId("log-entry-large").waitFor({ state: "detached" });
    }
    await look(id);
    if (id === "inside") {
      await twoNotices(page);
      await look("inside with notices");
      await noNotices(page);
    }
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
  }
  await page.locator("input[data-testid=class-lock]").fill("terrier");
  await page.getByRole("listbox").waitFor();
  await look("class list");
  await page.keyboard.press("Escape");
  await page.getByTestId("record-menu").click();
  await look("record menu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await look("help");
  await page.keyboard.press("Escape");
  assert.deepEqual(faults, []);
}, { webcam });

scene("recording, preview and clips fit every screen", "/", async ({ page }) => {
  const { look, faults } = inspector(page);
  await startCamera(page);
  await labelled(page);
  await page.keyboard.press("r");
  await page.getByTestId("record-hud").waitFor();
  await until(page, () => seconds(page), (now) => now >= 2, "the time of the recording");
  await page.keyboard.press("x");
  await page.keyboard.press("y");
  await look("recording");
  await page.keyboard.press("p");
  await page.mouse.move(100, 100);
  await look("recording in present mode");
  await page.keyboard.press("p");
  await page.keyboard.press("y");
  await page.keyboard.press("r");
  await page.getByTestId("preview").waitFor();
  await page.getByTestId("video-time").getByText(/0:0[^0]$/).waitFor();
  await look("preview");
  await page.getByTestId("preview-keep").click();
  await page.getByTestId("preview").waitFor({ state: "detached" });
  await page.keyboard.press("b");
  await page.getByTestId("clip-play").click();
  await page.getByTestId("video-time").getByText(/0:0[^0]$/).waitFor();
  await look("clip playing");
  await noNotices(page);
  for (const size of SIZES) {
    await page.getByTestId("clip-play").click();
    await page.getByTestId("clip-player").waitFor({ state: "detached" });
    await page.setViewportSize(size);
    await page.getByTestId("clip-play").click();
    await page.getByTestId("video-time").getByText(/0:0[^0]$/).waitFor();
    await until(
      page,
      () => hiddenPart(page, ".replay-picture, .replay .video-bar"),
      (hidden) => hidden < 2,
      `pixels of the clip that plays that are out of sight at ${size.width} px`,
    );
  }
  assert.deepEqual(faults, []);
}, { webcam });

scene("comparing and presenting fit every screen", "/", async ({ page }) => {
  const { look, faults } = inspector(page);
  await startCamera(page);
  await labelled(page);
  await page.keyboard.press("g");
  await page.getByTestId("pane-1").getByTestId("pane-figures").getByText("cost").waitFor();
  await look("compare");
  await page.getByTestId("pane-1").getByTestId("pane-edit").click();
  await page.getByTestId("pane-method").waitFor();
  await look("compare settings");
  await page.keyboard.press("Escape");
  for (const what of ["method", "contrast"]) await page.getByTestId("add-pane").selectOption(what);
  await page.getByTestId("pane-5").waitFor();
  await look("compare six");
  await page.getByTestId("pane-5").getByTestId("pane-remove").click();
  await page.getByTestId("toast-action").waitFor();
  await look("compare with a notice");
  await noNotices(page);
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.getByTestId("show-start").click();
  await page.getByTestId("show-count").waitFor();
  await look("a show");
  await page.getByRole("button", { name: "Watch", exact: true }).last().click();
  const link = onServer(page, await page.getByTestId("watch-link").inputValue());
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  await page.mouse.move(100, 100);
  await page.getByTestId("present-menu").click();
  for (const part of ["others", "method", "code"]) await page.getByTestId(`present-${part}`).check();
  await look("present menu");
  await page.keyboard.press("Escape");
  await page.locator(".code-card").waitFor();
  await look("present");
  const other = await page.context().newPage();
  await other.goto(link);
  await labelled(other);
  const there = inspector(other);
  await there.look("watch page");
  assert.deepEqual([...faults, ...there.faults], []);
}, { webcam });
