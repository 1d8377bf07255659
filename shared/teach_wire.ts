/** What goes over HTTP when somebody teaches a model own classes: `/api/taught` (PROTOCOL.md, O). */
import * as v from "valibot";
import { ERROR_CODES } from "./errors.ts";
import { HeadExplanationSchema } from "./head_explanation.ts";
import { HEAD_KINDS, type HeadKind, HeadModelSchema } from "./head_model.ts";
import { MAX_TAUGHT_CLASSES, MAX_TAUGHT_PICTURES } from "./limits.ts";
import { MapExtentSchema } from "./map_extent.ts";

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));
const ModelId = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const Kind = v.picklist(HEAD_KINDS);

/** A class of a collection: it keeps its key when it is renamed. */
export const ClassKeySchema = v.pipe(v.string(), v.regex(/^c[1-9]\d{0,8}$/));
/** A picture of a collection: whole numbers that rise as pictures come, never used again. */
export const PictureIdSchema = v.pipe(Whole, v.minValue(1));

/** Query parameters of `POST …/pictures`: the hold (one press of the button) that pictures belong to, 1 or more. */
export const HOLD_PARAMETER = "hold";

/** The class that every collection is offered, so that the model may say that it sees nothing in particular. */
export const NOTHING_IN_PARTICULAR = "nothing in particular";

/** Whether a class is the one for what shows nothing of one's own, case aside. */
export function isNothing({ name }: { readonly name: string }): boolean {
  return name.toLowerCase() === NOTHING_IN_PARTICULAR;
}

/** The id of the model with a collection's head of one kind; the collection's own id is the model of the chosen head. */
export function modelOfHead(collection: string, kind: HeadKind): string {
  return `${collection}.${kind}`;
}

/** `POST /api/taught`: begins a collection; without `base` it uses the server's first model. */
export const NewTaughtSchema = v.strictObject({ name: Name, base: v.optional(ModelId) });
export type NewTaught = v.InferOutput<typeof NewTaughtSchema>;
/** Its answer, with status 201. */
export const TaughtIdSchema = v.object({ id: v.string() });

/** `PATCH /api/taught/ID`: renames it, or chooses the head that its model has. */
export const TaughtChangeSchema = v.strictObject({ name: v.optional(Name), kind: v.optional(Kind) });
export type TaughtChange = v.InferOutput<typeof TaughtChangeSchema>;

/** `POST …/classes` and `PATCH …/classes/KEY`: a class's name; two classes never have the same one, case aside. */
export const ClassNameSchema = v.strictObject({ name: Name });
/** The answer of `POST …/classes`, with status 201. */
export const NewClassSchema = v.object({ key: ClassKeySchema });
/** `POST …/classes/KEY/merge`: the class whose pictures those of KEY become; KEY is gone then. */
export const MergeSchema = v.strictObject({ into: ClassKeySchema });

/** `PATCH …/pictures/PID`: the class that the picture moves to. */
export const PictureChangeSchema = v.strictObject({ class: ClassKeySchema });

/** `PATCH …/pictures`: several pictures move to a class, or are removed (null): one act, which one undo takes back. */
export const PicturesChangeSchema = v.strictObject({
  ids: v.pipe(v.array(PictureIdSchema), v.minLength(1), v.maxLength(MAX_TAUGHT_PICTURES)),
  class: v.nullable(ClassKeySchema),
});

/** A rectangle on the picture as the network sees it, cut to the input's shape: shares of its sides. */
export const BoxSchema = v.pipe(
  v.strictObject({ top: Share, left: Share, height: Share, width: Share }),
  v.check(
    ({ top, left, height, width }) =>
      height > 0 && width > 0 && top + height <= 1.000_001 && left + width <= 1.000_001,
    "expected a box that lies on the picture",
  ),
);
export type Box = v.InferOutput<typeof BoxSchema>;
/** `POST …/box`: where the object of a class stands in its pictures; null: no box is drawn any more. */
export const BoxChangeSchema = v.strictObject({ class: ClassKeySchema, box: v.nullable(BoxSchema) });

