/** Several models in real Chromium: switched live, compared, opened from a file (rules X and Y). */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { ownScene, scene, startCamera, until, waitForLabel } from "./_scene.ts";

const LITE1 = "efficientnet-lite1";
const KERAS = "tests/reference/keras/convolutional.keras";

/** Waits until a model explains: its name stands in the header, and none is waited for. */
async function waitForModel(page: Page, name: string): Promise<void> {
  await page.getByTestId("model-menu").getByText(name).waitFor({ timeout: 60_000 });
}

scene(
  "the header's picker switches the model live, and a locked class goes along by name",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("2");
    const locked = await page.getByTestId("class-lock").inputValue();
    await page.getByTestId("model-menu").click();
    await page.getByTestId(`model-${LITE1}`).click();
    await waitForModel(page, "EfficientNet-Lite1");
    await until(
      page,
      () => page.getByTestId("class-lock").inputValue(),
      (name) => name === locked,
      "the class was not taken along",
    );
    await page.keyboard.press("n");
    await page.getByTestId("about").getByText("240 × 240 px").waitFor();
    await page.keyboard.press("l");
    await page.keyboard.press("j");
    await waitForModel(page, "EfficientNet-Lite0");
    await page.getByTestId("about").getByText("224 × 224 px").waitFor();
  },
);

scene(
  "a link names the model, and the next visit begins with it",
  `/?model=${LITE1}`,
  async ({ page, url }) => {
    await waitForModel(page, "EfficientNet-Lite1");
    await page.goto(url);
    await waitForModel(page, "EfficientNet-Lite1");
  },
);

scene("panes compare two models on the same frame, each by its name", "/", async ({ page }) => {
  await startCamera(page);
  await waitForLabel(page, "espresso");
  await page.keyboard.press("g");
  await page.getByTestId("add-pane").selectOption("model");
  const pane = page.getByTestId("pane-4");
  await pane.getByText("EfficientNet-Lite1").waitFor();
  await pane.getByTestId("pane-figures").getByText("cost").waitFor({ timeout: 60_000 });
  await until(
    page,
    async () => await pane.locator("h3").getAttribute("title"),
    (title) => /^EfficientNet-Lite1 · espresso \d+\s%$/.test(title ?? ""),
    "the pane does not say what its model sees",
  );
  await pane.getByTestId("pane-edit").click();
  await pane.getByTestId("pane-model").selectOption("");
  await until(
    page,
    async () => await pane.locator("h3").getAttribute("title"),
    (title) => title === "espresso · Grad-CAM",
    "one model is not named",
  );
});

ownScene(
  "a small file is opened, its classes named and its normalisation chosen, and it is removed and restored",
  "/?view=models",
  async ({ page }) => {
    await page.getByTestId("model-files").setInputFiles(KERAS);
    await page.getByTestId("model-opened").waitFor({ timeout: 60_000 });
    const top = await page.getByTestId("model-opened").evaluate((card) => card.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 400, `its card begins at ${top} px of the window`);
    for (const said of ["Keras 3 (.keras)", "softmax over the classes", "for one picture", "of the file"]) {
      await page.getByTestId("model-opened").getByText(said).waitFor();
    }
    await page.getByTestId("model-notes").getByText("The input is taken as").waitFor();
    const words = await page.getByTestId("model-classes").textContent() ?? "";
    const classes = Number(/^([\d,]+):/.exec(words)?.[1]?.replace(",", ""));
    await page.getByTestId("model-labels").fill("one\ntwo");
    await page.getByTestId("labels-check").getByText(`2 names, but the model has ${classes} classes`)
      .waitFor();
    assert.ok(await page.getByTestId("use-labels").isDisabled());
    const names = Array.from({ length: classes }, (_, index) => `thing ${index}`);
    await page.getByTestId("model-labels").fill(names.join("\n"));
    await page.getByTestId("use-labels").click();
    await page.getByTestId("model-classes").getByText("thing 0").waitFor();
    await page.getByTestId("try-presets").click();
    await page.getByTestId("presets").waitFor({ timeout: 60_000 });
    await page.getByTestId("preset-torch").click();
    await page.getByTestId("model-opened").getByText("PyTorch").first().waitFor();
    // A class that it does not know, whose name would be taken along.
    await page.keyboard.press("1");
    await until(
      page,
      () => page.getByTestId("class-lock").inputValue(),
      (name) => name !== "",
      "no class was locked",
    );
    await page.getByTestId("use-model").click();
    await page.getByTestId("model-shown").waitFor({ timeout: 60_000 });
    await page.getByText("has no class of this name. Its first class is explained.").first().waitFor();
    await page.getByTestId("top-label").getByText("thing").waitFor();
    // What is changed while it explains is seen at once.
    await page.getByTestId("model-name").fill("Mine");
    await page.getByRole("button", { name: "Rename" }).click();
    await waitForModel(page, "Mine");
    await page.getByTestId("model-labels").fill(names.map((name) => `other ${name}`).join("\n"));
    await page.getByTestId("use-labels").click();
    await page.getByTestId("top-label").getByText("other thing").waitFor();
    await page.getByTestId("choose-efficientnet-lite0").click();
    await waitForModel(page, "EfficientNet-Lite0");
    await page.getByTestId("remove-convolutional").click();
    await page.getByText("is removed.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByTestId("remove-convolutional").waitFor();
  },
);

ownScene(
  "a file that is no model is refused in words, and leaves nothing behind",
  "/?view=models",
  async ({ page, url }) => {
    await page.getByTestId("model-files").setInputFiles({
      name: "weights.pt",
      mimeType: "application/octet-stream",
      buffer: Buffer.alloc(2_000, 3),
    });
    await page.getByTestId("model-refused").getByText("was not opened").waitFor({ timeout: 60_000 });
    const { models } = await (await fetch(`${url}/api/models`)).json();
    assert.deepEqual(models.map(({ id }: { id: string }) => id), ["efficientnet-lite0", LITE1]);
  },
  { expected: /422/ },
);
