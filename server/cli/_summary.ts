/** What a person reads in the terminal. */
import type { Prediction } from "../../shared/protocol.ts";
import type { Explained } from "./_explained.ts";
import { formatShare, scaleOf } from "./_scale.ts";
import { textMap } from "./_text_map.ts";

/** Widths of the columns, in characters. */
const LABEL_WIDTH = 32;
const BAR_WIDTH = 20;

/** Parts of a block, in eighths. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Tells one picture's explanation: predictions, the map and its figures. */
export function summaryOf(explained: Explained, colour: boolean): string {
  const { image, model, predictions, target, request, map, elapsedMs } = explained;
  const scale = scaleOf(explained);
  const where = map.layer === null ? "" : ` at ${map.layer}`;
  const size = `${map.height}×${map.width} cells`;
  const listed = predictions.some(({ index }) => index === target.index);
  return [
    strong(`${image} · ${model.name}, ${model.width}×${model.height} px`, colour),
    "",
    ...[...predictions, ...(listed ? [] : [target])].map((each) => line(each, each.index === target.index)),
    "",
    `${request.method.name} of ${firstName(target.label)} (${target.index})${where}: ${size}, ${
      Math.round(elapsedMs)
    } ms`,
    scale.high === 0 ? `No evidence for ${firstName(target.label)}.` : "",
    ...(scale.high === 0 ? [] : [textMap(explained, colour)]),
    "",
  ].join("\n");
}

function line({ label, probability, logit }: Prediction, explained: boolean): string {
  const percent = formatShare(probability).padStart(8);
  return `${explained ? "▸" : " "} ${fitted(label)} ${percent}  ${bar(probability)} ${
    logit.toFixed(2).replace("-", "−").padStart(7)
  }`;
}

function fitted(label: string): string {
  return (label.length > LABEL_WIDTH ? `${label.slice(0, LABEL_WIDTH - 1)}…` : label).padEnd(LABEL_WIDTH);
}

function bar(share: number): string {
  const eighths = Math.round(share * BAR_WIDTH * 8);
  return ("█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "")).padEnd(BAR_WIDTH);
}

function strong(text: string, colour: boolean): string {
  return colour ? `\x1b[1m${text}\x1b[0m` : text;
}

/** Labels list several names of one thing; the first one will do in a sentence. */
function firstName(label: string): string {
  return label.split(",")[0] ?? label;
}
