/** Drawings as files: SVG as it is written, PNG as the browser draws it. */
import { saveFile } from "../ui/save_file.ts";
import type { SvgFile } from "./tree_svg.ts";

/** Pixels of a PNG for each one of the drawing, so that it is sharp on slides, and the longest side that browsers draw. */
const SHARPNESS = 2;
const MOST_SIDE = 8_192;

const SVG_TYPE = "image/svg+xml";

/** Makes a name of a file from words: "decision-tree.svg". */
export function fileName(words: string, ending: string): string {
  const plain = words.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "").slice(0, 80);
  return `${plain === "" ? "drawing" : plain}.${ending}`;
}

/** How many pixels of a PNG a pixel of the drawing becomes. */
export function sharpness({ width, height }: Pick<SvgFile, "width" | "height">): number {
  return Math.min(SHARPNESS, MOST_SIDE / Math.max(width, height));
}

/** Hands the drawing to the browser as an SVG file. */
export function saveSvg({ text }: SvgFile, words: string): void {
  saveFile(new Blob([text], { type: SVG_TYPE }), fileName(words, "svg"));
}

/**
 * Hands the drawing to the browser as a PNG file.
 *
 * @throws Error where the browser cannot draw it
 */
export async function savePng(file: SvgFile, words: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([file.text], { type: SVG_TYPE }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = sharpness(file);
    const canvas = new OffscreenCanvas(Math.round(file.width * scale), Math.round(file.height * scale));
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("Cannot draw the picture: the browser has no canvas left");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    saveFile(await canvas.convertToBlob({ type: "image/png" }), fileName(words, "png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}
