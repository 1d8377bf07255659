/** Comparing maps side by side in real Chromium (rules P). */
import type { Locator, Page } from "playwright-core";
import { becomes, scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Opens the comparison and waits until its maps are there. */
async function compare(page: Page): Promise<void> {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.keyboard.press("g");
  for (const id of [1, 2]) await figures(page, id).getByText("cost").waitFor();
}

function figures(page: Page, id: number): Locator {
  return page.getByTestId(`pane-${id}`).getByTestId("pane-figures");
}

/** Sum of the opacities of a pane's map, and of red less blue: a contrast has both. */
function ink(page: Page, id: number): Promise<{ weight: number; red: number; blue: number }> {
  return page.getByTestId(`pane-${id}`).getByTestId("pane-overlay").evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("the overlay is no canvas");
    const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
    const sums = { weight: 0, red: 0, blue: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const [r = 0, b = 0, alpha = 0] = [data[at], data[at + 2], data[at + 3]];
      sums.weight += alpha;
      if (r > b) sums.red += alpha;
      else sums.blue += alpha;
    }
    return sums;
  });
}

function titles(page: Page): Promise<string[]> {
  return page.locator(".pane h3").evaluateAll((heads) =>
    heads.map((head) => head.getAttribute("title") ?? "")
  );
}

scene(
  "panes show another class, a contrast and the picture, each with its age and cost",
  "/",
  async ({ page }) => {
    await compare(page);
    const wanted = [
      "espresso · Grad-CAM",
      "cup · Grad-CAM",
      "espresso rather than cup · Grad-CAM",
      "Picture",
    ];
    // The camera's first pictures have other second guesses, and the order on screen changes twice a second at most.
    await until(page, () => titles(page), (shown) => shown.join() === wanted.join(), "other titles");
    await until(
      page,
      () => figures(page, 1).innerText(),
      (text) => /^\d+ ms old · cost [\d.]+ ms$/.test(text),
      "age and cost",
    );
    await until(page, () => ink(page, 1), ({ weight }) => weight > 0, "no map of the second guess");
    await until(
      page,
      () => ink(page, 2),
      ({ red, blue }) => red > 0 && blue > 0,
      "the contrast has one sign only",
    );
    await page.getByTestId("freeze").click();
    await figures(page, 2).getByText("exact").waitFor();
  },
);

scene(
  "a pane is added, changed, moved, removed and restored, and is there again after a reload",
  "/",
  async ({ page }) => {
    await compare(page);
    await page.getByTestId("add-pane").selectOption("method");
    const pane = page.getByTestId("pane-4");
    // The next method is CAM, whose map is Grad-CAM's.
    await page.getByTestId("same-panes").getByText("Grad-CAM and CAM give the same map here").waitFor();
    await pane.getByTestId("pane-edit").click();
    await pane.getByTestId("pane-method").click();
    await page.getByTestId("option-occlusion").click();
    await page.getByTestId("same-panes").waitFor({ state: "detached" });
    await pane.getByTestId("pane-target").selectOption({ label: "consomme" });
    await pane.getByText("Move left").click();
    await page.keyboard.press("Escape");
    await pane.getByTitle("Occlusion · consomme").waitFor();
    await until(page, () => ink(page, 4), ({ weight }) => weight > 0, "no map of occlusion");
    const wanted = [
      "Grad-CAM · espresso",
      "Grad-CAM · cup",
      "Grad-CAM · espresso rather than cup",
      "Occlusion · consomme",
      "Picture",
    ];
    await until(page, () => titles(page), (shown) => shown.join() === wanted.join(), "other titles");
    await page.getByTestId("pane-1").getByTestId("pane-remove").click();
    await until(page, () => titles(page), (shown) => shown.length === 4, "the pane stays");
    await page.getByTestId("toast-action").click();
    await until(page, () => titles(page), (shown) => shown.length === 5, "the pane does not come back");
    await page.reload();
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await until(
      page,
      () => titles(page),
      (shown) => shown.join() === wanted.join(),
      "the panes are forgotten",
    );
  },
);

scene(
  "a press on a pane enlarges it, Escape and another press show the others again",
  "/",
  async ({ page }) => {
    await compare(page);
    const square = page.getByTestId("pane-2").locator(".pane-crop");
    const before = (await square.boundingBox())?.width ?? 0;
    await square.click();
    const width = async () => (await square.boundingBox())?.width ?? 0;
    await until(page, width, (now) => now > 1.5 * before, "the width of the enlarged pane");
    const isVisible = (id: number) => () => page.getByTestId(`pane-${id}`).isVisible();
    await becomes(page, isVisible(0), false, "whether pane 0 is seen beside the enlarged one");
    await page.keyboard.press("Escape");
    await becomes(page, isVisible(0), true, "whether pane 0 is seen after Escape");
    await page.getByTestId("pane-0").getByTestId("pane-enlarge").click();
    await becomes(page, isVisible(2), false, "whether pane 2 is seen beside the enlarged one");
  },
);

scene("one scale for all maps is the largest of them, and each has its own again", "/", async ({ page }) => {
  await compare(page);
  await page.getByTestId("add-pane").selectOption("method");
  const pane = page.getByTestId("pane-4");
  await pane.getByTestId("pane-edit").click();
  // Its values are sums of products with 1,280 channels: far above those of Grad-CAM.
  await pane.getByTestId("pane-method").selectOption("eigen-cam");
  await until(page, () => ink(page, 4), ({ weight }) => weight > 0, "no map of Eigen-CAM");
  const alone = (await ink(page, 1)).weight;
  await page.getByTestId("one-scale").check();
  await until(
    page,
    () => ink(page, 1),
    ({ weight }) => weight < 0.8 * alone,
    "the small map keeps its own scale",
  );
  await page.getByTestId("one-scale").uncheck();
  await until(
    page,
    () => ink(page, 1),
    ({ weight }) => weight > 0.8 * alone,
    "the small map stays on the common scale",
  );
});

scene(
  "a link contains the panes, and one that the server refuses says so",
  `/?panes=${
    encodeURIComponent(JSON.stringify([
      {
        kind: "map",
        method: "astrology",
        target: { kind: "rank", rank: 1 },
        against: null,
        layer: null,
        options: {},
      },
      {
        kind: "map",
        method: "hirescam",
        target: { kind: "label", label: "cup" },
        against: null,
        layer: null,
        options: {},
      },
    ]))
  }`,
  async ({ page }) => {
    await startCamera(page);
    await figures(page, 1).getByText("does not have this method").waitFor();
    await figures(page, 2).getByText("cost").waitFor();
    await page.keyboard.press("g");
    await page.getByTestId("pane-1").waitFor({ state: "detached" });
  },
);