/** Answer to `POST …/pictures`: what is on the disk now, and what was refused, part by part of a form. */
export const AddedPicturesSchema = v.object({
  /** In the order in which they came. */
  ids: v.array(PictureIdSchema),
  /** Pictures of the class now. */
  count: Whole,
  /** Of a form with several: the file's name and why it was left out. One picture alone is answered with the error. */
  refused: v.array(v.object({
    name: v.string(),
    code: v.picklist(ERROR_CODES),
    message: v.string(),
    words: v.string(),
  })),
});
export type AddedPictures = v.InferOutput<typeof AddedPicturesSchema>;

/** `GET …/pictures`, with `class=KEY` those of one class: in the order in which they came. */
export const TaughtPicturesSchema = v.object({
  pictures: v.pipe(
    v.array(v.object({
      id: PictureIdSchema,
      class: ClassKeySchema,
      /** Pictures of one press of the button share it; 0: no press is known. */
      hold: Whole,
      /** Class that five-fold cross-validation said, by a head that had not seen the picture; null: not known yet. */
      said: v.nullable(ClassKeySchema),
      /** Probability of that class. */
      probability: v.nullable(Share),
    })),
    v.maxLength(MAX_TAUGHT_PICTURES),
  ),
});
export type TaughtPictures = v.InferOutput<typeof TaughtPicturesSchema>;

/** What is wrong, or may be, with what a model is taught from. */
export const WARNING_KINDS = [
  /** One class has far more pictures than another. */
  "uneven",
  /** Most pictures of a class are nearly the same. */
  "duplicates",
  /** The same picture stands in two classes. */
  "contradiction",
  /** Cross-validation is no better than chance. */
  "chance",
  /** A class has fewer pictures than learning needs, and is left out. */
  "few",
] as const;

/** Learning: what is going on, or why not. */
export const LEARNING_STATES = ["waiting", "learning", "learned", "cannot"] as const;

/** A head of a collection. */
const HeadStateSchema = v.object({
  kind: Kind,
  /** Id of the model that has it, for `model=`. */
  model: v.string(),
  /** Fitted to the pictures of now, to earlier ones, or not at all: it is fitted when somebody wants it. */
  state: v.picklist(["none", "old", "fitted"]),
  /** Share of pictures that five-fold cross-validation says rightly, and its standard deviation over folds. */
  accuracy: v.nullable(Share),
  deviation: v.nullable(v.number()),
  /** How long its fit took, in ms. */
  ms: v.nullable(v.number()),
});

