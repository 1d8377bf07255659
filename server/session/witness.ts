/** Somebody who looks on and writes down what a viewer sees. */
import type { FileFormat, Tile } from "../../shared/codec.ts";
import type { GradcastError } from "../../shared/errors.ts";
import type { Result } from "../../shared/protocol.ts";

/** What a witness hears; it must not keep the session waiting. */
export interface Witness {
  /** A frame goes to the engine. */
  frame(id: number, format: FileFormat, picture: Uint8Array<ArrayBuffer>): void;
  /** Its result was sent; `method` explains it. */
  result(result: Result, method: string): void;
  /** A finished map of the main pane. */
  map(tile: Tile): void;
  /** Nothing more will come. */
  end(): void;
}

/** What a witness may tell the viewer. */
export interface WitnessNews {
  /** An entry is on the disk. */
  logged(id: number, label: string): void;
  /** Some of what is seen is left out. */
  leftOut(error: GradcastError): void;
  /** Nothing can be written any more. */
  failed(error: GradcastError): void;
}
