/** Classes with the same name in real Chromium: 134 and 517 are both "crane". */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Collects the class of every view that the server confirms from now on; null while none is locked. */
function confirmedClasses(page: Page): (number | null)[] {
  const classes: (number | null)[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string" || !payload.includes('"type":"view"')) return;
      const { target } = JSON.parse(payload) as { target: { kind: string; index?: number } };
      classes.push(target.kind === "class" ? target.index ?? null : null);
    });
  });
  return classes;
}

/** What the search offers. */
function options(page: Page): Locator {
  return page.locator('.matches [role="option"]');
}

async function lockSecondCrane(page: Page): Promise<void> {
  await page.getByTestId("class-lock").fill("crane");
  await options(page).nth(1).waitFor();
  assert.deepEqual(await options(page).allInnerTexts(), [
    "crane (134), listed beside bittern and limpkin",
    "crane (517), listed beside cradle and crash helmet",
  ]);
  await options(page).nth(1).click();
  await locks(page, "crane (517)");
}

/** Waits until the field names the locked class. */
async function locks(page: Page, name: string): Promise<void> {
  const field = page.getByTestId("class-lock");
  await until(page, () => field.inputValue(), (value) => value === name, `the field to read ${name}`);
  await page.locator(".predictions .row .name").getByText(name, { exact: true }).waitFor();
}

scene(
  "a link to the second crane opens the second crane, and Trust measures that one",
  "/",
  async ({ page, url }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await lockSecondCrane(page);
    await page.keyboard.press("l");
    await page.getByText("The link to this view is copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /[?&]class=517:crane(&|$)/);

    const classes = confirmedClasses(page);
    await page.goto(link);
    await startCamera(page);
    await locks(page, "crane (517)");
    assert.deepEqual([...new Set(classes)], [517]);
    await page.keyboard.press("e");
    const asked = page.waitForRequest(/\/api\/explain\?/);
    await page.getByTestId("trust-start").click();
    assert.equal(new URL((await asked).url()).searchParams.get("class"), "517:crane");
    await page.getByTestId("trust").getByRole("button", { name: "Cancel" }).click();
  },
);

scene("a link with a name of two classes asks which one is meant", "/?class=crane", async ({ page }) => {
  await page.getByText("Several classes have this name").waitFor();
  await options(page).nth(1).click();
  await startCamera(page);
  await locks(page, "crane (517)");
});

scene("an old link with a name of one class locks it", "/?class=goldfish", async ({ page }) => {
  await startCamera(page);
  await locks(page, "goldfish");
});

scene("the search says that nothing was found", "/", async ({ page }) => {
  await startCamera(page);
  const field = page.getByTestId("class-lock");
  await field.fill("unicorn");
  await page.getByRole("status").getByText("Nothing found").waitFor();
  await field.fill("cats");
  await until(
    page,
    async () => (await options(page).allInnerTexts()).join("|"),
    (found) => /tiger cat\|.*Egyptian cat/.test(found),
    "cats",
  );
  await page.getByTestId("class-none").waitFor({ state: "hidden" });
});
