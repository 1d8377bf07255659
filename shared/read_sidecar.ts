/** Reads sidecars piece by piece: each entry is checked by itself, and the first that does not fit ends it. */
import * as v from "valibot";
import { type JsonPart, JsonParts, parsePart, UnfitFile } from "./json_parts.ts";
import { misfitOf } from "./misfit.ts";
import {
  FirstFrameSchema,
  FirstHeadSchema,
  LabelKeySchema,
  LabelNameSchema,
  type Marker,
  MarkerSchema,
  MAX_MARKERS,
  MAX_SIDECAR_FRAMES,
  MAX_SIDECAR_LABELS,
  MAX_SIDECAR_VIEWS,
  OtherLabelKeySchema,
  SharedNameSchema,
  type Sidecar,
  SIDECAR_VERSION,
  type SidecarFrame,
  SidecarFrameSchema,
  SidecarHeadSchema,
  type SidecarView,
  SidecarViewSchema,
} from "./sidecar.ts";

/** Versions that can be read. */
export type SidecarVersion = 1 | typeof SIDECAR_VERSION;

/** Characters of an entry at most: a frame with its map has under 3,000. */
const MAX_PART_CHARS = 16_384;

/** Brackets within each other in an entry, or in a member that is passed over. */
const MAX_DEPTH = 8;

/** Members of a sidecar: there are twenty. */
const MAX_MEMBERS = 64;

/** Characters that are read at a time while the version is looked for. */
const STEP_CHARS = 65_536;

/** Characters of a value that a message quotes. */
const MAX_GIVEN_CHARS = 100;

const BOUNDS = { partChars: MAX_PART_CHARS, depth: MAX_DEPTH, members: MAX_MEMBERS };

