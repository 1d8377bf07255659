import { type ReadonlySignal, useSignal } from "@preact/signals";
import { clipFileName, clipTypeOf } from "../../../shared/clips.ts";
import { saveFile } from "../../ui/save_file.ts";
import type { Recorder } from "./recorder.ts";
import type { Preview } from "./recorder_state.ts";

/** Saves the part of a recording that people want as a file. */
export interface SaveFile {
  readonly saving: ReadonlySignal<boolean>;
  /** Why it could not be saved, in words; empty where nothing went wrong. */
  readonly problem: ReadonlySignal<string>;
  readonly save: (preview: Preview) => Promise<void>;
}

/** Returns what saves the files of one preview. */
export function useSaveFile(recorder: Pick<Recorder, "trimmedFile">): SaveFile {
  const saving = useSignal(false);
  const problem = useSignal("");
  return {
    saving,
    problem,
    async save(preview) {
      saving.value = true;
      problem.value = "";
      try {
        const media = await recorder.trimmedFile(preview);
        saveFile(media, clipFileName(preview.name, clipTypeOf(media.type) ?? "video/webm"));
      } catch {
        problem.value = "The part could not be cut. Save the whole recording instead.";
      } finally {
        saving.value = false;
      }
    },
  };
}
