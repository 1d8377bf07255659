/** WCAG 2.2 AA on every view of the page, checked with axe in real Chromium. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { PANELS } from "../../client/app/panels.ts";
import { axeFaults } from "./_axe_faults.ts";
import { scene, startCamera, waitForLabel } from "./_scene.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** How the page is looked at: the window's width and height in pixels, and the colours that the browser asks for. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "dark" | "light";
}

/** What nobody should read: comments and values that slipped into the page. */
const SLIPS = /\/\*|\*\/|\bundefined\b|\bNaN\b|\[object /;

/** Fails with what is wrong and where. */
export async function checkView(page: Page, view: string): Promise<void> {
  assert.deepEqual(await axeFaults(page, { tags: RULES }), [], view);
  assert.doesNotMatch(await page.locator("body").innerText(), SLIPS, view);
}

/** Tests every view in one look; each look is a file of its own, as they take long. */
export function testEveryView({ width, height, colorScheme }: Look): void {
  scene(`every view is without a violation, ${width} px, ${colorScheme}`, "/", async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await checkView(page, "before the camera");
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.getByTestId("freeze").click();
    await checkView(page, "frozen");
    for (const { id, key } of PANELS) {
      await page.keyboard.press(key);
      const drawer = page.getByTestId(`drawer-${id}`);
      await drawer.locator(".drawer-body > :not([role=status])").first().waitFor();
      await checkView(page, id);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
    }
    await page.getByTestId("record-menu").click();
    await checkView(page, "how to record");
    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    await page.getByTestId("countdown").waitFor();
    await checkView(page, "countdown");
    await page.getByTestId("record-hud").waitFor();
    await page.keyboard.press("x");
    await checkView(page, "recording");
    await page.keyboard.press("r");
    await page.getByTestId("preview").waitFor();
    await page.getByTestId("clip-player").evaluate((video) => (video as HTMLVideoElement).pause());
    await checkView(page, "preview");
    await page.getByTestId("preview-discard").click();
    await page.keyboard.press("w");
    await page.getByTestId("show-start").click();
    await page.getByTestId("show-count").waitFor();
    await checkView(page, "a show");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.getByTestId("pane-1").getByTestId("pane-edit").click();
    await page.getByTestId("pane-method").waitFor();
    await checkView(page, "compare");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.getByTestId("method").press("Enter");
    await page.getByTestId("method-search").waitFor();
    await checkView(page, "the methods");
    await page.keyboard.press("Escape");
    // A field with the focus takes the page's keys for itself.
    await page.getByTestId("method").blur();
    await page.keyboard.press("?");
    await checkView(page, "help");
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    await page.mouse.move(100, 100);
    await page.getByTestId("present-menu").click();
    for (const part of ["others", "method", "code"]) await page.getByTestId(`present-${part}`).check();
    await checkView(page, "what to present");
    await page.keyboard.press("Escape");
    await page.locator(".code-card").waitFor();
    await checkView(page, "present");
  });
}
