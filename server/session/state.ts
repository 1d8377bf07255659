/** What a session can be in, what can happen to it and what it wants done: data only. */
import type { Frame, Tile } from "../../shared/codec.ts";
import type { Cover, CoverFill } from "../../shared/cover.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import type { Heartbeat } from "../../shared/heartbeat.ts";
import type { Ranking } from "../../shared/ranking.ts";
import type {
  ClientMessage,
  ListedModel,
  LogRight,
  OptionValues,
  Pane,
  ServerMessage,
  View,
} from "../../shared/protocol.ts";
import type { StageState } from "../../shared/remote.ts";
import type { FrameKey, LoadedModel, PixelSize } from "../engine/port.ts";
import type { MapTile, Method, RawMap } from "../methods/method.ts";
import type { MeasuredReason, MeterStep, ResolvedTarget } from "../methods/mod.ts";
import type { RowTimes } from "../scheduler/mod.ts";
import type { Bucket } from "./rate.ts";

/** A view whose names were looked up. */
export interface ResolvedView {
  readonly revision: number;
  readonly model: LoadedModel;
  readonly method: Method;
  readonly target: ResolvedTarget;
  readonly layer: string;
  readonly options: OptionValues;
  /** What of the picture is hidden from the network; null: nothing (U1). */
  readonly cover: Cover | null;
  /** What was taken in place of what was asked for, in sentences (X6). */
  readonly notes: readonly string[];
}

/** A search for a region that changes the answer (U6). */
export interface SearchRequest {
  readonly revision: number;
  readonly fill: CoverFill;
  /** What it is about; null while it waits for a frame. */
  readonly begun: { readonly frame: number; readonly model: LoadedModel } | null;
}

/** A model that can explain, and what viewers read of it. */
export interface ServedModel {
  readonly model: LoadedModel;
  readonly message: Extract<ServerMessage, { type: "model" }>;
}

/** A served model that stays loaded until the lease ends. */
export interface ServedLease extends Disposable {
  readonly served: ServedModel;
}

/** One of the maps that a viewer sees of a frame. */
export interface PaneRequest extends ResolvedView {
  /** 0 is the main pane, whose target the results name. */
  readonly pane: number;
  /** The class whose map is taken off, or null. */
  readonly against: ResolvedView["target"] | null;
}

/** A frame from its socket to its answer. */
export interface Work {
  readonly id: number;
  readonly key: FrameKey;
  readonly still: boolean;
  readonly capturedMs: number;
  /** When it came out of the socket, in ms of the server's clock. */
  readonly receivedMs: number;
  /** True once the client has its result, its drop or its error. */
  readonly answered: boolean;
  /** Whether its row without the view's cover is left out, as that of a frame shortly before still counts (U4). */
  readonly withoutWhole?: boolean;
}

/** A frame in the slot, with its picture still encoded. */
export interface Waiting {
  readonly frame: Frame;
  readonly receivedMs: number;
}

/** Messages that take effect with the next turn (M5). */
export type AskedKind = "view" | "panes" | "log" | "share" | "stage" | "reasons";

/** What was asked for since the last turn: of each kind the last message. */
export type Asked = { readonly [Kind in AskedKind]?: Extract<ClientMessage, { type: Kind }> };

/** What is counted to see how often it comes (M6); `unfit` is text that no message is. */
export type RateKind = Exclude<ClientMessage["type"], "hello"> | "unfit" | "frame";

/** A finished map of the view. */
export interface FinishedMap {
  readonly work: Work;
  readonly revision: number;
}

/** What is measured of the view's maps beside explaining them (rules S). */
export interface Reasons {
  /** Whether the client wants to know. */
  readonly on: boolean;
  /** The last map that was finished; null: none of this view was. */
  readonly finished: FinishedMap | null;
  /** The map that is being measured; null: none is. */
  readonly measuring: FinishedMap | null;
  /** Whether the last map has its reason, or it is on its way. */
  readonly done: boolean;
  /** When the next measurement may begin, in ms of the server's clock. */
  readonly nextMs: number;
  /** The small meter: the last measurement of each of its steps, all of one class, and the step that is next. */
  readonly meter: {
    readonly classIndex: number | null;
    readonly steps: readonly (MeterStep | null)[];
    readonly next: number;
  };
}

