/** What people do with their own pictures in the panel Teach, beside holding them up to the camera. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "./_scene.ts";

/** A photo that stands in for people's own ones. */
const PHOTO = "client/public/samples/rocket.jpg";

/** Enough copies of a picture for what is left of a megabyte. */
const TOO_MANY = 40;

const row = (page: Page, place: number) => page.getByTestId(`class-${place}`);
const nameOf = (page: Page, place: number) => row(page, place).getByTestId("class-name");
const said = (page: Page, words: string | RegExp) => page.getByText(words).waitFor();

async function countOf(page: Page, place: number): Promise<number> {
  return Number.parseInt(await row(page, place).getByTestId("class-count").innerText());
}

async function counts(page: Page, place: number, wanted: number): Promise<void> {
  await until(page, () => countOf(page, place), (pictures) => pictures === wanted, `${wanted} pictures`);
}

/** Makes photos, a folder of them and files that are none, for as long as `act` runs. */
export async function withOwnFiles(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-own-pictures-" });
  try {
    await Deno.mkdir(`${folder}/rocket`);
    for (const name of ["rocket/1.jpg", "rocket/2.jpg", "rocket.jpg"]) {
      await Deno.copyFile(PHOTO, `${folder}/${name}`);
    }
    await Deno.writeTextFile(`${folder}/notes.txt`, "no picture");
    await Deno.writeTextFile(`${folder}/torn.jpg`, "no picture either");
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Photos and notes come by field, by drop and by paste; what is no picture is named. */
export async function addOwnPictures(page: Page, folder: string): Promise<void> {
  const [cups, cats] = [await countOf(page, 1), await countOf(page, 2)];
  await row(page, 1).getByTestId("class-more").click();
  await row(page, 1).getByTestId("class-files").setInputFiles(
    ["rocket.jpg", "notes.txt", "torn.jpg"].map((name) => `${folder}/${name}`),
  );
  await said(
    page,
    "1 picture added. 2 files are no pictures that the browser can read: notes.txt, torn.jpg.",
  );
  await counts(page, 1, cups + 1);
  await row(page, 1).getByTestId("class-more").click();

  await drop(page, 2, [`${folder}/rocket.jpg`]);
  await counts(page, 2, cats + 1);
  await drop(page, 2, [`${folder}/rocket`]);
  await until(page, () => nameOf(page, 3).inputValue(), (name) => name === "rocket", "the folder's class");
  await counts(page, 3, 2);

  // What is pasted goes to the class that was held last.
  await page.keyboard.press("2");
  await counts(page, 2, cats + 2);
  await page.evaluate(async () => {
    const clipboardData = new DataTransfer();
    const photo = await (await fetch("/samples/rocket.jpg")).blob();
    clipboardData.items.add(new File([photo], "image.png", { type: photo.type }));
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  await counts(page, 2, cats + 3);
}

/** Drops files or folders of the disk onto a class, as soon as it lies below the pointer: a notice may move it. */
async function drop(page: Page, place: number, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const dragOver = async () => {
    await row(page, place).scrollIntoViewIfNeeded();
    const { x, y } = await row(page, place).boundingBox() ?? { x: 0, y: 0 };
    const at = { x: x + 40, y: y + 20, data };
    for (const type of ["dragEnter", "dragOver"] as const) {
      await session.send("Input.dispatchDragEvent", { type, ...at });
    }
    return { at, over: await row(page, place).getAttribute("data-over") };
  };
  const { at } = await until(
    page,
    dragOver,
    ({ over }) => over === "true",
    "the class takes what is dragged",
  );
  await session.send("Input.dispatchDragEvent", { type: "drop", ...at });
  await session.detach();
}

/** A class is renamed and merged, a cell of the confusion matrix opened; all of it in another tab, too, which undoes it. */
export async function inTwoTabs(page: Page, url: string): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(url);
  // A page that teaches comes back to its collection.
  await until(other, () => nameOf(other, 3).inputValue(), (name) => name === "rocket", "the same collection");
  await nameOf(page, 3).fill("my rocket");
  await nameOf(page, 3).press("Enter");
  await until(other, () => nameOf(other, 3).inputValue(), (name) => name === "my rocket", "the new name");
  const [cats, rockets] = [await countOf(page, 2), await countOf(page, 3)];
  await row(page, 3).getByTestId("class-more").click();
  await row(page, 3).getByTestId("merge").selectOption({ label: "my cat" });
  await counts(other, 2, cats + rockets);
  await other.getByTestId("undo").click();
  await counts(page, 2, cats);
  await counts(page, 3, rockets);
  await other.close();
}

/** Pictures of a cell of the confusion matrix are looked at. */
export async function openCell(page: Page): Promise<void> {
  await page.getByTestId("show-part-check").click();
  const cell = page.getByTestId("confusion").getByRole("button").first();
  const pictures = Number.parseInt(await cell.innerText());
  await cell.click();
  await page.getByTestId("review").getByText(/recognised|taken for/).waitFor();
  assert.equal(await page.getByTestId("review-picture").count(), pictures);
  await page.getByTestId("review-back").click();
  await page.getByTestId("show-part-collect").click();
}

/** The disk's share for teaching is used up: said in words, and what was there stays. */
export async function fillUp(page: Page, folder: string): Promise<void> {
  const before = await countOf(page, 1);
  await row(page, 1).getByTestId("class-more").click();
  const file = `${folder}/rocket.jpg`;
  await row(page, 1).getByTestId("class-files").setInputFiles(Array.from({ length: TOO_MANY }, () => file));
  await said(page, /There is no room for more/);
  await until(page, () => countOf(page, 1), (pictures) => pictures >= before, "what was there");
}
