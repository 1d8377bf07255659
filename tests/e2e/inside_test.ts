/** Looking inside the network, in real Chromium. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { checkView } from "./_axe.ts";
import { becomes, freeze, scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Some pixels of a canvas as text, to tell two pictures apart; empty before anything is drawn. */
function pixels(page: Page, testid: string): Promise<string> {
  return page.getByTestId(testid).evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("this is no canvas");
    const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
    const step = 4 * Math.max(1, Math.floor(data.length / 4 / 997));
    let text = "";
    for (let at = 0; at < data.length; at += step) text += `${(data[at] ?? 0) >> 4},`;
    return /[1-9]/.test(text) ? text : "";
  });
}

/** Starts the camera, holds its picture and opens the view. */
async function lookInside(page: Page): Promise<void> {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await freeze(page);
  await page.keyboard.press("i");
  await page.getByTestId("inside-list").click();
  await page.getByTestId("drawer-inside").getByRole("tree").waitFor();
}

async function chooseLayer(page: Page, block: string, layer: string): Promise<void> {
  await page.getByRole("treeitem", { name: new RegExp(`^${block} `) }).click();
  await page.getByRole("treeitem", { name: new RegExp(`^${layer} `) }).click();
  await page.getByTestId("inside-layer").getByText(layer).waitFor();
}

scene("the network is drawn live for the class, and its channels are enlarged", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.keyboard.press("i");
  const network = page.getByTestId("network");
  await network.getByText(/count most for espresso/).waitFor();
  const channels = network.getByRole("button");
  assert.equal(await channels.count(), 25);
  const names = () => channels.evaluateAll((all) => all.map((one) => one.ariaLabel));
  const espresso = await names();
  assert.match(espresso[0] ?? "", /^Stage 1, channel \d+ of block0_project_bn, [+−]\d+\.\d+ logits$/);
  assert.match(espresso.at(-1) ?? "", /^Stage 5, .*; most from channel \d+ of the stage before, /);
  const lines = await page.getByTestId("network-lines").locator("path").evaluateAll((all) =>
    all.filter((path) => getComputedStyle(path).opacity !== "0").length
  );
  assert.ok(lines > 20 && lines < 105, `${lines} lines of 4 times 25 and 5`);
  assert.equal(await page.getByRole("tree").count(), 0, "the list of layers is closed");

  await channels.first().focus();
  await page.keyboard.press(
    (await page.locator("[data-flow=across]").count()) === 1 ? "ArrowRight" : "ArrowDown",
  );
  await page.keyboard.press("Enter");
  await page.getByTestId("enlarged-caption").getByText("of block2_add").waitFor();
  await until(page, () => pixels(page, "enlarged"), (text) => text !== "", "the channel over the picture");
  assert.equal(await network.locator("[aria-pressed=true]").count(), 1);
  const crop = page.getByTestId("liked").getByRole("img").first();
  await crop.waitFor();
  await until(
    page,
    () =>
      crop.evaluate((element) =>
        element instanceof HTMLCanvasElement &&
        (element.getContext("2d")?.getImageData(0, 0, 96, 96).data ?? []).some((value) => value > 0)
      ),
    (drawn) => drawn,
    "a part of the picture",
  );
  await checkView(page, "the network drawn, a channel enlarged");
  await channels.nth(5).focus();
  await page.keyboard.press("Escape");
  await page.getByTestId("enlarged").waitFor({ state: "detached" });

  await page.locator("input[data-testid=class-lock]").fill("goldfish");
  await page.keyboard.press("Enter");
  await network.getByText(/count most for goldfish/).waitFor();
  await until(page, names, (now) => now.join() !== espresso.join(), "the channels of the other class");
});

scene(
  "the network's structure lists its layers and skips, and sets the target layer",
  "/",
  async ({ page }) => {
    await lookInside(page);
    const tree = page.getByRole("tree");
    const blocks = tree.getByRole("treeitem", { name: /^block\d+ / });
    await becomes(page, () => blocks.count(), 16, "blocks");
    await becomes(
      page,
      () => tree.locator("[data-arc=whole]").count(),
      9,
      "EfficientNet-Lite0's residual adds",
    );
    await page.getByTestId("method").selectOption("layercam", { force: true });
    await chooseLayer(page, "block10", "block10_add");
    await page.getByTestId("set-target").click();
    await page.getByText("Current target layer").waitFor();

    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-id"));
    await tree.getByRole("treeitem", { name: /^block10_add / }).focus();
    await page.keyboard.press("ArrowUp");
    await becomes(page, focused, "block10_project_bn", "the focus");
    await page.keyboard.press("ArrowLeft");
    await becomes(page, focused, "block block10", "the focus");
    await page.keyboard.press("ArrowLeft");
    await tree.getByRole("treeitem", { name: /^block10_add / }).waitFor({ state: "detached" });
  },
);