/** What a model says of a frame without the view's cover. */
export interface WholeFrame {
  readonly model: string;
  readonly logits: Float32Array;
  /** When the frame came, in ms of the server's clock. */
  readonly receivedMs: number;
}

/** Everything that a greeted session holds. */
export interface LiveState {
  readonly phase: "live";
  readonly request: ResolvedView;
  /** Whether what is seen is written into the log. */
  readonly logging: boolean;
  /** Whether others may watch. */
  readonly sharing: boolean;
  /** Whether the default view stands in for that of the hello, whose model is awaited. */
  readonly standsIn: boolean;
  /** The panes beside the main one. */
  readonly panes: readonly PaneRequest[];
  /** Models that are here for this session, by id. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** Models that the session has asked for. */
  readonly using: readonly string[];
  /** What waits for its model; null and empty: nothing does. */
  readonly awaited: { readonly view: View | null; readonly panes: readonly Pane[] };
  /** Models of which the client has heard what can be done with them. */
  readonly told: ReadonlySet<string>;
  /** The model of the view before another one took its place; null: there was none. */
  readonly before: LoadedModel | null;
  readonly lastId: number;
  /** When the last frame came or the last turn was, in ms of the server's clock; null before the first. */
  readonly activeMs: number | null;
  /** The list that this viewer reads; null before the first result of a source. */
  readonly ranking: Ranking | null;
  /** The newest frame of the source whose row without the cover was computed; null: none was. */
  readonly whole: WholeFrame | null;
  readonly reasons: Reasons;
  /** The frame that is being explained, or was last. */
  readonly current: Work | null;
  /** The slot of size 1. */
  readonly waiting: Waiting | null;
  readonly dropped: { readonly superseded: number; readonly slow: number };
  readonly badInARow: number;
  /** The search that is under way; null: none is. */
  readonly search: SearchRequest | null;
  /** What waits for the next turn; null: nothing, and no turn is due. */
  readonly asked: Asked | null;
  /** When the next turn may be, in ms of the server's clock. */
  readonly nextTurnMs: number;
  /** What may still come, by kind; a kind that never came has no bucket. */
  readonly rates: Readonly<Partial<Record<RateKind, Bucket>>>;
  /** Since when the socket has been over its limit, in ms of the server's clock. */
  readonly slowSinceMs: number | null;
  /** Whether the client is still heard. */
  readonly heartbeat: Heartbeat;
}

export type SessionState =
  | { readonly phase: "greeting"; readonly badInARow: number }
  | LiveState
  | { readonly phase: "closed" };

/** Alarms of a session. */
export type TimerName = "hello" | "slow" | "heartbeat" | "turn" | "reason";

/** What a map or a part of it belongs to. */
export interface Shown {
  readonly work: Work;
  readonly pane: number;
  readonly revision: number;
  /** The engine's time for it so far, in ms. */
  readonly costMs: number;
}

