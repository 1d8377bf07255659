/** Saves what is on the stage as one PNG: the square with its heatmap, and a caption that says what it is. */
import type { Page } from "../app/page.ts";
import { headlineWithNumber } from "../ui/headline.ts";
import { shortLabel } from "../view/labels.ts";
import { cutTo, drawLegend, legendPlaces } from "./caption_strip.ts";
import { filmCaption } from "./film_caption.ts";
import { centreSquare } from "../picture/crop.ts";
import { saveFile } from "../ui/save_file.ts";

/** Side of the picture in the snapshot, in px. */
const SIDE_PX = 1024;

/** Height of the caption, in px. */
const CAPTION_PX = 128;

/** Left and right of the caption's words, and what is between, in px. */
const MARGIN_PX = 32;
const ROOM_PX = SIDE_PX - 2 * MARGIN_PX;
const BRAND_PX = 140;

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
  const seen = page.seen();
  const { title, detail, legend } = filmCaption({
    ...seen,
    headline: headlineWithNumber(ranking, "  ", ({ index, label }) => page.nameOf(index, label)) ?? "",
    target: target === null ? null : page.nameOf(target.index, target.label),
    shading: page.session.inColours.value ? null : seen.shading,
    opacity: heatmap ? seen.opacity : 0,
  });
  context.fillStyle = "#111315";
  context.fillRect(0, SIDE_PX, SIDE_PX, CAPTION_PX);
  context.textBaseline = "middle";
  context.fillStyle = "#f2f4f5";
  context.font = "600 44px Inter, system-ui, sans-serif";
  context.fillText(cutTo(context, title, ROOM_PX - BRAND_PX), MARGIN_PX, SIDE_PX + 44);
  const size = 24;
  context.fillStyle = "#a7adb3";
  context.font = `400 ${size}px Inter, system-ui, sans-serif`;
  context.textAlign = "right";
  context.fillText("Gradcast", SIDE_PX - MARGIN_PX, SIDE_PX + 44);
  context.textAlign = "left";
  const wide = legend === null ? 0 : legendPlaces(context, legend, size).width;
  if (legend !== null) {
    drawLegend(context, legend, { x: SIDE_PX - MARGIN_PX - wide, y: SIDE_PX + 94 }, size);
  }
  context.fillStyle = "#a7adb3";
  context.font = `400 ${size}px Inter, system-ui, sans-serif`;
  context.fillText(
    cutTo(context, detail, ROOM_PX - wide - MARGIN_PX),
    MARGIN_PX,
    SIDE_PX + 94,
  );
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