/** Finds out the version, which may stand behind everything else. */
export class SidecarVersionReader {
  #version: SidecarVersion | null = null;
  readonly #parts = new JsonParts({
    ...BOUNDS,
    wanted: new Set(["gradcast"]),
    long: new Set(),
    onLong: () => {},
    onPart: ({ text }) => {
      const value = parsePart(text);
      if (value !== 1 && value !== SIDECAR_VERSION) {
        throw unfit("gradcast", `expected 1 or ${SIDECAR_VERSION}, got ${text.slice(0, MAX_GIVEN_CHARS)}`);
      }
      this.#version = value;
    },
  });

  /**
   * Takes more of the file; returns the version as soon as it is known.
   *
   * @throws UnfitFile where the file is no sidecar, in words for people
   */
  push(text: string): SidecarVersion | null {
    inWords(() => this.#parts.push(text));
    return this.#version;
  }

  /** The file has no more. @throws UnfitFile where the version has not come */
  end(): SidecarVersion {
    return inWords(() => {
      this.#parts.end();
      if (this.#version === null) throw unfit("gradcast", "expected the version of the file, got none");
      return this.#version;
    });
  }
}

/** Reads a sidecar whose version is known. */
export class SidecarReader {
  readonly #version: SidecarVersion;
  readonly #head = new Map<string, unknown>();
  readonly #labels = new Map<string, string>();
  readonly #otherLabels = new Map<string, string>();
  readonly #sharedNames: number[] = [];
  readonly #views: SidecarView[] = [];
  readonly #frames: SidecarFrame[] = [];
  readonly #markers: Marker[] = [];
  readonly #long: ReadonlyMap<string, LongMember>;
  readonly #parts: JsonParts;
  /** The largest position in `views` that a frame names; −1 before the first frame. */
  #furthestView = -1;

  /** @param keeps false: entries are checked and let go of, so that memory stays small, and the result has none */
  constructor(version: SidecarVersion, keeps: boolean) {
    this.#version = version;
    const into = <Entry>(list: Entry[]) => (entry: Entry) => {
      if (keeps) list.push(entry);
    };
    const keepFrame = into(this.#frames);
    this.#long = new Map([
      [
        "labels",
        longMember("labels", "table", LabelNameSchema, MAX_SIDECAR_LABELS, (name, place) => {
          const index = readAs(LabelKeySchema, place, `labels.${place}`);
          if (keeps) this.#labels.set(index, name);
        }),
      ],
      [
        "frames",
        longMember("frames", "list", FRAMES[version], MAX_SIDECAR_FRAMES, (frame) => {
          this.#furthestView = Math.max(this.#furthestView, frame.view);
          keepFrame(frame);
        }),
      ],
      ["markers", longMember("markers", "list", MarkerSchema, MAX_MARKERS, into(this.#markers))],
      ...(version === 1 ? [] : [
        ["views", longMember("views", "list", SidecarViewSchema, MAX_SIDECAR_VIEWS, into(this.#views))],
        [
          "sharedNames",
          longMember("sharedNames", "list", SharedNameSchema, MAX_SIDECAR_LABELS, into(this.#sharedNames)),
        ],
        [
          "otherLabels",
          optional(longMember("otherLabels", "table", LabelNameSchema, MAX_SIDECAR_LABELS, (name, place) => {
            const key = readAs(OtherLabelKeySchema, place, `otherLabels.${place}`);
            if (keeps) this.#otherLabels.set(key, name);
          })),
        ],
      ] as const),
    ]);
    const long = new Set(this.#long.keys());
    this.#parts = new JsonParts({
      ...BOUNDS,
      wanted: new Set([...HEADS[version], ...long]),
      long,
      onLong: (key, kind) => this.#long.get(key)?.begin(kind),
      onPart: (part) => this.#take(part),
    });
  }

  /**
   * Takes more of the file.
   *
   * @throws UnfitFile at the first thing that does not fit, in words for people
   */
  push(text: string): void {
    inWords(() => this.#parts.push(text));
  }

  /**
   * The file has no more.
   *
   * @throws UnfitFile where something is missing or does not fit
   */
  end(): Sidecar {
    return inWords(() => {
      this.#parts.end();
      for (const member of this.#long.values()) member.end();
      const head = Object.fromEntries(this.#head);
      return this.#version === 1 ? this.#first(head) : this.#second(head);
    });
  }

  #take({ key, place, text }: JsonPart): void {
    const member = this.#long.get(key);
    if (member === undefined) this.#head.set(key, parsePart(text));
    else member.add(place, text);
  }

  #second(head: unknown): Sidecar {
    const views = this.#long.get("views")?.count() ?? 0;
    if (this.#furthestView >= views) throw unfit("frames", "a view of the file");
    return {
      ...readAs(SidecarHeadSchema, head, null),
      labels: Object.fromEntries(this.#labels),
      ...(this.#otherLabels.size === 0 ? {} : { otherLabels: Object.fromEntries(this.#otherLabels) }),
      sharedNames: this.#sharedNames,
      views: this.#views,
      frames: this.#frames,
      markers: this.#markers,
    };
  }

  #first(json: unknown): Sidecar {
    const { method, target, layer, options, signed, scale, ...head } = readAs(FirstHeadSchema, json, null);
    return {
      ...head,
      gradcast: SIDECAR_VERSION,
      labels: Object.fromEntries(this.#labels),
      sharedNames: [],
      views: [{
        ...{ method, name: method, target, layer, options, signed, network: false },
        // Before methods stated their units every scale was in logits and began at zero, or at −scale of a signed map.
        unit: "logits",
        mirrored: false,
        picture: [head.width, head.height],
      }],
      frames: this.#frames.map((frame) => ({
        ...frame,
        scale: frame.frame === null || scale === 0 ? null : { low: signed ? -scale : 0, high: scale },
      })),
      markers: this.#markers,
    };
  }
}

/**
 * Reads a sidecar as a whole.
 *
 * @throws UnfitFile where the text is none, in words for people
 */
export function readSidecar(text: string): Sidecar {
  const finder = new SidecarVersionReader();
  let version: SidecarVersion | null = null;
  for (let at = 0; at < text.length && version === null; at += STEP_CHARS) {
    version = finder.push(text.slice(at, at + STEP_CHARS));
  }
  const reader = new SidecarReader(version ?? finder.end(), true);
  reader.push(text);
  return reader.end();
}

const FRAMES: Readonly<Record<SidecarVersion, v.GenericSchema<unknown, SidecarFrame>>> = {
  1: FirstFrameSchema,
  [SIDECAR_VERSION]: SidecarFrameSchema,
};

/** Members that are read whole. */
const HEADS: Readonly<Record<SidecarVersion, ReadonlySet<string>>> = {
  1: new Set(Object.keys(FirstHeadSchema.entries)),
  [SIDECAR_VERSION]: new Set(Object.keys(SidecarHeadSchema.entries)),
};

/** A member of many entries, each of which is checked by itself. */
interface LongMember {
  begin(kind: "list" | "table"): void;
  add(place: number | string | null, text: string): void;
  count(): number;
  /** @throws UnfitFile where the member never came */
  end(): void;
}

function longMember<Entry>(
  key: string,
  kind: "list" | "table",
  schema: v.GenericSchema<unknown, Entry>,
  most: number,
  take: (entry: Entry, place: number | string) => void,
): LongMember {
  let [begun, count] = [false, 0];
  const wrongKind = (given: string) => unfit(key, `expected a ${kind}, got ${given}`);
  return {
    begin(given) {
      if (given !== kind) throw wrongKind(`a ${given}`);
      begun = true;
    },
    add(place, text) {
      if (place === null) throw wrongKind(text.slice(0, MAX_GIVEN_CHARS));
      if (++count > most) throw unfit(key, `expected at most ${most} entries, got more`);
      const path = `${key}.${place}`;
      take(readAs(schema, parsePart(text), path), place);
    },
    count: () => count,
    end() {
      if (!begun) throw wrongKind("nothing");
    },
  };
}

/** The same member, which may be missing: it came later than others of the version. */
function optional(member: LongMember): LongMember {
  return { ...member, end() {} };
}

/** Reads a value; `path` says where it stands, null: it is the file itself. */
function readAs<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
  path: string | null,
): Output {
  const read = v.safeParse(schema, value, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new UnfitFile(misfitOf(issue, "the file", path));
}

function unfit(path: string, reason: string): UnfitFile {
  return new UnfitFile(`'${path}' does not fit, ${reason}`);
}

/** Lets faults begin with what could not be done. */
function inWords<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnfitFile) {
      throw new UnfitFile(`Cannot read the sidecar: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
