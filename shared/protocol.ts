/** Control messages of the wire: what each side may say, as schemas and types (PROTOCOL.md). */
import * as v from "valibot";
import { MAX_UINT32 } from "./codec.ts";
import { COVER_FILLS, CoverSchema } from "./cover.ts";
import { HEAD_KINDS } from "./head_model.ts";
import { ERROR_CODES } from "./errors.ts";
import { MAX_CLASS_TEXT, MAX_PANES, TOP_CLASSES } from "./limits.ts";
import { RemoteCommandSchema, StageStateSchema } from "./remote.ts";

const Uint32 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_UINT32));
const ShortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** 128 random bits of the presenter's page, as hexadecimal digits. */
const ShowKey = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const Milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Whether the other end is there, and that this one is (K1). */
const HEARTBEAT_MESSAGES = [
  v.strictObject({ type: v.literal("ping") }),
  v.strictObject({ type: v.literal("pong") }),
] as const;

/** What somebody who watches or steers may say beside commands (K3). */
export const HeartbeatSchema = v.variant("type", HEARTBEAT_MESSAGES);
export type HeartbeatMessage = v.InferOutput<typeof HeartbeatSchema>;

/** Id of a model of the server (X1). */
const ModelId = ShortText;

/** Which class a map explains: the one at a rank of each frame's own ranking, or one that stays locked. */
export const TargetSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("rank"),
    rank: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TOP_CLASSES)),
  }),
  v.strictObject({
    kind: v.literal("class"),
    index: Uint32,
    /** Model whose class has the index; another one than the view's: the class of the same name is meant (X5). */
    model: v.optional(ModelId),
  }),
  /** A class in words, as `shared/class_text.ts` reads them (V4). */
  v.strictObject({
    kind: v.literal("label"),
    label: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_CLASS_TEXT)),
  }),
]);
export type Target = v.InferOutput<typeof TargetSchema>;

/** Names that a record leaves out without a word, as every object has them anyway. */
const INHERITED = ["__proto__", "constructor", "prototype"];

/** A method's options by name; the method's own table says which it takes. */
export const OptionValuesSchema = v.pipe(
  v.unknown(),
  v.check(
    (value) => value === null || !INHERITED.some((name) => Object.hasOwn(Object(value), name)),
    `no method has an option ${INHERITED.join(", ")}`,
  ),
  v.record(
    v.pipe(v.string(), v.maxLength(40)),
    v.union([v.pipe(v.number(), v.finite()), v.boolean(), v.pipe(v.string(), v.maxLength(100))]),
  ),
);
export type OptionValue = number | boolean | string;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What a viewer wants to see; `revision` rises with every change and comes back in results and tiles (V1). */
export const ViewSchema = v.strictObject({
  revision: Uint32,
  /** Model that explains; without it the server's first one (X2). */
  model: v.optional(ModelId),
  method: ShortText,
  target: TargetSchema,
  /** Target layer; without it the model's default layer. */
  layer: v.optional(ShortText),
  options: OptionValuesSchema,
  /** What of the picture is hidden from the network; absent: nothing (U1). */
  cover: v.optional(CoverSchema),
});
export type View = v.InferOutput<typeof ViewSchema>;

/** A further map of the same frames, beside the one that the view asks for (P1). */
export const PaneSchema = v.strictObject({
  ...ViewSchema.entries,
  id: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PANES)),
  /** A class whose map is taken off that of the target: why the one rather than the other (P4). */
  against: v.optional(TargetSchema),
});
export type Pane = v.InferOutput<typeof PaneSchema>;

const PanesSchema = v.pipe(
  v.array(PaneSchema),
  v.maxLength(MAX_PANES),
  v.check(
    (panes) => new Set(panes.map(({ id }) => id)).size === panes.length,
    "each pane has an id of its own",
  ),
);

/** First message of a connection (H1). */
export const HelloSchema = v.strictObject({
  type: v.literal("hello"),
  version: Uint32,
  view: ViewSchema,
});

