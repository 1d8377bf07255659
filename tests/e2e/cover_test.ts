/** Covering parts of the picture, in real Chromium. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { becomes, freeze, scene, startCamera, until, waitForLabel } from "./_scene.ts";

/** Drags over the picture, by shares of its sides. */
async function stroke(page: Page, ...places: readonly (readonly [number, number])[]): Promise<void> {
  const box = await page.getByTestId("cover-paint").boundingBox();
  assert.ok(box !== null);
  const [first, ...rest] = places.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  if (first === undefined) return;
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps: 6 });
  await page.mouse.up();
}

/** Colour of the covered cells at a share of the picture's sides, as "red green blue alpha". */
function filled(page: Page, x: number, y: number): Promise<string> {
  return page.getByTestId("cover-layer").locator("canvas").evaluate((canvas, [x, y]) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new TypeError("this is no canvas");
    const { width, height } = canvas;
    return [...canvas.getContext("2d")?.getImageData(x * width, y * height, 1, 1).data ?? []].join(" ");
  }, [x, y] as const);
}

const verdict = (page: Page) => page.getByTestId("cover-verdict").textContent();
const changes = (page: Page) => page.getByTestId("change").allTextContents();
const words = (page: Page, testid: string) => page.getByTestId(testid).textContent();
const share = (page: Page) => page.getByText(/% of the picture is covered|Nothing is covered/).textContent();

scene(
  "the cover test: paint, see what falls and what takes over, undo, link, keep as a pane, find what flips it",
  "/",
  async ({ page, url }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.getByTestId("cover-open").click();
    await page.getByTestId("cover-paint").waitFor();

    // On the moving picture: the change beside the class, and in words.
    await page.getByTestId("cover-rectangle").click();
    await stroke(page, [0.1, 0.1], [0.9, 0.9]);
    await until(
      page,
      () => verdict(page),
      (text) => /^espresso falls from \d+ % /.test(text ?? ""),
      "the verdict",
    );
    await until(
      page,
      () => changes(page),
      (all) => all.some((text) => /[▼▲]\s\d+\spoint/.test(text)),
      "the change",
    );
    await page.getByTestId("covered").waitFor();
    assert.equal(await filled(page, 0.5, 0.5), "127 127 127 255");
    assert.equal(await filled(page, 0.02, 0.02), "0 0 0 0");

    // Fills are seen as the network sees them; the picture may be held meanwhile.
    await page.getByTestId("freeze").click();
    await page.getByTestId("cover-fill-black").check();
    await becomes(
      page,
      () => filled(page, 0.5, 0.5),
      "0 0 0 255",
      "black",
    );
    await page.getByTestId("cover-fill-neighbour").check();
    await until(
      page,
      () => filled(page, 0.5, 0.5),
      (text) => text !== "0 0 0 255" && text.endsWith(" 255"),
      "texture",
    );
    await page.getByTestId("cover-undo").click();
    await page.getByTestId("cover-undo").click();
    await becomes(
      page,
      () => filled(page, 0.5, 0.5),
      "127 127 127 255",
      "grey again",
    );
    await page.getByTestId("cover-undo").click();
    await becomes(
      page,
      () => share(page).then((text) => text?.slice(0, 19)),
      "Nothing is covered.",
      "nothing",
    );
    await waitForLabel(page, "espresso");
    await page.getByTestId("cover-redo").click();
    await becomes(
      page,
      () => share(page).then((text) => /\d+ %/.exec(text ?? "")?.[0]),
      "66 %",
      "the rectangle again",
    );

    // The eraser makes visible; its stroke may leave the picture. The camera is shown as a mirror.
    await page.getByTestId("cover-brush").click();
    await page.getByTestId("cover-eraser").click();
    await stroke(page, [0.5, 0.5], [1.3, 0.5]);
    await becomes(page, () => filled(page, 0.2, 0.5), "0 0 0 0", "what the eraser passed");
    await page.getByTestId("cover-eraser").click();
    await page.getByTestId("cover-invert").click();
    await becomes(page, () => filled(page, 0.2, 0.5), "127 127 127 255", "the inverse");
    assert.equal(await filled(page, 0.3, 0.3), "0 0 0 0");

    // The map's hottest part, and a region that changes the answer.
    await page.getByTestId("cover-clear").click();
    await waitForLabel(page, "espresso");
    await page.getByText("complete, exact for this picture").waitFor();
    await page.getByTestId("cover-hottest").click();
    await becomes(
      page,
      () => share(page).then((text) => /\d+ %/.exec(text ?? "")?.[0]),
      "10 %",
      "the hottest tenth",
    );
    await page.getByTestId("cover-clear").click();
    await page.getByTestId("cover-search-start").click();
    const found = await until(
      page,
      () => words(page, "cover-found"),
      (text) => (text ?? "") !== "",
      "what was found",
    );
    assert.match(found ?? "", /^Covering \d+(\.\d)? % \(.+\) turns espresso into .+smallest region found/);
    await until(
      page,
      () => verdict(page),
      (text) => /takes over|nothing else is sure/.test(text ?? ""),
      "what takes over",
    );

    // A link has the cover, and so has a pane that is kept beside the whole picture.
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: (text: string) => Promise.resolve(document.body.dataset["link"] = text) },
      });
    });
    await page.keyboard.press("l");
    const link = await until(
      page,
      () => page.evaluate(() => document.body.dataset["link"] ?? ""),
      (text) => text !== "",
      "the link",
    );
    assert.match(link, /[?&]cover=[\w-]{171}&fill=grey/);
    assert.ok(link.startsWith(url));
    await page.getByTestId("cover-keep").click();
    await page.getByRole("article", { name: /^covered, / }).waitFor();
    await becomes(
      page,
      () => share(page).then((text) => text?.slice(0, 19)),
      "Nothing is covered.",
      "the main pane",
    );
    await waitForLabel(page, "espresso");

    // By keyboard, in the middle of the picture.
    await page.getByTestId("cover-paint").focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press(" ");
    await page.keyboard.press("Shift+ArrowLeft");
    await becomes(
      page,
      () => share(page).then((text) => /\d\.\d %|\d+ %/.exec(text ?? "")?.[0]),
      "3 %",
      "two blocks",
    );
    assert.match(await words(page, "cover-paint") ?? "", /^Row 13, column 9 of 32, covered/);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await becomes(
      page,
      () => share(page).then((text) => text?.slice(0, 19)),
      "Nothing is covered.",
      "nothing",
    );
    await page.keyboard.press("Escape");
    await page.getByTestId("cover-paint").waitFor({ state: "detached" });

    // The panel's step in the tab's history is gone shortly after it: a step back under way would leave the link again.
    await becomes(
      page,
      () => page.evaluate(() => history.state?.layers ?? 0),
      1,
      "the comparison's step alone",
    );
    await page.goto(link);
    await page.getByTestId("covered").waitFor();
    await until(
      page,
      () => page.getByTestId("predictions-hint").textContent(),
      (text) => / (falls|rises|stays) /.test(text ?? ""),
      "the link's verdict",
    );
  },
);

