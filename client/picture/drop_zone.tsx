import { useSignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { FileInput } from "../ui/file_input.tsx";

/** Properties of the drop zone. */
export interface DropZoneProps {
  /** The field that opens the browser's file dialog. */
  readonly field: RefObject<HTMLInputElement>;
  readonly onFile: (file: File) => void;
}

/** Takes photos and videos that are dropped or pasted anywhere, or chosen in the browser's dialog. */
export function DropZone({ field, onFile }: DropZoneProps) {
  const over = useSignal(false);
  useSignalEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    // Every element that is crossed enters and leaves; only the balance says whether the page is left.
    let depth = 0;
    addEventListener("dragenter", (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      depth++;
      over.value = true;
    }, { signal });
    addEventListener("dragleave", (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      over.value = depth > 0;
    }, { signal });
    addEventListener("dragover", (event) => event.preventDefault(), { signal });
    addEventListener("drop", (event) => {
      event.preventDefault();
      depth = 0;
      over.value = false;
      open(event.dataTransfer);
    }, { signal });
    addEventListener("paste", (event) => open(event.clipboardData), { signal });

    function open(data: DataTransfer | null): void {
      const files = [...(data?.files ?? [])];
      // Some photos come without a type; what the file is, its bytes say when it is opened.
      const file = files.find((one) => /^(image|video)\//.test(one.type)) ?? files[0];
      if (file !== undefined) onFile(file);
    }
    return () => listeners.abort();
  });
  return (
    <>
      <FileInput
        field={field}
        testid="file"
        accept="image/*,video/*,.heic,.heif,.avif,.webp"
        onFiles={([file]) => {
          if (file !== undefined) onFile(file);
        }}
      />
      {over.value && <div class="drop-zone">Drop a photo or a video</div>}
    </>
  );
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") ?? false;
}