/** Everything that a client may say in text. */
export const ClientMessageSchema = v.variant("type", [
  HelloSchema,
  v.strictObject({ type: v.literal("view"), view: ViewSchema }),
  v.strictObject({ type: v.literal("panes"), panes: PanesSchema }),
  v.strictObject({ type: v.literal("log"), on: v.boolean() }),
  /** Lets others watch this viewer's frames, or no longer; `key` is the page's secret (W1). */
  v.strictObject({ type: v.literal("share"), on: v.boolean(), key: ShowKey }),
  v.strictObject({ type: v.literal("stage"), stage: StageStateSchema }),
  /** Looks for a small region that changes the answer when it is covered, or ends the search (U6). */
  v.strictObject({
    type: v.literal("flip"),
    revision: Uint32,
    on: v.boolean(),
    fill: v.picklist(COVER_FILLS),
  }),
  /** Whether the page wants to know what its maps' strongest regions count for (S1). */
  v.strictObject({ type: v.literal("reasons"), on: v.boolean() }),
  ...HEARTBEAT_MESSAGES,
]);
export type ClientMessage = v.InferOutput<typeof ClientMessageSchema>;
/** What is asked for of a search. */
export type FlipAsked = Omit<Extract<ClientMessage, { type: "flip" }>, "type">;

/** One line of the ranking. */
export const PredictionSchema = v.object({
  index: Uint32,
  label: v.string(),
  logit: v.number(),
  probability: v.number(),
});
export type Prediction = v.InferOutput<typeof PredictionSchema>;

const OptionSpecSchema = v.variant("kind", [
  v.object({
    kind: v.literal("integer"),
    name: v.string(),
    default: v.number(),
    min: v.number(),
    max: v.number(),
    unit: v.string(),
    help: v.string(),
  }),
  v.object({
    kind: v.literal("choice"),
    name: v.string(),
    default: v.string(),
    choices: v.array(v.string()),
    help: v.string(),
  }),
  v.object({ kind: v.literal("flag"), name: v.string(), default: v.boolean(), help: v.string() }),
]);
/** An option of a method: drawn as a control by the page, parsed as a flag by the command line. */
export type OptionSpec = v.InferOutput<typeof OptionSpecSchema>;

/** What a method looks at: a layer, the gradient at the input, the score from outside, the inside of the network. */
export const METHOD_FAMILIES = ["layer", "gradient", "outside", "inside"] as const;

/**
 * What zero means in a method's raw maps: nothing is there, so that a scale begins at zero; or as little as any other
 * number, as all lie far from it and only their differences mean something.
 */
export const ZERO_MEANINGS = ["nothing", "arbitrary"] as const;

const MapValuesSchema = v.object({
  /** Unit of the values where the option `score` is `logit` or absent, and where it is `probability`. */
  unit: v.object({ logit: v.string(), probability: v.string() }),
  /** What a value says of its place, without the unit: "how far the score drops when the place is hidden". */
  meaning: v.string(),
  zero: v.picklist(ZERO_MEANINGS),
  /** Ends of the scale where they are the same for every map, otherwise null: each map has a scale of its own. */
  range: v.nullable(v.object({ low: v.number(), high: v.number() })),
});
/** What the numbers of a method's raw maps are. */
export type MapValues = v.InferOutput<typeof MapValuesSchema>;

const SamplingSchema = v.object({
  /** What is drawn, in singular and plural: mask, masks. */
  one: v.string(),
  many: v.string(),
  /** What the error of a map is (T8): of its cells' means, of its sum against the score, or not known. */
  error: v.picklist(["standard-error", "completeness", "none"]),
});
/** What a method draws of which more would make its map better, so that no finished map of it is exact. */
export type Sampling = v.InferOutput<typeof SamplingSchema>;

/** A method as the page shows it. */
export const MethodInfoSchema = v.object({
  id: v.string(),
  name: v.string(),
  family: v.picklist(METHOD_FAMILIES),
  /** One sentence for a newcomer. */
  plain: v.string(),
  /** One sentence for an expert: definition, layer, cost. */
  expert: v.string(),
  /** What the method is bad at. */
  weakness: v.string(),
  /** True where the display shows both signs: evidence for and against the class. */
  signed: v.boolean(),
  /** True where the map grows tile by tile. */
  progressive: v.boolean(),
  /** What a map takes at the method's own layer and options, in forward passes: the prediction itself is 1. */
  cost: v.optional(v.pipe(v.number(), v.minValue(1))),
  values: MapValuesSchema,
  /** Null where a finished map is what the method defines, to the last digit. */
  sampling: v.nullable(SamplingSchema),
  /** What the map shows: positions in the picture, as large as they count, or the network itself. */
  subject: v.picklist(["picture", "network"]),
  /** Whether a target layer can be chosen: not at all, only the model's own, or any spatial one. */
  looksAt: v.picklist(["network", "one-layer", "any-layer"]),
  options: v.array(OptionSpecSchema),
});
export type MethodInfo = v.InferOutput<typeof MethodInfoSchema>;

