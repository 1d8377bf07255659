/** The view "Trust" in real Chromium. */
import assert from "node:assert/strict";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** The meters take some hundred rows, on two cores some seconds. */
const MEASURING_MS = 60_000;

scene("trust freezes the picture, measures its map and says what the meters mean", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.keyboard.press("e");
  await page.getByTestId("trust-start").getByText("Freeze and measure").waitFor();
  await page.getByTestId("trust-start").click();
  await page.locator('[data-testid="trust"][data-state="running"]').waitFor();
  await page.locator('[data-testid="trust"][data-state="done"]').waitFor({ timeout: MEASURING_MS });
  assert.equal(await page.getByTestId("freeze").getAttribute("aria-pressed"), "true");
  const words = await page.getByTestId("trust").innerText();
  assert.match(words, /Grad-CAM for espresso/);
  assert.match(words, /Deletion 0\.\d\d/);
  assert.match(words, /Random logits/);
  assert.equal(await page.getByTestId("trust-badge").count(), 0, "Grad-CAM depends on the class");
  await page.getByTestId("freeze").click();
  await page.getByText("Of an earlier picture or view").waitFor();
});

scene("guided backpropagation gets the badge that it does not depend on the class", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.getByTestId("method").selectOption("guided-backprop");
  await page.getByTestId("show-trust").click();
  await page.getByTestId("trust-start").click();
  await page.locator('[data-testid="trust"][data-state="done"]').waitFor({ timeout: MEASURING_MS });
  await page.getByTestId("trust-badge").waitFor();
  await until(
    page,
    () => page.locator(".caption").innerText(),
    (text) => /does not depend/.test(text),
    "caption",
  );
});

scene("a measuring can be cancelled", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.getByTestId("method").selectOption("occlusion");
  await page.getByTestId("show-trust").click();
  await page.getByTestId("trust-start").click();
  await page.getByTestId("trust").getByRole("button", { name: "Cancel" }).click();
  await page.locator('[data-testid="trust"][data-state="idle"]').waitFor();
});