scene(
  "what is painted on a mirrored picture lies where it was painted, and a lost connection loses nothing",
  "/?view=cover",
  async ({ page }) => {
    await startCamera(page);
    await waitForLabel(page, "espresso");
    await page.keyboard.press("Escape");
    await page.getByTestId("mirror").check();
    await freeze(page);
    await page.keyboard.press("-");
    await page.getByTestId("cover-rectangle").click();
    await page.context().setOffline(true);
    await stroke(page, [0.02, 0.02], [0.3, 0.3]);
    // In the picture's own left and right it is the other side.
    await becomes(page, () => filled(page, 0.85, 0.15), "127 127 127 255", "the other side");
    assert.equal(await filled(page, 0.15, 0.15), "0 0 0 0");
    await page.context().setOffline(false);
    await until(
      page,
      () => verdict(page),
      (text) => /espresso (falls|rises|stays) /.test(text ?? ""),
      "the verdict",
    );

    // On a phone, too, all of the picture can be painted on: its button stands below the picture, and the panel is a sheet.
    await page.keyboard.press("Escape");
    await page.getByTestId("cover-paint").waitFor({ state: "detached" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByTestId("show-cover").click();
    const box = (testid: string) => page.getByTestId(testid).boundingBox();
    await until(
      page,
      async () => ({ picture: await box("cover-paint"), sheet: await box("drawer-cover") }),
      ({ picture, sheet }) =>
        picture !== null && sheet !== null && picture.y > 0 && picture.y + picture.height < sheet.y + 4,
      "the picture above the sheet",
    );
  },
);
