/** Videos, explained frame by frame, one after the other; of several that one cannot be read is said, and the others continue. */
import { GradcastError } from "../../shared/errors.ts";
import { printable, printableLines } from "../../shared/printable.ts";
import type { Engine } from "../engine/port.ts";
import { documentOf, planOf } from "../explain/mod.ts";
import { counted, formatTime } from "../report/mod.ts";
import { type Ffmpeg, findFfmpeg, VideoError } from "../video/mod.ts";
import { DocumentPrinter } from "./_documents.ts";
import type { Io } from "./_io.ts";
import { withEngine } from "./_model.ts";
import { checkFiles, namesFor } from "./_outputs.ts";
import { startProgress } from "./_progress.ts";
import { UsageError } from "./_usage_error.ts";
import type { VideoCommand } from "./_video_command.ts";
import type { FilmFrame } from "./_video_film.ts";
import { type ExplainedVideo, explainVideo, type VideoRun } from "./_video_run.ts";
import { contentsText } from "./_video_text.ts";

/**
 * Explains the videos of a command.
 *
 * @returns videos that could not be explained
 * @throws UsageError or GradcastError; the signal's reason where the person asked for an end
 */
export async function explainVideos(command: VideoCommand, io: Io): Promise<number> {
  const ffmpeg = await refusing(findFfmpeg());
  return await withEngine(io, command.engine, (engine) => explainAll(command, { io, engine, ffmpeg }));
}

async function explainAll(
  command: VideoCommand,
  { io, engine, ffmpeg }: { readonly io: Io; readonly engine: Engine; readonly ffmpeg: Ffmpeg },
): Promise<number> {
  const { videos, form, every, files } = command;
  const plan = planOf(engine.model, command.ask);
  for (const note of plan.notes) io.stderr(`Note: ${printable(note)}.\n`);
  const named = videoFiles(videos, files);
  await checkFiles(io, videos, "video", named.flatMap((one) => Object.values(one)));
  const printer = new DocumentPrinter(
    form === "lines" ? "lines" : videos.length > 1 ? "array" : "single",
    io.stdout,
  );
  const progress = startProgress(io);
  let key = 0;
  let failures = 0;
  try {
    for (const [place, video] of videos.entries()) {
      const run: VideoRun = {
        ...{ video, every, engine, plan, ffmpeg, io, progress, files: named[place] ?? {} },
        nextKey: () => ++key,
        onFrame: (frame) => form === "lines" && printer.add(frameDocument(frame)),
      };
      try {
        report(command, await refusing(explainVideo(run)), run, printer);
      } catch (error) {
        if (videos.length === 1 || io.interrupted.aborted || !isRefusal(error)) throw error;
        failures++;
        progress.hide();
        io.stderr(
          `${printable(error.message.startsWith(video) ? error.message : `${video}: ${error.message}`)}\n`,
        );
        if (form !== "text") printer.add({ video, error: { message: error.message } });
      }
    }
  } finally {
    progress.hide();
    printer.end();
  }
  if (failures > 0) io.stderr(`${failures} of ${videos.length} videos could not be explained.\n`);
  return failures;
}

/** Says what became of a video. */
function report(
  { form, summary }: VideoCommand,
  { contents, endS, written, elapsedMs }: ExplainedVideo,
  { video, engine: { model }, io, plan, progress }: VideoRun,
  printer: DocumentPrinter,
): void {
  progress.hide();
  if (form === "lines") return;
  if (form === "json") {
    printer.add({
      model: model.id,
      video,
      method: plan.maps[0]?.request.method.id,
      durationS: endS,
      ...contents,
      ...(written.length === 0 ? {} : { written }),
    });
    return;
  }
  if (summary) io.stdout(`${printableLines(contentsText(contents, { video, model: model.name, endS }))}\n`);
  if (written.length === 0) return;
  io.stdout(
    `Written: ${printable(written.join(", "))} (${counted(contents.frames, "frame")} in ${
      formatTime(elapsedMs)
    })\n`,
  );
}

/** A frame's document: that of a picture, with its place and its time. */
function frameDocument({ index, seconds, explanation }: FilmFrame) {
  return { frame: index, seconds: Number(seconds.toFixed(6)), ...documentOf(explanation) };
}

/** The files of each video: of several, each has its video's name in its own. */
function videoFiles(videos: readonly string[], files: VideoCommand["files"]): VideoCommand["files"][] {
  const maps = videos.map((image, picture) => ({ picture, image, method: "", classText: "" }));
  const { film, csv } = files;
  const films = film === undefined ? [] : namesFor(film, maps);
  const tables = csv === undefined ? [] : namesFor(csv, maps);
  return videos.map((_, place) => ({
    ...(films[place] === undefined ? {} : { film: films[place] }),
    ...(tables[place] === undefined ? {} : { csv: tables[place] }),
  }));
}

/** Makes what speaks against a video what cannot be done as asked. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof VideoError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

function isRefusal(error: unknown): error is UsageError | GradcastError {
  return error instanceof UsageError || error instanceof GradcastError;
}
