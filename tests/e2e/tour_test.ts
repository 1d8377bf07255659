/** The tour and the booth, in real Chromium. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { checkView } from "./_axe.ts";
import { becomes, scene, until, waitForLabel } from "./_scene.ts";

const tour = (page: Page) => page.getByTestId("tour");
const step = (page: Page) => tour(page).getAttribute("data-step");
const said = (page: Page) => page.getByTestId("tour-said").innerText();

/** Rectangles of the words and of what they speak of, and whether the first lies in the window and beside the second. */
function standing(page: Page, about: string): Promise<{ inside: boolean; beside: boolean }> {
  return page.evaluate((about) => {
    const [words, spoken] = [".tour-words", about].map((selector) =>
      document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect()
    );
    if (words === undefined || spoken === undefined) throw new Error("the page has no tour");
    return {
      inside: words.left >= 0 && words.top >= 0 && words.right <= innerWidth && words.bottom <= innerHeight,
      beside: words.right <= spoken.left || words.left >= spoken.right || words.bottom <= spoken.top ||
        words.top >= spoken.bottom,
    };
  }, about);
}

scene("the tour by keyboard, left in the middle and taken on a phone by touch", "/", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await waitForLabel(page, "espresso");
  await page.getByTestId("tour-offer").waitFor();
  await page.keyboard.press(",");
  await tour(page).waitFor();
  await until(
    page,
    () => said(page),
    (words) => /says espresso, and is \d+ % sure/.test(words),
    "the answer",
  );
  assert.deepEqual(await standing(page, ".stage"), { inside: true, beside: true });
  await checkView(page, "the tour");
  await page.keyboard.press("ArrowRight");
  await until(page, () => said(page), (words) => words.includes("finds espresso"), "the colours");
  await page.keyboard.press("ArrowRight");
  await page.getByTestId("covered").waitFor();
  await page.keyboard.press("ArrowRight");
  await until(
    page,
    () => said(page),
    (words) => /^espresso falls from \d+ % to \d+ %/.test(words),
    "the fall",
  );
  assert.deepEqual(await standing(page, ".predictions"), { inside: true, beside: true });
  await page.keyboard.press("ArrowLeft");
  await becomes(page, () => step(page), "cover", "a step back");
  await page.keyboard.press("Escape");
  await tour(page).waitFor({ state: "detached" });
  await page.getByTestId("covered").waitFor({ state: "detached" });
  await until(page, () => page.getByTestId("change").count(), (count) => count === 0, "the whole picture");
  // It is offered once.
  assert.equal(await page.getByTestId("tour-offer").count(), 0);

  await page.setViewportSize({ width: 360, height: 740 });
  await page.keyboard.press(",");
  await tour(page).waitFor();
  for (const next of ["glow", "cover", "fall", "another"]) {
    await page.getByTestId("tour-next").click();
    await becomes(page, () => step(page), next, "the next step");
  }
  await until(page, () => said(page), (words) => words.includes("what speaks for"), "the second class");
  assert.deepEqual(await standing(page, ".stage"), { inside: true, beside: true });
  await checkView(page, "the tour on a phone");
  await page.getByTestId("tour-next").click();
  await until(page, () => said(page), (words) => words.includes("“Not sure”"), "what nobody could know");
  await page.getByTestId("tour-next").click();
  await until(page, () => said(page), (words) => words.startsWith("Record"), "the end");
  await page.getByTestId("tour-next").click();
  await tour(page).waitFor({ state: "detached" });
  await waitForLabel(page, "espresso");
});

scene("a booth plays the tour by itself, and a touch gives the page", "/?demo=1", async ({ page }) => {
  await tour(page).waitFor();
  await waitForLabel(page, "espresso");
  await becomes(page, () => step(page), "glow", "the second step by itself");
  assert.equal(await page.getByTestId("start-camera").count(), 1);
  assert.equal(await page.getByTestId("record").isVisible(), false);
  await page.mouse.click(300, 300);
  await tour(page).waitFor({ state: "detached" });
  await page.getByTestId("record").waitFor();
  assert.equal(await page.evaluate(() => "demo" in document.documentElement.dataset), false);
  // The touch pressed nothing of the page.
  assert.equal(await page.getByTestId("freeze").getAttribute("aria-pressed"), "false");
});