/** How logits become probabilities: shares of all classes, or each class's own where they do not exclude each other. */
export const HEADS = ["softmax", "sigmoid"] as const;
export type Head = typeof HEADS[number];

/** The model as the page shows it. */
export const ModelInfoSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Input size in pixels. */
  width: v.number(),
  height: v.number(),
  defaultLayer: v.string(),
  classes: v.number(),
  /** Absent: softmax. */
  head: v.optional(v.picklist(HEADS)),
  /** What it can tell apart, in a few words: "1,000 kinds of things, no people". */
  knows: v.string(),
  /** A few things to try. */
  tries: v.array(v.string()),
  /** SHA-256 by which its files are known, in hex; absent: it is not known. */
  sha256: v.optional(v.string()),
  /** Of a model that was taught: the kind of its head; absent: it was not. */
  taughtHead: v.optional(v.picklist(HEAD_KINDS)),
  /** Red, green and blue, 0 to 255, of an input of zeros: what the fill grey looks like. */
  grey: v.optional(v.tuple([v.number(), v.number(), v.number()])),
});
export type ModelInfo = v.InferOutput<typeof ModelInfoSchema>;

/**
 * Whether a model can explain at once: it can; it is on its way into memory; it is taken there when somebody wants it; it
 * could not be, for the reason that stands beside it.
 */
export const MODEL_STATES = ["loaded", "loading", "not-loaded", "failed"] as const;
export type ModelState = typeof MODEL_STATES[number];

/** A model of the server in the list of all (X1); what is not known before it was loaded once is null. */
export const ListedModelSchema = v.object({
  id: v.string(),
  name: v.string(),
  state: v.picklist(MODEL_STATES),
  /** Why it could not be loaded; null where nothing failed. */
  reason: v.nullable(v.string()),
  /** Input size in pixels. */
  width: v.nullable(v.number()),
  height: v.nullable(v.number()),
  classes: v.nullable(v.number()),
  /** Memory that it takes, in bytes: measured while it is loaded, otherwise as its files let expect. */
  bytes: v.nullable(v.number()),
  /** Whether it was uploaded, so that it can be removed. */
  uploaded: v.boolean(),
  /** Of a model that was taught: its collection, that one's name, and the kind of its head; null: the chosen one. */
  taught: v.optional(v.object({
    collection: v.string(),
    name: v.string(),
    kind: v.nullable(v.picklist(HEAD_KINDS)),
  })),
});
export type ListedModel = v.InferOutput<typeof ListedModelSchema>;

/** What was taken in place of what was asked for, in sentences without full stops; absent: nothing (X6). */
const NotesSchema = v.optional(v.array(v.string()));

const SharedNamesSchema = v.array(Uint32);

/** Layers that can be a target layer, from the input to the logits, `[height, width, channels]` each. */
const LayersSchema = v.array(v.object({ name: v.string(), shape: v.array(v.number()) }));

/** Methods whose maps are the same up to a positive factor, by their definitions and not by accident (V5). */
const SameMapsSchema = v.object({
  /** Target layer at which they are. */
  layer: v.string(),
  /** Ids of the methods, in the order in which methods are shown. */
  methods: v.array(v.string()),
  /** Ids of those that show the same without the final ReLU: evidence against the class as well. */
  signed: v.array(v.string()),
});
export type SameMaps = v.InferOutput<typeof SameMapsSchema>;

const ErrorMessageSchema = v.object({
  type: v.literal("error"),
  code: v.picklist(ERROR_CODES),
  /** Names the bad value and the wanted one. */
  message: v.string(),
  /** The frame that this answers, or null. */
  frame: v.nullable(Uint32),
  /** The revision that this answers, or null. */
  revision: v.nullable(Uint32),
  /** The pane that this answers, or null. */
  pane: v.nullable(Uint32),
});

