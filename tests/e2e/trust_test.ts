/** The view "Trust" in real Chromium. */
import assert from "node:assert/strict";
import { checkView } from "./_axe.ts";
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
  // The verdict stands first, and says because of which meter.
  const verdict = page.getByTestId("trust-verdict");
  assert.equal(await verdict.getAttribute("data-kind"), "good");
  assert.match(await verdict.innerText(), /Good\s+By (deletion|insertion): .* espresso clearly/);
  assert.ok(words.indexOf("Good") < words.indexOf("Deletion 0."), "the verdict stands before the curves");
  for (const title of ["Deletion", "Insertion"]) {
    const drawing = page.getByRole("img", { name: new RegExp(`^${title}: the probability of espresso`) });
    const lines = drawing.locator("polyline");
    assert.deepEqual(
      await lines.evaluateAll((all) => all.map((line) => line.getAttribute("data-line"))),
      ["random", "centre", "map"],
    );
    assert.match(await drawing.innerHTML(), /100 %.*pixels (taken away|put back)/);
    await page.getByText(`${title} in numbers`).click();
    const table = page.getByRole("table", { name: new RegExp(`^${title}: probability of espresso`) });
    assert.equal(await table.getByRole("row").count(), 9);
  }
  await checkView(page, "a verdict with its curves");
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
  await page.getByTestId("trust-badge").getByText("Does not depend on the class").waitFor();
  await until(
    page,
    () => page.locator(".caption").innerText(),
    (text) => /does not depend/.test(text),
    "caption",
  );
  assert.equal(await page.getByTestId("meter").count(), 0, "no small meter that says good beside it");
  // What shows the network itself is no map of evidence for a class either.
  await page.getByTestId("show-trust").click();
  await page.getByTestId("method").selectOption("activations");
  await page.getByTestId("show-trust").click();
  await page.getByText("Activations shows the network itself").waitFor();
  await page.getByTestId("trust-badge").last().getByText("Does not depend on the class").waitFor();
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