export type SessionEvent =
  | { readonly kind: "opened"; readonly full: "all" | "address" | null }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A model's engine does not take a frame's picture. */
  | {
    readonly kind: "refused";
    readonly key: FrameKey;
    readonly model: string;
    readonly code: ErrorCode;
    readonly message: string;
  }
  | {
    readonly kind: "ranking";
    readonly key: FrameKey;
    readonly revision: number;
    readonly logits: Float32Array;
    /** Those of the frame without its cover; absent: it has none. */
    readonly whole?: Float32Array | undefined;
    readonly times: RowTimes;
  }
  | ({ readonly kind: "tile"; readonly tile: MapTile } & Shown)
  | ({ readonly kind: "done"; readonly map: RawMap } & Shown)
  | {
    readonly kind: "failed";
    readonly key: FrameKey;
    readonly pane: number;
    readonly revision: number;
    readonly code: ErrorCode;
    readonly message: string;
  }
  /** What the model of a pane says of a frame. */
  | { readonly kind: "pane-ranking"; readonly work: Work; readonly logits: Float32Array }
    & Pick<
      Shown,
      "pane" | "revision"
    >
  /** What comes of a search. */
  | { readonly kind: "search-progress"; readonly revision: number; readonly rows: number }
  | {
    readonly kind: "search-done";
    readonly revision: number;
    readonly map: RawMap;
    /** Logits of the whole frame, and with the region covered; null where none was found. */
    readonly from: Float32Array;
    readonly to: Float32Array | null;
  }
  | {
    readonly kind: "search-failed";
    readonly revision: number;
    readonly code: ErrorCode;
    readonly message: string;
  }
  /** What a map rests on; null where it could not be measured. */
  | ({ readonly kind: "measured"; readonly reason: MeasuredReason | null } & FinishedMap)
  /** The models of the server, or their states, have changed. */
  | { readonly kind: "models"; readonly models: readonly ListedModel[] }
  /** Of a model that the session has asked for: the share that is done, 0 to 1; that it is here; that it never will be. */
  | { readonly kind: "model-progress"; readonly model: string; readonly done: number }
  | { readonly kind: "model-ready"; readonly served: ServedModel }
  /** A model computes with another engine from now on: its files, its classes or its head have changed. */
  | { readonly kind: "model-exchanged"; readonly served: ServedModel }
  | {
    readonly kind: "model-failed";
    readonly model: string;
    readonly code: ErrorCode;
    readonly message: string;
  }
  /** The log cannot be written any more. */
  | { readonly kind: "log-failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: "timer"; readonly name: TimerName }
  /** A turn was carried out, which kept the server for so long. */
  | { readonly kind: "turned"; readonly tookMs: number }
  /** The seat goes to somebody else (H11). */
  | { readonly kind: "displaced" }
  | { readonly kind: "shutdown" }
  | { readonly kind: "closed" };

export type Effect =
  | { readonly kind: "send"; readonly message: ServerMessage }
  | { readonly kind: "send-tile"; readonly tile: Tile }
  | { readonly kind: "close"; readonly code: ErrorCode }
  /** Begins or ends to write into the log. */
  | { readonly kind: "log"; readonly on: boolean }
  /** Lets others watch under a key, or nobody any more (null). */
  | { readonly kind: "share"; readonly key: string | null }
  | { readonly kind: "stage"; readonly stage: StageState }
  /** A frame may be explained; `size` is that of bare pixels. */
  | { readonly kind: "admit"; readonly work: Work; readonly frame: Frame; readonly size: PixelSize | null }
  /** Replaces what these panes explain; the frame must have been admitted before. */
  | { readonly kind: "explain"; readonly work: Work; readonly requests: readonly PaneRequest[] }
  /** Looks for a region that changes the answer, in place of an earlier search. */
  | { readonly kind: "search"; readonly work: Work; readonly search: SearchRequest }
  | { readonly kind: "end-search" }
  /** A model's engine has none of the pictures that it was handed. */
  | { readonly kind: "forget-pictures"; readonly model: string }
  /** Starts no further rows of what these panes explain, or any pane. */
  | { readonly kind: "retire"; readonly panes: readonly number[] | "all" }
  /** A newer frame takes the place of what all panes explain; maps that grow may be held (G4). */
  | { readonly kind: "supersede" }
  | { readonly kind: "release"; readonly key: FrameKey }
  /** Measures what the map that the view's pane finished last rests on, with these steps of the small meter. */
  | ({ readonly kind: "measure"; readonly steps: readonly number[] } & FinishedMap)
  /** From now on the session needs these models and no others. */
  | { readonly kind: "use"; readonly models: readonly string[] }
  | { readonly kind: "arm"; readonly name: TimerName; readonly ms: number }
  | { readonly kind: "disarm"; readonly name: TimerName };

/** What a session knows of the world; but for what the first model can do, fixed for its life. */
export interface SessionWorld {
  /** Number of this viewer, unique in the life of the server. */
  readonly viewer: number;
  /** The server's first model, which is that of views that name none. */
  readonly first: ServedModel;
  /** The message that greets, as it is now. */
  readonly welcome: () => ServerMessage;
  readonly maxViewers: number;
  /** Whether this viewer may write into the server's log (L2, L10). */
  readonly log: LogRight;
  /** Throws GradcastError `unknown-model` where the server has no model of this id. */
  expect(model: string): void;
  /** Looks up what a view names in a model; throws GradcastError. */
  resolve(view: View, model: LoadedModel): Omit<ResolvedView, "cover">;
  /** The view that counts when the hello's own cannot be used. */
  readonly defaultView: View;
}

/** The moment of an event. */
export interface Moment {
  readonly nowMs: number;
  /** Bytes that wait in the viewer's socket. */
  readonly bufferedBytes: number;
}

/** The outcome of an event. */
export interface Reaction {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}
