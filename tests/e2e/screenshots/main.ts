/**
 * `deno task screenshots`: takes the documents' pictures of the real page, in Chromium, with a photo as its webcam.
 * `--review FOLDER` takes every view at 360, 1280 and 1920 pixels, light and dark, for people to look at; `--only VIEW`, which
 * may be repeated, takes some.
 */
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { findChromium, makeWebcam, type RunningBrowser, startBrowser } from "../../support/browser.ts";
import { startServer } from "../../support/server.ts";
import { nameOf, type Plan, plan, type Shot } from "./shots.ts";

/** What the webcam shows; its licence is in client/public/samples/LICENCES.md. */
const PHOTO = "client/public/samples/coffee.jpg";
const LABEL = "espresso";

/** JPEG's quality for documents: small letters stay clear, and a picture has about 100 kB. */
const JPEG_QUALITY = 82;

/** Pictures that the page draws after a change of size before it is shot: maps, figures and layout have settled. */
const SETTLED_PICTURES = 60;

/** Opens a live page in the first size of the plan. */
async function openLive(browser: RunningBrowser, url: string, shot: Shot): Promise<Page> {
  const { width, height, colorScheme } = shot;
  const { page } = await browser.open(url, { viewport: { width, height }, colorScheme });
  await page.getByTestId("start-camera").click();
  await page.getByTestId("top-label").getByText(LABEL).waitFor();
  return page;
}

/** Takes the pictures of one view into `folder`; returns their files. */
async function shoot(
  browser: RunningBrowser,
  url: string,
  { view, shots }: Plan,
  { folder, type }: { folder: string; type: "jpeg" | "png" },
): Promise<string[]> {
  const [first] = shots;
  if (first === undefined) return [];
  const page = await openLive(browser, url, first);
  const shown = await view.reach(page);
  // Where the pointer rests, tooltips and hover colours are in the picture.
  await shown.mouse.move(0, 0);
  const files: string[] = [];
  for (const shot of shots) {
    await shown.setViewportSize({ width: shot.width, height: shot.height });
    await shown.emulateMedia({ colorScheme: shot.colorScheme });
    await drawn(shown, SETTLED_PICTURES);
    const path = `${folder}/${nameOf(view, shot)}.${type === "jpeg" ? "jpg" : "png"}`;
    await shown.screenshot({ path, type, ...(type === "jpeg" ? { quality: JPEG_QUALITY } : {}) });
    files.push(path);
  }
  await page.context().close();
  return files;
}

/** Waits while the page draws `count` pictures. */
function drawn(page: Page, count: number): Promise<void> {
  return page.evaluate((count) =>
    new Promise<void>((resolve) => {
      const next = () => count-- > 0 ? requestAnimationFrame(next) : resolve();
      next();
    }), count);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { review: { type: "string" }, only: { type: "string", multiple: true, default: [] } },
  });
  const plans = plan(values.review !== undefined, values.only);
  const chromium = await findChromium();
  if (chromium === null) {
    throw new Error(
      "Cannot take the pictures: this machine has no Chromium (Debian: apt-get install chromium ffmpeg)",
    );
  }
  const target = values.review === undefined
    ? { folder: "docs", type: "jpeg" as const }
    : { folder: values.review, type: "png" as const };
  await Deno.mkdir(target.folder, { recursive: true });
  const folder = await Deno.makeTempDir({ prefix: "gradcast-screenshots-" });
  // The server may write below `data` alone.
  const data = `data/screenshots-${crypto.randomUUID()}`;
  try {
    await using server = await startServer(0, ["--data", data]);
    await using browser = await startBrowser(chromium, await makeWebcam(PHOTO, folder), folder);
    for (const one of plans) {
      for (const file of await shoot(browser, server.url, one, target)) say(file);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(data, { recursive: true });
  }
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

await main();
