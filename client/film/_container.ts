/** The containers of films, and a mediabunny target that writes into a file of segments. */
import { Mp4OutputFormat, type OutputFormat, StreamTarget, WebMOutputFormat } from "mediabunny";
import type { SegmentedFile, Written } from "./segmented_file.ts";

/** The containers of films. */
export type FilmType = "video/mp4" | "video/webm";

/** Returns a container whose file needs no second pass. */
export function formatOf(type: FilmType): OutputFormat {
  return type === "video/webm" ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: false });
}

/** Makes a target; `onGrow` is called with the number of bytes of the file. */
export function targetOf(file: SegmentedFile, onGrow: (bytes: number) => void): StreamTarget {
  return new StreamTarget(
    new WritableStream<Written>({
      async write(chunk) {
        await file.write(chunk);
        onGrow(file.size);
      },
    }),
  );
}
