/** Saves what is on the stage as one PNG: the square with its heatmap, and a caption that says what it is. */
import { natureOfView, unitOf } from "../controls/view_state.ts";
import type { Page } from "../page.ts";
import { headlineOf } from "../predictions/headline.ts";
import { shortLabel } from "../predictions/labels.ts";
import { centreSquare } from "../source/crop.ts";
import { percent, scaleEnds } from "../ui/format.ts";
import { saveFile } from "../ui/save_file.ts";

/** Side of the picture in the snapshot, in px. */
const SIDE_PX = 1024;

/** Height of the caption, in px. */
const CAPTION_PX = 128;

/** Draws the snapshot, with or without the heatmap, and hands it to the browser as a download. */
export async function saveSnapshot(page: Page, heatmap: boolean): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE_PX;
  canvas.height = SIDE_PX + CAPTION_PX;
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("Cannot save the snapshot as the browser gives no 2D canvas");
  drawPicture(context, page, heatmap);
  drawCaption(context, page, heatmap);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("Cannot save the snapshot as the browser does not encode it");
  saveFile(blob, fileName(page));
}

function drawPicture(context: CanvasRenderingContext2D, page: Page, heatmap: boolean): void {
  const { image, width, height } = page.surface.current();
  const square = centreSquare(width, height);
  context.imageSmoothingQuality = "high";
  context.save();
  // What is seen is saved: picture and map as the stage shows them.
  if (page.mirrored.value) context.setTransform(-1, 0, 0, 1, SIDE_PX, 0);
  context.drawImage(image, square.x, square.y, square.width, square.height, 0, 0, SIDE_PX, SIDE_PX);
  context.globalAlpha = heatmap ? page.mapOpacity.value : 0;
  context.drawImage(page.session.overlay.canvas, 0, 0, SIDE_PX, SIDE_PX);
  context.restore();
}

function drawCaption(context: CanvasRenderingContext2D, page: Page, heatmap: boolean): void {
  const { ranking, target } = page.session.board.state.value;
  const [top] = ranking.rows;
  const method = methodName(page);
  const scale = page.session.inColours.value ? null : page.session.overlay.scale;
  const { current } = page.session.view.value;
  const methods = page.session.welcome.value?.methods ?? [];
  const { signed } = natureOfView(current, methods);
  const unit = unitOf(current, methods);
  context.fillStyle = "#111315";
  context.fillRect(0, SIDE_PX, SIDE_PX, CAPTION_PX);
  context.textBaseline = "alphabetic";
  context.fillStyle = "#f2f4f5";
  context.font = "600 44px Inter, system-ui, sans-serif";
  if (top !== undefined) {
    const words = headlineOf(ranking, ({ index, label }) => page.nameOf(index, label)) ?? "";
    context.fillText(words, 32, SIDE_PX + 58, SIDE_PX - (ranking.unsure ? 64 : 240));
    context.textAlign = "right";
    if (!ranking.unsure) context.fillText(percent(top.probability), SIDE_PX - 32, SIDE_PX + 58);
    context.textAlign = "left";
  }
  context.fillStyle = "#a7adb3";
  context.font = "400 24px Inter, system-ui, sans-serif";
  const explained = target === null ? "" : ` · evidence for ${page.nameOf(target.index, target.label)}`;
  const upTo = scale === null ? "" : ` · ${scaleEnds(scale, signed).join(" to ")} ${unit}`;
  if (heatmap) context.fillText(`${method}${explained}${upTo}`, 32, SIDE_PX + 100, SIDE_PX - 220);
  context.textAlign = "right";
  context.fillText("Gradcast", SIDE_PX - 32, SIDE_PX + 100);
  context.textAlign = "left";
}

function methodName(page: Page): string {
  const { method } = page.session.view.value.current;
  return page.session.welcome.value?.methods.find((one) => one.id === method)?.name ?? method;
}

function fileName(page: Page): string {
  const { rows: [top], unsure } = page.session.board.state.value.ranking;
  const what = top === undefined
    ? "picture"
    : unsure
    ? "not-sure"
    : shortLabel(top.label).normalize("NFC").toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
  const when = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  return `gradcast-${what}-${page.session.view.value.current.method}-${when}.png`;
}
