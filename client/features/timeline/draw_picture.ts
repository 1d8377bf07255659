/** The timeline as a picture of its own: with a title and the names of its lines. */
import { colourOf } from "../../../shared/class_colours.ts";
import { drawTimeline, type Theme } from "./draw_timeline.ts";
import type { TimelineModel } from "./model.ts";
import { placesIn } from "./places.ts";
import { thumbnailMoments, Thumbnails } from "./thumbnails.ts";

/** Size in pixels of the page; the file has twice as many. */
const WIDTH_PX = 1_200;
const PLOT_PX = 300;
const HEAD_PX = 40;
const LEGEND_PX = 32;
const MARGIN_PX = 24;
const SCALE = 2;

/** Ground and words of both themes. */
const GROUNDS = {
  dark: { ground: "#16191c", text: "#eef0f2", muted: "#a3abb3" },
  light: { ground: "#ffffff", text: "#15181b", muted: "#565d65" },
} as const;

const FAMILY = "Inter, system-ui, sans-serif";

/**
 * Draws everything that is remembered.
 *
 * @throws Error where the browser has no 2D canvas, or does not encode it
 */
export async function timelinePicture(model: TimelineModel, theme: Theme): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const width = WIDTH_PX - 2 * MARGIN_PX;
  canvas.width = SCALE * WIDTH_PX;
  canvas.height = SCALE * (HEAD_PX + PLOT_PX + LEGEND_PX + 2 * MARGIN_PX);
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("Cannot save the drawing: the browser has no 2D canvas for it");
  const plot = await plotOf(model, width, theme);
  const { ground, text, muted } = GROUNDS[theme];
  context.scale(SCALE, SCALE);
  context.fillStyle = ground;
  context.fillRect(0, 0, WIDTH_PX, canvas.height);
  context.textBaseline = "middle";
  context.fillStyle = text;
  context.font = `600 20px ${FAMILY}`;
  const last = model.moments.at(-1);
  const titleY = MARGIN_PX + HEAD_PX / 2 - 6;
  context.fillText("Confidence over the last two minutes", MARGIN_PX, titleY);
  context.fillStyle = muted;
  context.font = `400 14px ${FAMILY}`;
  context.textAlign = "right";
  const when = new Date().toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  const facts = [last?.seen.modelName ?? "", when, "Gradcast"].filter((words) => words !== "").join(" · ");
  context.fillText(facts, WIDTH_PX - MARGIN_PX, titleY);
  context.textAlign = "left";
  context.drawImage(plot, MARGIN_PX, MARGIN_PX + HEAD_PX, width, PLOT_PX);
  drawNames(context, model, theme, MARGIN_PX + HEAD_PX + PLOT_PX + LEGEND_PX / 2 + 8);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("Cannot save the drawing: the browser does not encode it as PNG");
  return blob;
}

/** The drawing alone, on a canvas of its own, as it clears what it is drawn on. */
async function plotOf(model: TimelineModel, width: number, theme: Theme): Promise<HTMLCanvasElement> {
  const places = placesIn("picture", width, PLOT_PX);
  const shown = thumbnailMoments(model.moments, model.window, width, places.thumbnails.height);
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * width;
  canvas.height = SCALE * PLOT_PX;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("Cannot save the drawing: the browser has no 2D canvas for it");
  const thumbnails = new Thumbnails(() => {});
  await thumbnails.makeAll(shown);
  context.scale(SCALE, SCALE);
  const drawing = { ...model.content(), thumbnails: thumbnails.take(shown), markMs: null };
  drawTimeline(context, drawing, places, theme);
  thumbnails.dispose();
  return canvas;
}

function drawNames(
  context: CanvasRenderingContext2D,
  { classes }: Pick<TimelineModel, "classes">,
  theme: Theme,
  y: number,
): void {
  context.font = `500 15px ${FAMILY}`;
  let x = MARGIN_PX;
  for (const { name, colour } of classes) {
    context.fillStyle = colourOf(colour)[theme];
    context.fillRect(x, y - 2, 20, 4);
    context.fillStyle = GROUNDS[theme].text;
    context.fillText(name, x + 28, y);
    x += 28 + context.measureText(name).width + 28;
  }
}
