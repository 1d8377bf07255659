/** The page of tables in real Chromium: a sample is fitted, drawn, explained and saved; a bad file says what is wrong. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { axeFaults } from "./_axe_faults.ts";
import { layoutFaults } from "./_layout.ts";
import { becomes, scene } from "./_scene.ts";

/** A tree of 569 rows, five heads and their cross-validation take some seconds on two cores. */
const FITTING_MS = 60_000;

async function noViolations(page: Page, view: string): Promise<void> {
  assert.deepEqual(await axeFaults(page), [], view);
}

/** Presses a button and reads the file that it saves. */
async function saved(page: Page, testid: string): Promise<Uint8Array> {
  const download = page.waitForEvent("download");
  await page.getByTestId(testid).click();
  return await Deno.readFile(await (await download).path());
}

const boxes = (page: Page) => page.getByTestId("tree-count").innerText();

/** Looks at a head and waits for its explanation of the row. */
async function look(page: Page, kind: string, explanation: string): Promise<void> {
  await page.getByTestId(`head-${kind}`).getByRole("button").click();
  await page.getByTestId(explanation).waitFor();
}

scene(
  "a sample is fitted, drawn, explained and saved; a bad file says what is wrong",
  "/tables",
  async ({ page }) => {
    await noViolations(page, "start");
    await page.getByTestId("table-file").setInputFiles({
      name: "bad.csv",
      mimeType: "text/csv",
      buffer: Buffer.from('a,b\n1,"open\n'),
    });
    await page.getByTestId("problem").getByText(/quot/).waitFor();

    await page.getByTestId("sample-breast-cancer").click();
    await page.getByTestId("path-list").waitFor({ timeout: FITTING_MS });
    await page.getByTestId("accuracy-nearest").getByText("±").waitFor({ timeout: FITTING_MS });
    assert.match(await page.getByTestId("accuracy-linear").innerText(), /^9[78]\.\d % ± /);
    assert.match(await page.getByTestId("row-said").innerText(), /malignant/);
    assert.equal(
      await page.locator('.tree-box[data-light="lit"]').count(),
      await page.locator(".path-step").count(),
    );
    const [first] = (await boxes(page)).split(" ");
    await page.locator('[data-index="0"] .tree-title').click();
    await becomes(page, async () => (await boxes(page)).split(" ")[0], "1", "boxes of a closed root");
    await page.keyboard.press("Enter");
    await becomes(page, async () => (await boxes(page)).split(" ")[0], first, "boxes of an open root");
    const before = await page.locator(".tree-window > g").getAttribute("transform");
    await page.keyboard.press("Shift+ArrowDown");
    assert.notEqual(await page.locator(".tree-window > g").getAttribute("transform"), before);
    await page.getByText("The tree as a table").click();
    await page.getByRole("columnheader", { name: "Gini" }).waitFor();
    const svg = new TextDecoder().decode(await saved(page, "tree-svg"));
    assert.match(svg, /^<svg [\s\S]*worst[\s\S]*malignant[\s\S]*<\/svg>$/);
    assert.deepEqual(
      [...(await saved(page, "tree-png")).subarray(1, 4)],
      [..."PNG"].map((one) => one.charCodeAt(0)),
    );
    assert.equal(JSON.parse(new TextDecoder().decode(await saved(page, "save-json"))).results.length, 5);
    await noViolations(page, "tree");
    assert.deepEqual(await layoutFaults(page, "tables tree"), []);

    await page.getByTestId("row-values").locator("summary").click();
    const worst = page.getByTestId("row-values").getByLabel("worst area");
    await worst.fill("100");
    await worst.press("Enter");
    await page.getByText("A row of your own").waitFor();
    await page.getByTestId("row-reset").click();
    await page.getByTestId("row-next").click();
    await page.getByTestId("row-said").getByText(/In the table it is/).waitFor();
    await look(page, "pca-linear", "contributions");
    assert.match(await page.getByTestId("head-words").innerText(), /30 → 17 dimensions, 99\.11 %/);
    await look(page, "forest", "votes");
    await noViolations(page, "forest");
    await look(page, "nearest", "neighbours");
  },
  { expected: /status of 4\d\d/ },
);