scene("the grid shows a layer's channels, live and page by page", "/", async ({ page }) => {
  await lookInside(page);
  await page.getByText("Channels 0–255 of 1280").waitFor();
  const first = await until(page, () => pixels(page, "channel-grid"), (text) => text !== "", "channels");
  await page.getByRole("button", { name: "Next channels" }).click();
  await page.getByText("Channels 256–511 of 1280").waitFor();
  await until(page, () => pixels(page, "channel-grid"), (text) => text !== first, "other channels");
  await page.getByRole("gridcell", { name: "Channel 511" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("Channels 512–767 of 1280").waitFor();
  await until(
    page,
    () => page.evaluate(() => document.activeElement?.getAttribute("data-channel")),
    (channel) => channel === "512",
    "focus on the next page",
  );
  await chooseLayer(page, "block10", "block10_add");
  await page.getByText("Channels 0–111 of 112").waitFor();
  await becomes(page, () => page.getByRole("gridcell").count(), 112, "cells of the grid");
});

scene("a channel is enlarged over the picture, and Escape goes back", "/", async ({ page }) => {
  await lookInside(page);
  await chooseLayer(page, "block10", "block10_add");
  await page.getByRole("gridcell", { name: "Channel 5", exact: true }).click();
  await page.getByTestId("enlarged-caption").getByText("Channel 5 of block10_add").waitFor();
  const five = await until(page, () => pixels(page, "enlarged"), (text) => text !== "", "channel 5");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByTestId("enlarged-caption").getByText("Channel 6 of block10_add").waitFor();
  await until(page, () => pixels(page, "enlarged"), (text) => text !== "" && text !== five, "channel 6");
  await page.getByRole("gridcell", { name: "Channel 6", exact: true }).click();
  await page.getByTestId("enlarged").waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.getByTestId("enlarged").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("enlarged").waitFor({ state: "detached" });
  assert.ok(await page.getByTestId("drawer-inside").isVisible(), "the view stays open");
  await page.keyboard.press("Escape");
  await page.getByTestId("drawer-inside").waitFor({ state: "detached" });
});

scene(
  "feature visualisation shows how far it is, can be cancelled and ends in colours",
  "/",
  async ({ page }) => {
    await lookInside(page);
    await chooseLayer(page, "block10", "block10_add");
    await page.getByRole("gridcell", { name: "Channel 3", exact: true }).click();
    const feature = page.getByTestId("feature");
    await page.getByTestId("feature-steps").fill("1000");
    await page.getByTestId("feature-start").click();
    await feature.getByText(/^[1-9]\d* of 1000$/).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByTestId("feature-start").waitFor();
    await page.getByTestId("feature-steps").fill("12");
    await page.getByTestId("feature-start").click();
    await feature.getByText("done", { exact: true }).waitFor();
    const coloured = await page.getByTestId("feature-picture").evaluate(async (element) => {
      if (!(element instanceof HTMLImageElement)) throw new TypeError("this is no picture");
      await element.decode();
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 224;
      const context = canvas.getContext("2d");
      context?.drawImage(element, 0, 0);
      const data = context?.getImageData(0, 0, 224, 224).data ?? [];
      return Array.from(data).some((value, at) => at % 4 === 0 && value !== data[at + 1]);
    });
    assert.ok(coloured);
  },
);

scene("the channels that count change with the locked class", "/", async ({ page }) => {
  await lookInside(page);
  const list = page.getByTestId("top-channels");
  const names = () => list.getByRole("button").evaluateAll((all) => all.map((one) => one.ariaLabel));
  await list.getByText("What each channel adds to the score of espresso").waitFor();
  const espresso = await until(page, names, ({ length }) => length === 16, "the channels that count");
  await page.locator("input[data-testid=class-lock]").fill("goldfish");
  await page.keyboard.press("Enter");
  await list.getByText("What each channel adds to the score of goldfish").waitFor();
  await until(page, names, (now) => now.join() !== espresso.join(), "the channels of the other class");
  await list.getByRole("button").first().click();
  await page.getByTestId("enlarged-caption").getByText("of head_relu6").waitFor();
});

/** Mean of each colour and of the opacity over the heatmap's canvas, 0…255. */
function meansOf(page: Page): Promise<readonly number[]> {
  return page.getByTestId("overlay").evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new TypeError("this is no canvas");
    const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
    const sums = [0, 0, 0, 0];
    for (let at = 0; at < data.length; at++) sums[at % 4] = (sums[at % 4] ?? 0) + (data[at] ?? 0);
    return sums.map((sum) => sum / (data.length / 4));
  });
}

scene(
  "a feature visualisation grows on the stage in its own colours, from its grey start on",
  "/?method=feature-visualization",
  async ({ page }) => {
    await startCamera(page);
    const opaque = ([, , , alpha = 0]: readonly number[]) => alpha === 255;
    const [red = 0, green = 0, blue = 0] = await until(page, () => meansOf(page), opaque, "a picture");
    assert.ok(
      Math.max(red, green, blue) - Math.min(red, green, blue) < 60,
      `${[red, green, blue]} is near grey`,
    );
    assert.ok(red > 70 && red < 190, `${red} is neither black nor white`);
    await page.getByText("A picture in its own colours").waitFor();
    const before = await pixels(page, "overlay");
    await until(page, () => pixels(page, "overlay"), (now) => now !== before, "the next picture");
    assert.ok(opaque(await meansOf(page)));
  },
);