/** The times of one frame at the server, all in ms. */
export const FrameTimesSchema = v.object({
  /** As the frame's header said, on the client's clock. */
  captured: v.number(),
  /** From the socket to the start of its batch. */
  queued: Milliseconds,
  /** The batch that held the frame's row. */
  compute: Milliseconds,
  /** From the socket to the sending of the result. */
  server: Milliseconds,
});
export type FrameTimes = v.InferOutput<typeof FrameTimesSchema>;

/** Whether a viewer may write into the server's log: not where there is none, or where it is for its own machine. */
export const LOG_RIGHTS = ["allowed", "own-machine", "none"] as const;
export type LogRight = typeof LOG_RIGHTS[number];

const Share = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1));

/** A rectangle of a picture, as shares of the sides of what the network sees. */
export const BoxSchema = v.object({ left: Share, top: Share, right: Share, bottom: Share });

/** What a map's strongest region counts for, measured with that region hidden (S2 to S4). */
export const ReasonSchema = v.object({
  /** The class that the map explains, as the whole frame has it. */
  target: PredictionSchema,
  /** The whole frame's own first class. */
  first: PredictionSchema,
  /** What was hidden; null: the map has no evidence. */
  region: v.nullable(v.object({
    box: BoxSchema,
    /** Where it lies, in words: "upper middle". */
    place: v.string(),
    /** Share of the map's positive evidence inside. */
    share: Share,
    /** Probability of the target with the region hidden. */
    hidden: v.number(),
    /** The first class with the region hidden, where it is another one than the target; null: it is the target. */
    takesOver: v.nullable(PredictionSchema),
  })),
  /** The small meter: which share of the probability goes with the map's strongest parts, and with as much elsewhere. */
  meter: v.nullable(v.object({ drop: v.number(), random: v.number() })),
});
export type Reason = v.InferOutput<typeof ReasonSchema>;

