/** What is opened and how it is closed again: Back, Escape, a press outside. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { pictures, scene, startCamera, until, waitForLabel } from "./_scene.ts";

const live = (page: Page) => page.getByTestId("connection").getByText("live").waitFor();
const gone = (page: Page, testid: string) => page.getByTestId(testid).waitFor({ state: "detached" });

/** Waits until the page has taken its steps through the history. */
async function settled(page: Page, depth: number): Promise<void> {
  await until(
    page,
    () => page.evaluate(() => (history.state as { layers?: number } | null)?.layers ?? 0),
    (now) => now === depth,
    "depth of the history",
  );
}

scene("Back closes what is open, one after the other, before it leaves the page", "/", async ({ page }) => {
  await live(page);
  await page.keyboard.press("i");
  await page.getByTestId("drawer-inside").waitFor();
  await page.keyboard.press("?");
  await page.locator("dialog.help[open]").waitFor();
  await settled(page, 2);
  await page.goBack();
  await page.locator("dialog.help[open]").waitFor({ state: "detached" });
  await page.getByTestId("drawer-inside").waitFor();
  await page.goBack();
  await gone(page, "drawer-inside");

  // Whatever is closed otherwise leaves nothing to go back through.
  for (const key of ["e", "g", "p"]) {
    await page.keyboard.press(key);
    await settled(page, 1);
    await page.keyboard.press(key);
    await settled(page, 0);
  }
  await page.getByTestId("record-menu").click();
  await settled(page, 1);
  await page.goBack();
  await page.locator("#record-menu").waitFor({ state: "hidden" });
  await settled(page, 0);
  await page.goBack();
  assert.equal(page.url(), "about:blank");
});

scene("Back closes the view that a link opened", "/?view=log", async ({ page }) => {
  await page.getByTestId("drawer-log").waitFor();
  await settled(page, 1);
  await page.goBack();
  await gone(page, "drawer-log");
  assert.match(page.url(), /view=log$/);
});

scene("Escape and a press outside close every menu, and nothing below it", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  const menus = [["record-menu", "#record-menu"], ["drops", "#drops-menu"]] as const;
  for (const [button, menu] of menus) {
    await page.keyboard.press("e");
    await page.getByTestId(button).click();
    await page.locator(menu).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(menu).waitFor({ state: "hidden" });
    await page.getByTestId("drawer-trust").waitFor();
    await page.getByTestId(button).click();
    await page.locator(menu).waitFor();
    await page.locator(".brand").click();
    await page.locator(menu).waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await gone(page, "drawer-trust");
  }

  await page.keyboard.press("p");
  await page.mouse.move(200, 200);
  await page.getByTestId("present-menu").click();
  await page.getByTestId("present-others").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("present-others").waitFor({ state: "hidden" });
  assert.equal(await page.locator(".presenting").count(), 1);
  await page.keyboard.press("Escape");
  await page.locator(".presenting").waitFor({ state: "detached" });

  await page.keyboard.press("g");
  const pane = page.getByTestId("pane-1");
  await pane.getByTestId("pane-edit").click();
  await pane.getByTestId("pane-method").waitFor();
  await page.locator("body").evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("Escape");
  await pane.getByTestId("pane-method").waitFor({ state: "detached" });
  await pane.getByTestId("pane-edit").click();
  await pane.getByTestId("pane-method").waitFor();
  await pane.locator("h3").click();
  await pane.getByTestId("pane-method").waitFor({ state: "detached" });
  await page.keyboard.press("g");

  await page.locator("input[data-testid=class-lock]").fill("cup");
  await page.getByRole("listbox").waitFor();
  await page.locator(".brand").click();
  await page.getByRole("listbox").waitFor({ state: "hidden" });
});

scene("a press beside a sheet closes it, the toolbar below it stays in reach", "/", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.keyboard.press("e");
  await page.getByTestId("drawer-trust").waitFor();
  await page.getByTestId("freeze").click();
  await pictures(page, 2);
  await page.getByTestId("drawer-trust").waitFor();
  const { x, y } = await page.locator(".stage").boundingBox() ?? { x: 0, y: 0 };
  await page.mouse.move(x + 300, y + 60);
  await page.mouse.down();
  await page.mouse.move(x + 150, y + 60, { steps: 4 });
  await page.mouse.up();
  await page.locator('.divider[data-rests="false"]').waitFor();
  await page.getByTestId("drawer-trust").waitFor();
  await page.locator(".stage").click({ position: { x: 40, y: 40 } });
  await gone(page, "drawer-trust");
});
