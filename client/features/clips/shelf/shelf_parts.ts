/** Where a shelf stores what it holds: rows and files. */
import type { ClipRow } from "./clip_row.ts";

/** Rows by id. */
export interface ClipRows {
  /** Every row; what another version wrote may be among them. */
  all(): Promise<readonly unknown[]>;
  put(row: ClipRow): Promise<void>;
  /** Changes a row in one step; false where there is none. */
  change(id: string, part: Partial<ClipRow>): Promise<boolean>;
  delete(id: string): Promise<void>;
}

/** Files by name. */
export interface ClipFiles {
  write(name: string, content: Blob): Promise<void>;
  read(name: string): Promise<Blob | undefined>;
  /** Deletes a file; one that is not there is no fault. */
  delete(name: string): Promise<void>;
}

/** What a shelf is made of. */
export interface ShelfParts {
  readonly rows: ClipRows;
  readonly files: ClipFiles;
  /** Whether clips are still there when the page is opened again. */
  readonly lasting: boolean;
  /** Returns the time in ms since 1970. */
  readonly now: () => number;
}
