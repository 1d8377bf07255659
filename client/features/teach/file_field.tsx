import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { FileInput } from "../../ui/file_input.tsx";
import { chosenFiles, type PathFile } from "../../ui/path_files.ts";

/** Properties of the field. */
export interface FileFieldProps {
  /** Whether a folder is chosen rather than files. */
  readonly folder: boolean;
  /** Types of files, as the browser's dialog takes them; absent: all. */
  readonly accept?: string;
  readonly testid: string;
  readonly onFiles: (files: readonly PathFile[]) => void;
  readonly children: ComponentChildren;
}

/** A button that opens the browser's dialog for files or a folder. */
export function FileField({ folder, accept, testid, onFiles, children }: FileFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => field.current?.click()}>{children}</button>
      <FileInput
        field={field}
        testid={testid}
        choose={folder ? "folder" : "files"}
        {...(accept !== undefined && { accept })}
        onFiles={(files) => onFiles(chosenFiles(files))}
      />
    </>
  );
}
