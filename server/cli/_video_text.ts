/** What a person reads of a video in the terminal. Pure. */
import { shortLabel } from "../../shared/labels.ts";
import { counted, formatShare } from "../report/mod.ts";
import { tableOf } from "./_table.ts";
import type { VideoContents } from "../../shared/video_spans.ts";

/** Classes that are named in all. */
const NAMED_CLASSES = 5;

/** The classes of a video by time, then which were first how often. */
export function contentsText(
  { spans, classes, unsureFrames, frames }: VideoContents,
  { video, model, endS }: { readonly video: string; readonly model: string; readonly endS: number },
): string {
  const rows = spans.map(({ fromS, toS, label, mean, frames }) => [
    `${clockTime(fromS)} – ${clockTime(toS)}`,
    shortLabel(label),
    formatShare(mean),
    counted(frames, "frame"),
  ]);
  const first = classes.slice(0, NAMED_CLASSES).map(({ label, share }) =>
    `${shortLabel(label)} ${formatShare(share)}`
  );
  const others = classes.length - first.length;
  return [
    `${video} · ${model} · ${counted(frames, "frame")}, ${clockTime(endS)}`,
    "",
    ...(rows.length === 0
      ? ["No class stayed first for four frames."]
      : tableOf([["Time", "Class", "mean", "frames"], ...rows], 2)),
    "",
    `First in frames: ${first.join(", ")}${others > 0 ? ` and ${counted(others, "other class")}` : ""}.`,
    ...(unsureFrames === 0 ? [] : [`Not sure in ${counted(unsureFrames, "frame")}.`]),
    "",
  ].join("\n");
}

/** A time in a video: "1:04.3". */
export function clockTime(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const rest = (tenths % 600) / 10;
  return `${Math.floor(tenths / 600)}:${rest.toFixed(1).padStart(4, "0")}`;
}
