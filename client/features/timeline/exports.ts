/** Saves the timeline: as a clip, a film with its sidecar, numbers or a drawing. Loaded when somebody does. */
import { clipFileName, clipFileStem, clipTypeOf } from "../../../shared/clips.ts";
import type { FinishedClip } from "../../film/finished_clip.ts";
import { saveFile } from "../../ui/save_file.ts";
import { timelineCsv } from "./csv.ts";
import { momentsIn } from "./film_times.ts";
import { timelinePicture } from "./draw_picture.ts";
import type { TimelineModel } from "./model.ts";
import { themeNow } from "./plot.tsx";
import type { TimelinePorts } from "./ports.ts";
import { makeReplay } from "./replay.ts";

/**
 * Saves what was chosen, or the last 30 s; the drawing is always of everything.
 *
 * @throws Error where there is nothing to save, or the browser cannot write it
 */
export async function saveTimeline(
  way: "clip" | "film" | "csv" | "png",
  model: TimelineModel,
  ports: TimelinePorts,
): Promise<void> {
  switch (way) {
    case "clip":
      return await keepClip(model, ports);
    case "film":
      return await saveFilm(model, ports);
    case "csv": {
      const text = timelineCsv(momentsIn(model.moments, model.part), performance.timeOrigin);
      return saveFile(new Blob([text], { type: "text/csv" }), `${stem()}.csv`);
    }
    case "png":
      return saveFile(await timelinePicture(model, themeNow()), `${stem()}.png`);
    default: {
      const _never: never = way;
      return _never;
    }
  }
}

async function keepClip(model: TimelineModel, ports: TimelinePorts): Promise<void> {
  const { clip, remove } = await replayClip(model, ports);
  const kept = await ports.keep(clip).finally(remove);
  if (kept === "kept") ports.say(`“${clip.name}” is kept.`, { label: "Show clips", run: ports.showClips });
  else {ports.say(
      "The clip does not fit into what the browser gives this page. Delete some clips, then try again.",
    );}
}

async function saveFilm(model: TimelineModel, ports: TimelinePorts): Promise<void> {
  const { clip, remove } = await replayClip(model, ports);
  saveFile(clip.media, clipFileName(clip.name, clipTypeOf(clip.media.type) ?? "video/webm"));
  // A second file without a press of its own is one that browsers ask about.
  const saveNumbers = () => saveFile(clip.sidecar, clipFileName(clip.name, "application/json"));
  ports.say("The film is saved.", { label: "Save its numbers (JSON)", run: saveNumbers });
  // The browser may still copy the file from where it was written.
  setTimeout(() => void remove(), REMOVE_MS);
}

/** How long the files of a film stay after it was handed to the browser, in ms. */
const REMOVE_MS = 60_000;

/** A clip, and how to remove the files that it lies in. */
interface Replay {
  readonly clip: FinishedClip;
  readonly remove: () => Promise<void>;
}

async function replayClip(model: TimelineModel, ports: TimelinePorts): Promise<Replay> {
  const { part } = model;
  const moments = momentsIn(model.moments, part);
  const { media, sidecar, thumbnail, durationS, width, height, name, remove } = await makeReplay(
    moments,
    { all: model.moments, part },
    ports,
  );
  const clip: FinishedClip = {
    name: `Replay: ${name === "" ? "clip" : name}`,
    media,
    sidecar: new Blob([sidecar], { type: "application/json" }),
    thumbnail,
    ...{ durationMs: durationS * 1_000, width, height },
    createdMs: performance.timeOrigin + (moments[0]?.capturedMs ?? 0),
  };
  return { clip, remove };
}

/** Name of a file without its ending: "gradcast-timeline-2026-12-01T120000". */
function stem(): string {
  return clipFileStem(`gradcast-timeline-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}`);
}