/** `GET /api/taught/ID`, and each line of `…/events`. */
export const TaughtStateSchema = v.object({
  id: v.string(),
  name: v.string(),
  base: v.object({ id: v.string(), name: v.string() }),
  /** The chosen head. */
  kind: Kind,
  classes: v.pipe(
    v.array(v.object({
      key: ClassKeySchema,
      name: v.string(),
      pictures: Whole,
      /** Its newest picture; null: it has none. */
      cover: v.nullable(PictureIdSchema),
      box: v.nullable(BoxSchema),
      /** Whether the head of now knows it. */
      learned: v.boolean(),
    })),
    v.maxLength(MAX_TAUGHT_CLASSES),
  ),
  /** Pictures of all classes, and how many there may be. */
  pictures: Whole,
  maxPictures: Whole,
  /** Bytes of the collection on the disk; of all collections, and how many these may have. */
  bytes: Whole,
  usedBytes: Whole,
  maxBytes: Whole,
  learning: v.object({
    /** `waiting`: for pictures, as `reason` says; `cannot`: it failed, as `reason` says. */
    state: v.picklist(LEARNING_STATES),
    /** Head that is being fitted, and the share that is done; 1 where nothing is. */
    kind: v.nullable(Kind),
    done: Share,
    reason: v.nullable(v.string()),
    /** How long the newest fit of the chosen head took, in ms. */
    ms: v.nullable(v.number()),
  }),
  heads: v.array(HeadStateSchema),
  /** Of the chosen head, as in `heads`; null: not known yet. */
  accuracy: v.nullable(Share),
  deviation: v.nullable(v.number()),
  /** Accuracy of always naming the largest class. */
  chance: v.nullable(Share),
  /**
   * Of the chosen head under cross-validation: `counts[i][j]` pictures of class i were called j; the classes are `keys`.
   * The pictures of a cell are those of `…/pictures` with that `class` and that `said`.
   */
  confusion: v.nullable(v.object({ keys: v.array(ClassKeySchema), counts: v.array(v.array(Whole)) })),
  warnings: v.array(v.object({
    kind: v.picklist(WARNING_KINDS),
    /** A sentence for people. */
    words: v.string(),
    classes: v.array(ClassKeySchema),
    /** Pictures that show it, a few at most. */
    pictures: v.array(PictureIdSchema),
  })),
  /** What `POST …/undo` would take back, as "Remove 3 pictures of mug"; null: nothing. */
  undo: v.nullable(v.string()),
  /** Rises with every change of the collection, and with every newly learned head. */
  revision: Whole,
  headRevision: Whole,
});
export type TaughtState = v.InferOutput<typeof TaughtStateSchema>;
export type TaughtWarning = TaughtState["warnings"][number];

/** An error that ends an answer of lines. */
const RefusalLine = v.object({ code: v.picklist(ERROR_CODES), message: v.string(), words: v.string() });

/** A line of `…/events`: the state when one asks, and whenever it has changed; the same one again where nothing does. */
export const TaughtEventSchema = v.union([TaughtStateSchema, RefusalLine]);

/** `GET /api/taught`. */
export const TaughtListSchema = v.object({
  taught: v.array(v.object({
    id: v.string(),
    name: v.string(),
    /** Id of the base model. */
    base: v.string(),
    kind: Kind,
    classes: Whole,
    pictures: Whole,
    bytes: Whole,
    /** When it was changed last, in ms since 1970. */
    updatedMs: v.number(),
    /** Whether it has a head, so that its model can be shown. */
    learned: v.boolean(),
  })),
  usedBytes: Whole,
  maxBytes: Whole,
});
export type TaughtList = v.InferOutput<typeof TaughtListSchema>;

/** `POST …/undo`: what was taken back, in words; null: there was nothing. */
export const UndoneSchema = v.object({ undone: v.nullable(v.string()) });

/** `GET …/head?kind=`: the fitted head; it is fitted first where it is not. */
export const TaughtHeadSchema = v.object({
  kind: Kind,
  /** Layer whose channels the features are, for `/api/feature`; null: they are no channels of a layer. */
  layer: v.nullable(v.string()),
  classes: v.array(v.object({ key: ClassKeySchema, name: v.string() })),
  features: Whole,
  /** The head; null of `nearest`, which is its pictures. */
  head: v.nullable(HeadModelSchema),
  /** Of linear heads: the channels with the largest weights of each class, on standardised features, sorted by size. */
  top: v.array(v.array(v.object({ channel: Whole, weight: v.number() }))),
  /** Of a forest: the channels with the largest mean decrease in impurity, and its deviation over trees. */
  importances: v.array(v.object({ channel: Whole, importance: v.number(), deviation: v.number() })),
  /** Of pca-linear: dimensions that are kept, and their share of the variance. */
  kept: v.nullable(v.object({ dimensions: Whole, of: Whole, share: v.number() })),
});
export type TaughtHead = v.InferOutput<typeof TaughtHeadSchema>;

/** The activation of a channel over the picture. */
const ChannelMapSchema = v.object({
  channel: Whole,
  /** The feature: what the head reads. */
  value: v.number(),
  height: Whole,
  width: Whole,
  /** `[height, width]`, activations as they are. */
  values: v.array(v.number()),
});

