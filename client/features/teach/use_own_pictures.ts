import { useEffect } from "preact/hooks";
import { chosenFiles, droppedFiles, entriesOf, type PathFile } from "../../ui/path_files.ts";
import type { TeachModel } from "./model.ts";

/** While a collection is open, pictures that are pasted go to its chosen class rather than onto the stage. */
export function usePastedPictures(model: TeachModel): void {
  useEffect(() => {
    const listeners = new AbortController();
    addEventListener("paste", (event) => {
      const files = [...event.clipboardData?.files ?? []];
      if (model.open === null || files.length === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void model.addFiles(files.map((file) => ({ path: file.name, file })), model.open.chosen);
    }, { signal: listeners.signal, capture: true });
    return () => listeners.abort();
  }, [model]);
}

/** Adds what was dropped to a class; folders become classes of their own names. */
export async function addDropped(
  model: TeachModel,
  event: DragEvent,
  classKey: string | null,
): Promise<void> {
  const files = await filesOfDrop(event);
  if (files.length > 0) await model.addFiles(files, classKey);
}

/** What was dropped, which the page itself would otherwise open on the stage. */
export async function filesOfDrop(event: DragEvent): Promise<readonly PathFile[]> {
  event.preventDefault();
  event.stopPropagation();
  const { dataTransfer } = event;
  if (dataTransfer === null) return [];
  const entries = entriesOf(dataTransfer);
  return entries.length > 0 ? await droppedFiles(entries) : chosenFiles([...dataTransfer.files]);
}
