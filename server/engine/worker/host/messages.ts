/** What the engine and its worker say to each other. */
import type { FrameFormat } from "../../../../shared/codec.ts";
import type { AnyHead } from "../../../heads/mod.ts";
import type { PackedError } from "../../../../shared/packed_error.ts";
import type {
  Admitted,
  BatchResult,
  EngineStats,
  FrameKey,
  LoadedModel,
  PixelSize,
  Probe,
} from "../../port.ts";

/** Calls that the worker answers, by name: what they take and what they return. */
export interface Calls {
  readonly start: {
    readonly takes: {
      readonly modelDir: string;
      readonly threads: number;
      /** Bytes that values and weights may take at most, or null for as many as the machine has left. */
      readonly memoryBytes: number | null;
    };
    readonly returns: {
      readonly model: LoadedModel;
      readonly threads: number;
      readonly threadsNote: string | null;
      /** Bytes that values and weights may take: a worker that takes this one's place gets as many. */
      readonly memoryBytes: number;
    };
  };
  readonly admit: {
    readonly takes: {
      readonly key: FrameKey;
      readonly format: FrameFormat;
      readonly picture: Uint8Array<ArrayBuffer>;
      /** Of pixels that are not of the input's size. */
      readonly size?: PixelSize;
    };
    readonly returns: Admitted;
  };
  readonly run: { readonly takes: readonly Probe[]; readonly returns: BatchResult };
  readonly head: {
    /** Null: the key's head is forgotten. */
    readonly takes: { readonly key: number; readonly head: AnyHead | null };
    readonly returns: null;
  };
  readonly stats: { readonly takes: null; readonly returns: EngineStats };
}

export type CallName = keyof Calls;

/** A message to the worker. */
export type WorkerRequest =
  | {
    readonly [N in CallName]: { readonly call: N; readonly id: number; readonly takes: Calls[N]["takes"] };
  }[
    CallName
  ]
  | { readonly call: "release"; readonly key: FrameKey };

/** A message from the worker: the answer to the call with this id, or the share of it that is done, 0 to 1. */
export type Reply = FinalReply | { readonly id: number; readonly done: number };

/** The answer to a call. */
export type FinalReply =
  | {
    readonly id: number;
    readonly ok: true;
    readonly returns: Calls[CallName]["returns"];
    /** The worker's figures after the call. */
    readonly stats?: EngineStats;
  }
  | { readonly id: number; readonly ok: false; readonly error: PackedError };
