/** What tests of recordings share. */
import type { Download, Page } from "playwright-core";
import { readSidecar } from "../../shared/read_sidecar.ts";
import type { Sidecar } from "../../shared/sidecar.ts";
import { until } from "./_scene.ts";

/** Seconds that are recorded so far. */
export const seconds = (page: Page) =>
  page.getByTestId("record-time").innerText().then((time) => Number(time.split(":")[1]));

/**
 * Begins to record and waits until `length` s are recorded. Once the countdown is seen, its seconds pass quickly, unless
 * what happens during them is tested.
 */
export async function record(
  page: Page,
  length: number,
  countdown: "quick" | "real" = "quick",
): Promise<void> {
  if (countdown === "quick") await holdSeconds(page);
  await page.keyboard.press("r");
  await page.getByTestId("countdown").waitFor();
  await page.evaluate(() => Object.assign(globalThis, { hurried: true }));
  await page.getByTestId("record-hud").waitFor();
  await until(page, () => seconds(page), (now) => now >= length, "the time of the recording");
}

/** Lets what the page does each second from now on wait until `hurried` is set, and happen ten times a second then. */
function holdSeconds(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const every = globalThis.setInterval;
    const setInterval = (act: () => void, ms?: number) =>
      ms !== 1_000 ? every(act, ms) : every(() => {
        if ((globalThis as { hurried?: boolean }).hurried === true) act();
      }, 100);
    Object.assign(globalThis, { setInterval, hurried: false });
  });
}

/** The dialog after a recording. */
export const preview = (page: Page) => page.getByTestId("preview");

/** Stops and waits for the preview. */
export async function stop(page: Page): Promise<void> {
  await page.keyboard.press("r");
  await preview(page).waitFor();
}

/** Does what makes the browser download a file, and gives the file's path and name. */
export async function downloaded(
  page: Page,
  act: () => Promise<unknown>,
): Promise<{ path: string; name: string }> {
  const [file] = await Promise.all<[Promise<Download>, Promise<unknown>]>([
    page.waitForEvent("download"),
    act(),
  ]);
  const path = await Deno.makeTempFile({ prefix: "gradcast-e2e-" });
  await file.saveAs(path);
  return { path, name: file.suggestedFilename() };
}

/** Keeps the recording and reads it and its sidecar back from the library. */
export async function keep(page: Page): Promise<{ path: string; name: string; sidecar: Sidecar }> {
  await page.getByTestId("preview-keep").click();
  await preview(page).waitFor({ state: "detached" });
  await page.keyboard.press("b");
  const film = await downloaded(page, () => page.getByTestId("clip-save-media").first().click());
  const side = await downloaded(page, () => page.getByTestId("clip-save-sidecar").first().click());
  const sidecar = readSidecar(await Deno.readTextFile(side.path));
  await Deno.remove(side.path);
  return { ...film, sidecar };
}
