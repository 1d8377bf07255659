/** What the page says of a moving picture, and of one that the network does not know. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { makeWebcam, type WebcamMove } from "../support/browser.ts";
import { scene, startCamera, until } from "./_scene.ts";

const CAT = "client/public/samples/chelsea.jpg";
const ASTRONAUT = "client/public/samples/astronaut.jpg";

/** A hand that pans over the photo, with a webcam's noise. */
const PAN: WebcamMove = {
  filter:
    "crop=w=ih*0.8*4/3:h=ih*0.8:x='(iw-ow)*(0.5+0.5*sin(2*PI*t/3))':y='(ih-oh)*(0.5+0.5*cos(2*PI*t/2))'," +
    "scale=640:480,noise=alls=12:allf=t",
  seconds: 6,
  rate: 10,
};

/** The astronaut's face, as somebody before a webcam. */
const FACE: WebcamMove = {
  filter: "crop=190:142:140:60,scale=640:480,noise=alls=8:allf=t",
  seconds: 1,
  rate: 5,
};

/** A list as it stood on the page at one moment. */
interface Sample {
  readonly name: string;
  readonly atMs: number;
  /** Numbers from the first row to the last, in %. */
  readonly numbers: readonly number[];
}

/** Notes the list each time it changes, for as many samples. */
function watchList(page: Page, samples: number): Promise<readonly Sample[]> {
  return page.evaluate((samples) =>
    new Promise<Sample[]>((resolve) => {
      const list = document.querySelector(".predictions .rows");
      const seen: Sample[] = [];
      const observer = new MutationObserver(() => {
        const rows = [...list?.querySelectorAll(".row:not(.empty)") ?? []].map((row) =>
          row.textContent ?? ""
        );
        // "espresso94 %", "< 0.1 %", "Not sure: perhaps barbell (8 %)".
        const numbers = rows.map((row) => Number(/([\d.]+)\s%\)?$/.exec(row.trim())?.[1]));
        seen.push({
          atMs: performance.now(),
          name: document.querySelector("[data-testid=top-label]")?.textContent ?? "",
          numbers,
        });
        if (seen.length < samples) return;
        observer.disconnect();
        resolve(seen);
      });
      observer.observe(list ?? document.body, { childList: true, subtree: true, characterData: true });
    }), samples);
}

scene(
  "of a moving cat every list is sorted by its numbers, and its headline is calm",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await page.getByTestId("top-label").getByText("cat").waitFor();
    const samples = await watchList(page, 60);
    for (const { numbers } of samples) {
      assert.equal(numbers.length, 5);
      assert.deepEqual(numbers, numbers.toSorted((a, b) => b - a));
    }
    const changes = samples.filter(({ name }, at) => at > 0 && name !== samples[at - 1]?.name).length;
    // A busy machine needs longer for as many samples, in which the hand pans on.
    const seconds = ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1_000;
    assert.ok(
      changes <= Math.max(6, seconds),
      `${changes} headlines in ${samples.length} samples, ${seconds} s`,
    );
    assert.ok(new Set(samples.map(({ numbers }) => numbers.join())).size > 10, "the numbers move");
  },
  { webcam: (folder) => makeWebcam(CAT, folder, PAN) },
);

scene(
  "of a face the page says that it is not sure, why the map is dimmed, and what it knows",
  "/",
  async ({ page }) => {
    await startCamera(page);
    await page.getByTestId("top-label").getByText("Not sure: perhaps ").waitFor();
    assert.match(await page.getByTestId("top-label").innerText(), /^Not sure: perhaps .+ \(\d+(\.\d)? %\)$/);
    await page.getByTestId("map-dimmed").getByText("dimmed: not sure").waitFor();
    await page.getByTestId("predictions-hint").getByText("It knows 1,000 kinds of things and animals")
      .waitFor();
    const opacity = () =>
      page.locator(".map-host").evaluate((host) => Number(getComputedStyle(host).opacity));
    const dimmed = await opacity();
    // A class that is chosen is explained whatever comes first.
    await page.locator(".predictions .row button").nth(1).click();
    await until(page, opacity, (now) => dimmed < now / 2, `the map of a chosen class, beside ${dimmed}`);
    await page.getByTestId("map-dimmed").waitFor({ state: "detached" });
    // What is presented says the same.
    await page.keyboard.press("p");
    await page.locator(".present-label").getByText("Not sure: perhaps ").waitFor();
  },
  { webcam: (folder) => makeWebcam(ASTRONAUT, folder, FACE) },
);
