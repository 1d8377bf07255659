/** Takes one JSON object apart while it arrives, so that nobody holds the whole of it, nor what a parser makes of it. */

/** What is wrong with a file that people gave, in words for them. */
export class UnfitFile extends RangeError {}

/** A piece of the object that can be parsed by itself. */
export interface JsonPart {
  /** Name of the object's member. */
  readonly key: string;
  /** Position in the member's list, or name in its table; null: the piece is the member's whole value. */
  readonly place: number | string | null;
  /** JSON that nobody has parsed yet. */
  readonly text: string;
}

/** What an object may be, and who hears of it. */
export interface JsonPartsOptions {
  /** Members that are of interest; the others are passed over, however long they are. */
  readonly wanted: ReadonlySet<string>;
  /** Those of them that are taken apart into their entries where they are lists or tables. */
  readonly long: ReadonlySet<string>;
  /** Characters of a piece at most. */
  readonly partChars: number;
  /** Brackets that a piece may open within each other. */
  readonly depth: number;
  /** Members of the object at most. */
  readonly members: number;
  /** Hears that one of the long members begins. */
  readonly onLong: (key: string, kind: "list" | "table") => void;
  /** Hears of every piece, in their order. What it throws ends the reading. */
  readonly onPart: (part: JsonPart) => void;
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_TABLE, CLOSE_TABLE] = codes('"\\,[]{}');
const SPACE = new Set(codes(" \t\n\r"));

/** Characters of a member's name at most, the quotes included. */
const KEY_CHARS = 1_000;

/** A reader of one object; the text is pushed in pieces of any length. */
export class JsonParts {
  readonly #options: JsonPartsOptions;
  readonly #run: Generator<void, void, void>;
  readonly #keys = new Set<string>();
  #text = "";
  #at = 0;
  #ended = false;

  constructor(options: JsonPartsOptions) {
    this.#options = options;
    this.#run = this.#object();
    this.#run.next();
  }

  /** @throws UnfitFile at the first thing that does not fit, or what `onPart` throws */
  push(text: string): void {
    this.#text = text;
    this.#at = 0;
    this.#run.next();
  }

  /** Says that nothing follows. @throws UnfitFile where the object is not complete */
  end(): void {
    this.#ended = true;
    this.push("");
  }

  *#object(): Generator<void, void, void> {
    if ((yield* this.#next()) !== "{") {
      throw new UnfitFile("expected a JSON object, but the file is something else");
    }
    this.#at++;
    for (let more = yield* this.#begins("}"); more; more = yield* this.#continues("}")) {
      const key = yield* this.#key();
      if (this.#keys.has(key)) throw new UnfitFile(`'${shortened(key)}' is given twice`);
      if (this.#keys.size >= this.#options.members) {
        throw new UnfitFile(`expected at most ${this.#options.members} members, got more`);
      }
      this.#keys.add(key);
      yield* this.#member(key);
    }
    if ((yield* this.#next()) !== "") throw notJson();
  }

  *#member(key: string): Generator<void, void, void> {
    const first = yield* this.#next();
    const { wanted, long, onLong, onPart } = this.#options;
    if (!wanted.has(key)) return void (yield* this.#piece(key, false));
    if (!long.has(key) || (first !== "[" && first !== "{")) {
      return onPart({ key, place: null, text: yield* this.#piece(key) });
    }
    const kind = first === "[" ? "list" : "table";
    const close = first === "[" ? "]" : "}";
    onLong(key, kind);
    this.#at++;
    let index = 0;
    for (let more = yield* this.#begins(close); more; more = yield* this.#continues(close)) {
      const place = kind === "list" ? index++ : yield* this.#key();
      onPart({ key, place, text: yield* this.#piece(`${key}.${place}`) });
    }
  }

  /** The next character that is no space, not yet taken; empty at the end of the text. */
  *#next(): Generator<void, string, void> {
    for (;;) {
      for (; this.#at < this.#text.length; this.#at++) {
        if (!SPACE.has(this.#text.charCodeAt(this.#at))) return this.#text.charAt(this.#at);
      }
      if (this.#ended) return "";
      yield;
    }
  }

  /** Behind an opening bracket: whether an entry follows; the closing bracket is taken. */
  *#begins(close: string): Generator<void, boolean, void> {
    if ((yield* this.#next()) !== close) return true;
    this.#at++;
    return false;
  }

  /** Behind an entry: whether another one follows; the comma or the closing bracket is taken. */
  *#continues(close: string): Generator<void, boolean, void> {
    const next = yield* this.#next();
    if (next !== "," && next !== close) throw notJson();
    this.#at++;
    return next === ",";
  }

  /** A name and its colon. */
  *#key(): Generator<void, string, void> {
    if ((yield* this.#next()) !== '"') throw notJson();
    let text = "";
    for (let closed = false, escaped = false; !closed;) {
      if (this.#at >= this.#text.length) {
        if (this.#ended) throw notJson();
        yield;
        continue;
      }
      const char = this.#text.charAt(this.#at++);
      closed = char === '"' && !escaped && text !== "";
      escaped = char === "\\" && !escaped;
      text += char;
      if (text.length > KEY_CHARS) throw new UnfitFile(`expected names of at most ${KEY_CHARS} characters`);
    }
    if ((yield* this.#next()) !== ":") throw notJson();
    this.#at++;
    const key = parsePart(text);
    if (typeof key !== "string") throw notJson();
    return key;
  }

  /** Everything up to the comma or bracket that ends a value; empty where it is not to be kept. */
  *#piece(path: string, kept = true): Generator<void, string, void> {
    const { partChars, depth: mostDepth } = this.#options;
    let [before, depth, quoted, escaped] = ["", 0, false, false];
    for (;;) {
      const from = this.#at;
      const most = kept ? from + partChars - before.length + 1 : Infinity;
      const room = Math.min(this.#text.length, most);
      for (; this.#at < room; this.#at++) {
        const code = this.#text.charCodeAt(this.#at);
        if (quoted) {
          if (escaped) escaped = false;
          else if (code === BACKSLASH) escaped = true;
          else if (code === QUOTE) quoted = false;
        } else if (code === QUOTE) quoted = true;
        else if (code === OPEN_LIST || code === OPEN_TABLE) {
          if (++depth > mostDepth) {
            throw new UnfitFile(`'${shortened(path)}' is nested deeper than ${mostDepth} levels`);
          }
        } else if (depth > 0) {
          if (code === CLOSE_LIST || code === CLOSE_TABLE) depth--;
        } else if (code === COMMA || code === CLOSE_LIST || code === CLOSE_TABLE) {
          return kept ? before + this.#text.slice(from, this.#at) : "";
        }
      }
      if (kept) before += this.#text.slice(from, this.#at);
      if (before.length > partChars) {
        throw new UnfitFile(`'${shortened(path)}' has more than ${partChars} characters`);
      }
      if (this.#ended) throw notJson();
      yield;
    }
  }
}

/**
 * Parses one piece.
 *
 * @throws UnfitFile where it is no JSON
 */
export function parsePart(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson(cause);
  }
}

function notJson(cause?: unknown): UnfitFile {
  return new UnfitFile("expected JSON, but the file is something else", { cause });
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function codes(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
