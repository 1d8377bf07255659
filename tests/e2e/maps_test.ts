/** What the stage says about its map, in real Chromium. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Share of the heatmap's pixels that are more than half opaque, 0…1. */
function share(page: Page): Promise<number> {
  return page.getByTestId("overlay").evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return -1;
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let above = 0;
    for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) >= 128) above++;
    return above / (pixels.length / 4);
  });
}

scene(
  "RISE ends with a place, its own low end, its unit and its masks",
  "/?method=rise&o.masks=160",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.getByTestId("freeze").click();
    await page.getByText(/^complete, 160 masks, standard error 0\.0\d+/).waitFor({ timeout: 120_000 });
    const legend = await page.locator(".caption .legend").innerText();
    const [low = NaN, high = NaN] = [...legend.matchAll(/\d+\.\d+/g)].map(([text]) => Number(text));
    assert.ok(low > 0 && high > low, legend);
    assert.match(legend, /mean probability/);
    const drawn = await until(page, () => share(page), (value) => value > 0.05 && value < 0.65, "a place");
    assert.ok(drawn < 0.65);
  },
);
