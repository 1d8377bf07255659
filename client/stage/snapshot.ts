/** Saves what is on the stage as one PNG: what the network sees with its heatmap, and a caption that says what it is. */
import { centrePart, type Rect, sidesWithin } from "../../shared/aspect.ts";
import type { Cover } from "../../shared/cover.ts";
import { CoverPainter, MIDDLE_GREY } from "../map/cover_painter.ts";
import type { ReadRanking } from "../../shared/protocol.ts";
import { shortLabel } from "../../shared/labels.ts";
import type { Drawable } from "../picture/square_encoder.ts";
import { saveFile } from "../ui/save_file.ts";
import { cutTo, drawLegend, legendPlaces } from "./caption_strip.ts";
import type { FilmCaption } from "./film_caption.ts";

/** Width of the snapshot, in pixels: a caption needs it, whatever shape the picture has. */
const WIDTH_PX = 1024;

/** Largest height of the picture in it, in pixels; a higher picture leaves room on its left and right. */
const MAX_HEIGHT_PX = 2048;

/** Height of the caption, in pixels. */
const CAPTION_PX = 128;

/** Left and right of the caption's words, and what is between, in pixels. */
const MARGIN_PX = 32;
const ROOM_PX = WIDTH_PX - 2 * MARGIN_PX;
const BRAND_PX = 140;

/** Height of the caption's smaller words, in pixels. */
const DETAIL_PX = 24;

/** Middle of the caption's two lines, in pixels below the picture. */
const TITLE_Y = 44;
const DETAIL_Y = 94;

/** The colour of the caption, and of what a picture leaves free beside it. */
const GROUND = "#111315";

/** What a snapshot shows. */
export interface SnapshotFacts {
  readonly picture: Drawable;
  /** Width over height of what the network sees of it. */
  readonly aspect: number;
  /** What is seen is saved: picture and map as the stage shows them. */
  readonly mirrored: boolean;
  /** What of it is hidden from the network, or null. */
  readonly cover: Cover | null;
  /** The canvas with the map. */
  readonly map: HTMLCanvasElement;
  /** With which the map lies over the picture, 0…1. */
  readonly opacity: number;
  readonly caption: FilmCaption;
  readonly fileName: string;
}

/**
 * Draws a snapshot and hands it to the browser as a download.
 *
 * @throws Error where the browser has no 2D canvas, or does not encode it
 */
export async function saveSnapshot(facts: SnapshotFacts): Promise<void> {
  const canvas = document.createElement("canvas");
  const place = snapshotPlace(facts.aspect);
  canvas.width = WIDTH_PX;
  canvas.height = place.height + CAPTION_PX;
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("Cannot save the snapshot: the browser has no 2D canvas for it");
  context.fillStyle = GROUND;
  context.fillRect(0, 0, canvas.width, canvas.height);
  drawPicture(context, facts, place);
  drawCaption(context, facts.caption, place.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("Cannot save the snapshot: the browser does not encode it as PNG");
  saveFile(blob, facts.fileName);
}

/** Where the picture lies in a snapshot: as wide as it, except where it would be too high. In pixels. */
export function snapshotPlace(aspect: number): Rect {
  const { width, height } = sidesWithin({ width: WIDTH_PX, height: MAX_HEIGHT_PX }, aspect);
  return { x: (WIDTH_PX - width) / 2, y: 0, width, height };
}

function drawPicture(context: CanvasRenderingContext2D, facts: SnapshotFacts, place: Rect): void {
  const { image, width, height } = facts.picture;
  const from = centrePart(width, height, facts.aspect);
  context.imageSmoothingQuality = "high";
  context.save();
  if (facts.mirrored) context.setTransform(-1, 0, 0, 1, WIDTH_PX, 0);
  context.drawImage(
    ...[image, from.x, from.y, from.width, from.height] as const,
    ...[place.x, place.y, place.width, place.height] as const,
  );
  if (facts.cover !== null) {
    const painter = new CoverPainter();
    painter.paint(facts.cover, { image, part: from }, MIDDLE_GREY);
    context.drawImage(painter.canvas, place.x, place.y, place.width, place.height);
  }
  context.globalAlpha = facts.opacity;
  context.drawImage(facts.map, place.x, place.y, place.width, place.height);
  context.restore();
}

/** `top`: where the caption begins, in pixels. */
function drawCaption(
  context: CanvasRenderingContext2D,
  { title, detail, legend }: FilmCaption,
  top: number,
): void {
  const detailFont = `400 ${DETAIL_PX}px Inter, system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.fillStyle = "#f2f4f5";
  context.font = "600 44px Inter, system-ui, sans-serif";
  context.fillText(cutTo(context, title, ROOM_PX - BRAND_PX), MARGIN_PX, top + TITLE_Y);
  context.fillStyle = "#a7adb3";
  context.font = detailFont;
  context.textAlign = "right";
  context.fillText("Gradcast", WIDTH_PX - MARGIN_PX, top + TITLE_Y);
  context.textAlign = "left";
  const wide = legend === null ? 0 : legendPlaces(context, legend, DETAIL_PX).width;
  if (legend !== null) {
    drawLegend(context, legend, { x: WIDTH_PX - MARGIN_PX - wide, y: top + DETAIL_Y }, DETAIL_PX);
  }
  context.fillStyle = "#a7adb3";
  context.font = detailFont;
  context.fillText(cutTo(context, detail, ROOM_PX - wide - MARGIN_PX), MARGIN_PX, top + DETAIL_Y);
}

/** Names a snapshot's file by what is seen, the method's id and the time: "gradcast-espresso-grad-cam-2026-11-30T140000.png". */
export function snapshotName({ rows: [top], unsure }: ReadRanking, method: string, now: Date): string {
  const when = now.toISOString().slice(0, 19).replaceAll(":", "");
  return `gradcast-${seenWords(top?.label, unsure)}-${method}-${when}.png`;
}

function seenWords(label: string | undefined, unsure: boolean): string {
  if (label === undefined) return "picture";
  if (unsure) return "not-sure";
  return shortLabel(label).normalize("NFC").toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
}