/** Everything that the server says in text. */
export const ServerMessageSchema = v.variant("type", [
  v.object({
    type: v.literal("welcome"),
    version: Uint32,
    /** The server's first model, with what can be done with it (X2). */
    model: ModelInfoSchema,
    methods: v.array(MethodInfoSchema),
    layers: LayersSchema,
    /** Methods that give the same map (V5); absent: none are known to. */
    sameMaps: v.optional(v.array(SameMapsSchema)),
    /** All models of the server, the first one in front (X1). */
    models: v.array(ListedModelSchema),
    limits: v.object({ frameBytes: v.number(), frameSidePx: v.number(), framesInFlight: v.number() }),
    threads: v.number(),
    /** Classes whose first name another class has too: their name alone does not say which is meant. */
    sharedNames: SharedNamesSchema,
    /** Whether this viewer may turn the log on (L10). */
    log: v.picklist(LOG_RIGHTS),
    /** Whether the server has an address that other machines reach (W6). */
    reachable: v.boolean(),
  }),
  /** The models of the server have changed, or the state of one has (X1). */
  v.object({ type: v.literal("models"), models: v.array(ListedModelSchema) }),
  /** A model that this viewer asked for is on its way into memory: the share that is done, 0 to 1 (X3). */
  v.object({
    type: v.literal("loading"),
    model: v.string(),
    done: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  }),
  /** What can be done with a model that a view or a pane is about to name (X4). */
  v.object({
    type: v.literal("model"),
    model: ModelInfoSchema,
    methods: v.array(MethodInfoSchema),
    layers: LayersSchema,
    /** Methods that give the same map (V5); absent: none are known to. */
    sameMaps: v.optional(v.array(SameMapsSchema)),
    sharedNames: SharedNamesSchema,
  }),
  /** The view that counts from now on, with its label resolved to an index (V2). */
  v.object({
    type: v.literal("view"),
    revision: Uint32,
    model: v.string(),
    method: v.string(),
    target: TargetSchema,
    layer: v.string(),
    options: OptionValuesSchema,
    cover: v.optional(CoverSchema),
    notes: NotesSchema,
  }),
  /** A pane that counts from now on, its labels resolved to indexes (P2). */
  v.object({
    type: v.literal("pane"),
    id: Uint32,
    revision: Uint32,
    model: v.string(),
    method: v.string(),
    target: TargetSchema,
    against: v.nullable(TargetSchema),
    layer: v.string(),
    options: OptionValuesSchema,
    cover: v.optional(CoverSchema),
    notes: NotesSchema,
  }),
  v.object({
    type: v.literal("result"),
    frame: Uint32,
    revision: Uint32,
    /** Model whose numbers these are. */
    model: v.string(),
    times: FrameTimesSchema,
    /** The frame's own, best first. */
    predictions: v.array(PredictionSchema),
    /** What people read (R1 to R6): calm while the picture moves, sorted by its own numbers. */
    ranking: v.object({ rows: v.array(PredictionSchema), unsure: v.boolean() }),
    /** The class that the map of this frame explains, with the number of the ranking's moment. */
    target: PredictionSchema,
    /**
     * Of a view with a cover: the same frame without it, best first; the classes of `ranking` and its own first three (U4).
     */
    whole: v.optional(v.array(PredictionSchema)),
    /** Frames of this viewer that were dropped so far, by cause. */
    dropped: v.object({ superseded: Uint32, slow: Uint32 }),
  }),
  /** What is said of a frame in a pane whose model or cover is another one than the view's (X7). */
  v.object({
    type: v.literal("pane-result"),
    pane: Uint32,
    frame: Uint32,
    revision: Uint32,
    model: v.string(),
    /** The frame's own, best first. */
    predictions: v.array(PredictionSchema),
  }),
  /** How far the search for a region is (U6). */
  v.object({
    type: v.literal("flip-progress"),
    revision: Uint32,
    /** Rows that were computed, and the most that there will be. */
    rows: Uint32,
    most: Uint32,
  }),
  /** What the search has found (U6). */
  v.object({
    type: v.literal("flip-result"),
    revision: Uint32,
    frame: Uint32,
    /** The region, as the cells of a cover; null: none was found. */
    cells: v.nullable(CoverSchema.entries.cells),
    rows: Uint32,
    /** The first class of the whole frame, and with the region covered; null where none was found. */
    from: PredictionSchema,
    to: v.nullable(PredictionSchema),
  }),
  /** The search could not be finished (U6). */
  v.object({
    type: v.literal("flip-failed"),
    revision: Uint32,
    code: v.picklist(ERROR_CODES),
    message: v.string(),
  }),
  /** What the view's map of a frame rests on (S2). */
  v.object({
    type: v.literal("reason"),
    frame: Uint32,
    revision: Uint32,
    /** Model whose numbers these are. */
    model: v.string(),
    ...ReasonSchema.entries,
  }),
  /** Whether what this viewer's camera sees is written into the log (L1). */
  v.object({ type: v.literal("log"), on: v.boolean() }),
  /** An entry is on the disk (L3). */
  v.object({ type: v.literal("logged"), id: Uint32, label: v.string() }),
  /** Under which codes this viewer can be watched and steered, or null (W1); how many watch (W6). */
  v.object({
    type: v.literal("shared"),
    watch: v.nullable(v.string()),
    remote: v.nullable(v.string()),
    watchers: Uint32,
    /** Addresses of the server that other machines can reach; empty: none. */
    addresses: v.array(v.string()),
  }),
  /** A remote wants something done (W7). */
  v.object({ type: v.literal("remote"), command: RemoteCommandSchema }),
  /** To those who watch: how the presenter's stage looks (W5). */
  v.object({ type: v.literal("stage"), stage: StageStateSchema }),
  /** To those who watch: the presenter's connection is gone for now, or back (W8). */
  v.object({ type: v.literal("away"), on: v.boolean() }),
  /** The answer to a frame that a newer one replaced (F6) or whose result the viewer was too slow for (B1). */
  v.object({ type: v.literal("dropped"), frame: Uint32, cause: v.picklist(["superseded", "slow"]) }),
  ErrorMessageSchema,
  ...HEARTBEAT_MESSAGES,
]);
export type ServerMessage = v.InferOutput<typeof ServerMessageSchema>;
export type ErrorMessage = v.InferOutput<typeof ErrorMessageSchema>;
export type Welcome = Extract<ServerMessage, { type: "welcome" }>;
/** The list that people read, and whether its first class is no more than a guess. */
export type ReadRanking = Result["ranking"];
export type ReasonMessage = Extract<ServerMessage, { type: "reason" }>;
export type Result = Extract<ServerMessage, { type: "result" }>;
export type FlipResult = Extract<ServerMessage, { type: "flip-result" }>;
