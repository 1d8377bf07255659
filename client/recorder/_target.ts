/** Where mediabunny writes: a file of segments. */
import { StreamTarget } from "mediabunny";
import type { SegmentedFile, Written } from "./segmented_file.ts";

/** `onGrow`: told how many bytes there are. */
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
