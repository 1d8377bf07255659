import type { RefObject } from "preact";

/** Properties of the input. */
export interface FileInputProps {
  /** Clicked by the button that opens the dialog. */
  readonly field: RefObject<HTMLInputElement>;
  readonly testid: string;
  /** Types of files, as the browser's dialog takes them; absent: all. */
  readonly accept?: string;
  /** Whether several files, or a whole folder, are chosen; absent: one file. */
  readonly choose?: "files" | "folder";
  readonly onFiles: (files: readonly File[]) => void;
}

/** What opens the browser's dialog for files, out of sight: a button stands for it. */
export function FileInput({ field, testid, accept, choose, onFiles }: FileInputProps) {
  return (
    <input
      type="file"
      hidden
      ref={field}
      data-testid={testid}
      {...(accept !== undefined && { accept })}
      {...(choose !== undefined && { multiple: true })}
      {...(choose === "folder" && { webkitdirectory: true })}
      onChange={({ currentTarget }) => {
        onFiles([...currentTarget.files ?? []]);
        // The same file chosen again is a change, too.
        currentTarget.value = "";
      }}
    />
  );
}
