/** What the page sends, for tests that look at it. */
import type { Page } from "playwright-core";
import { decodeFrame, type Frame } from "../../shared/codec.ts";
import { until } from "./_scene.ts";

/** A file as the browser's dialog gives it: its path, or what it holds. */
type PhotoFile = Parameters<ReturnType<Page["getByTestId"]>["setInputFiles"]>[0];

/** Keeps the frames that the page sends from its next load on, once the sample's first one is there. */
export async function sentFrames(page: Page): Promise<Frame[]> {
  const frames: Frame[] = [];
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      if (typeof payload !== "string") frames.push(decodeFrame(new Uint8Array(payload)));
    });
  });
  await page.reload();
  await until(page, () => frames.length, (count) => count > 0, "a frame of the sample");
  return frames;
}

/** Opens a photo and waits for the frame that it is sent as: the sample's may still be on their way. */
export async function openPhoto(page: Page, frames: Frame[], file: PhotoFile): Promise<Frame> {
  frames.length = 0;
  await page.getByTestId("file").setInputFiles(file);
  const sent = await until(page, () => frames.find(({ first }) => first), Boolean, "the photo's frame");
  if (sent === undefined) throw new Error("Cannot find the photo's frame");
  return sent;
}
