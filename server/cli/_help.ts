/** The text of --help, from the table of flags. */
import { READABLE } from "../../shared/file_kind.ts";
import { METHODS } from "../methods/mod.ts";
import { helpLines } from "../command_line/mod.ts";
import { COMMON_FLAGS, flagsOf } from "./_flags.ts";

/** Width of the column with the flags, in characters. */
const FLAG_COLUMN = 34;

/** Says everything that the command takes. */
export function helpText(): string {
  return [
    "Explains what an image classifier sees: its predictions, and where in the picture the evidence lies.",
    "",
    "  deno task explain IMAGE… [flags]",
    "",
    "Most used:",
    "  deno task explain cat.jpg                                     what it is, and where in the picture that shows",
    "  deno task explain cat.jpg --method occlusion --class tabby    by another method, for another class",
    "  deno task explain cat.jpg --png map.png                       the picture with the map over it, as a file",
    "  deno task explain clip.mp4 --every 1 --film out.mp4           a film of every frame of a video (needs ffmpeg)",
    "",
    `IMAGE is a ${READABLE} file, whatever its name. It is cropped to its middle, in the`,
    "shape of the model's input, and resized; one that already has the input's size is taken pixel for pixel.",
    "",
    ...helpLines(COMMON_FLAGS, FLAG_COLUMN),
    "",
    optionTexts().join("\n\n"),
    "",
    `Methods: ${METHODS.map(({ id }) => id).join(", ")}.`,
    "",
    "With several methods or classes, an option or layer counts for the methods that have it, the JSON document holds",
    "`attributions`, a list, in place of `attribution`, and the report shows a picture's maps of a method on one scale.",
    "For several images, methods or classes --map and --png put the names of each into the file's:",
    "--png out.png --method cam,occlusion cat.jpg dog.jpg writes out-cat-cam.png, out-cat-occlusion.png and so on.",
    "A method that makes a picture of its own writes that one.",
    "",
    "Of several images each is written and printed as soon as it is explained. One that cannot be explained has an entry",
    "of its own, `image` and `error` in JSON, and the others continue.",
    "",
    "With several models documents and files of maps name them, and the report shows what each says side by side.",
    "",
    "With --every, --film, --csv or --video-summary what is named are videos: every frame is explained by one method and",
    "for one class, none is left out, and each keeps its own time. The film has the sound of its video, what is seen as",
    "subtitles, and a chapter for each class that stays first. ffmpeg and ffprobe have to be installed.",
    "",
    "Exit codes: 0 done, 1 a fault of the program or of some of several images, or something in the model that",
    "--describe names is not covered, 2 something asked for cannot be done as asked, 130 interrupted; a file is written",
    "whole or not at all.",
    "",
  ].join("\n");
}

/** Methods with the same options share a paragraph. */
function optionTexts(): string[] {
  const groups = Map.groupBy(METHODS, (method) => helpLines(flagsOf(method), FLAG_COLUMN).join("\n"));
  return [...groups].filter(([text]) => text !== "")
    .map(([text, methods]) => `Options of ${methods.map(({ id }) => id).join(", ")}:\n${text}`);
}