/** Linear heads: what adds most to each class; all of them would be megabytes. */
const TopContributionsSchema = v.object({
  kind: v.literal("contributions"),
  /** [classes], 0…1. */
  probabilities: v.array(v.number()),
  /** [classes]; with the bias all contributions of a class sum up to its logit. */
  bias: v.array(v.number()),
  logits: v.array(v.number()),
  /** [classes]: weight × standardised value, the largest first by size. */
  top: v.array(v.array(v.object({ channel: Whole, value: v.number() }))),
});

const [, TreePathSchema, VotesSchema, NeighboursSchema] = HeadExplanationSchema.options;

/** `POST …/why?kind=`: why the head says what it says of the picture in the body. */
export const WhySchema = v.object({
  kind: Kind,
  headRevision: Whole,
  classes: v.array(v.object({ key: ClassKeySchema, name: v.string(), probability: Share })),
  /** Layer whose channels the features are; null: no layer has them, and there are no `channels`. */
  layer: v.nullable(v.string()),
  /** Where the cells lie on the input; absent: they tile it. */
  extent: v.exactOptional(MapExtentSchema),
  /** Of `nearest` an `id` is a picture's, in digits. */
  explanation: v.variant("kind", [TopContributionsSchema, TreePathSchema, VotesSchema, NeighboursSchema]),
  /** The channels that the path visits, or that contribute most. */
  channels: v.array(ChannelMapSchema),
});
export type Why = v.InferOutput<typeof WhySchema>;

/** Where the object of a picture was taken to be. */
export const OBJECT_SOURCES = ["box", "moving", "none"] as const;

/** Spurious clues of one class. */
const ClassCluesSchema = v.object({
  key: ClassKeySchema,
  name: v.string(),
  /** `box`: drawn; `moving`: what differs between consecutive pictures of one hold; `none`: neither is known. */
  object: v.picklist(OBJECT_SOURCES),
  /** Pictures that were looked at. */
  pictures: Whole,
  /** Mean share of the evidence for the class that lies outside the object; null: no object is known. */
  outside: v.nullable(Share),
  /** Share of the picture's area that lies outside: what evidence without a place would have. */
  area: v.nullable(Share),
  /** A sentence for people. */
  words: v.string(),
  /** Whether more lies outside than one would expect of a model that looks at the object. */
  suspicious: v.boolean(),
  /** The pictures with the largest share outside, worst first. */
  worst: v.array(v.object({
    picture: PictureIdSchema,
    outside: Share,
    /** The object's place in it. */
    box: BoxSchema,
    /** Evidence for the class, `[height, width]`, signed, and where its cells lie on the input. */
    height: Whole,
    width: Whole,
    values: v.array(v.number()),
    extent: v.exactOptional(MapExtentSchema),
  })),
});

/** A line of `POST …/clues`: the share that is done, the result as the last line, or what ended it. */
export const CluesLineSchema = v.union([
  v.object({ progress: Share }),
  v.object({
    clues: v.object({
      /** Which classes are recognised by their surroundings, or that nothing stands out: for people. */
      words: v.string(),
      /** Head whose evidence was looked at: the chosen one, or linear where that one has no maps. */
      kind: Kind,
      /** Without "nothing in particular", which has no object. */
      classes: v.array(ClassCluesSchema),
    }),
  }),
  RefusalLine,
]);
export type CluesLine = v.InferOutput<typeof CluesLineSchema>;
export type ClassClues = v.InferOutput<typeof ClassCluesSchema>;

/**
 * `POST /api/taught/import`: what became of a ZIP file, or of a form whose files' names are their paths. With pictures a
 * collection, which learns again; without, a model of the server, as uploads are.
 */
export const ImportedSchema = v.object({ id: v.string(), kind: v.picklist(["collection", "model"]) });
export type Imported = v.InferOutput<typeof ImportedSchema>;
