/**
 * What a Python pickle holds, by its opcodes: no class in it is looked up, nothing is called. Values are followed as far
 * as they say what the file is: texts, tuples, mappings, and objects by the name of their class.
 *
 * Opcodes: CPython, Lib/pickletools.py, protocols 0 to 5 as PyTorch writes them.
 */
import { PickleBytes } from "./pickle_bytes.ts";

/** A value in a pickle. */
export type Pickled =
  | { readonly kind: "text"; readonly text: string }
  /** A class or a function, as `module.name`. */
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "tuple"; readonly items: readonly Pickled[] }
  | { readonly kind: "mapping"; readonly entries: Map<string, Pickled> }
  /** What a class or function made; its state by name, where it is a mapping. */
  | { readonly kind: "object"; readonly name: string; readonly state: Map<string, Pickled> }
  | { readonly kind: "other" };

/** What was read of a pickle. */
export interface PickleOutline {
  /** What it holds; where it is cut off, what it had begun with. */
  readonly value: Pickled;
  /** Names of all classes and functions in what was read. */
  readonly classes: ReadonlySet<string>;
  /** Bytes that it took; null where it is cut off, or has an opcode that is not known. */
  readonly bytes: number | null;
}

/** Opcodes that are followed at most: a whole model of 152 layers has half as many; each may take 200 bytes. */
const MAX_OPCODES = 200_000;

const OTHER: Pickled = { kind: "other" };

/** Classes that are mappings with an order. */
const MAPPINGS = new Set(["collections.OrderedDict", "collections.defaultdict"]);

/** Reads a pickle from its first bytes; it may be cut off anywhere. */
export function outlineOf(bytes: Uint8Array<ArrayBuffer>, start = 0): PickleOutline {
  const read = new PickleBytes(bytes, start);
  const machine = new Machine(read);
  const ended = machine.run();
  return {
    value: machine.value,
    classes: machine.classes,
    bytes: ended ? read.at - start : null,
  };
}

/** The stack of a pickle's opcodes, with what stands below each mark set aside. */
class Machine {
  readonly classes = new Set<string>();
  readonly #bytes: PickleBytes;
  readonly #memo = new Map<number, Pickled>();
  readonly #below: Pickled[][] = [];
  #stack: Pickled[] = [];

  constructor(bytes: PickleBytes) {
    this.#bytes = bytes;
  }

  /** What is at the bottom of the stack. */
  get value(): Pickled {
    return (this.#below[0] ?? this.#stack)[0] ?? OTHER;
  }

  /** Reports whether the pickle was read to its end. */
  run(): boolean {
    try {
      for (let steps = 0; steps < MAX_OPCODES; steps++) {
        const opcode = String.fromCharCode(this.#bytes.byte());
        if (opcode === ".") return true;
        if (!this.#step(opcode)) return false;
      }
      return false;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #step(opcode: string): boolean {
    const skipped = SKIPPED.get(opcode);
    if (skipped !== undefined) {
      this.#bytes.skip(skipped);
      return true;
    }
    const plain = PLAIN.get(opcode);
    if (plain !== undefined) {
      if (plain === "line") this.#bytes.line();
      else this.#bytes.skip(plain);
      return this.#push(OTHER);
    }
    return this.#values(opcode) || this.#structure(opcode);
  }

  /** Texts, bytes and numbers that say how long they are, and what was seen before. */
  #values(opcode: string): boolean {
    switch (opcode) {
      case "X":
        return this.#text(4);
      case "\x8c":
        return this.#text(1);
      case "\x8d":
        return this.#text(8);
      case "V":
        return this.#push({ kind: "text", text: this.#bytes.line() });
      case "U":
      case "C":
      case "\x8a":
        return this.#blob(1);
      case "T":
      case "B":
      case "\x8b":
        return this.#blob(4);
      case "\x8e":
      case "\x96":
        return this.#blob(8);
      case "h":
        return this.#push(this.#memo.get(this.#bytes.number(1)) ?? OTHER);
      case "j":
        return this.#push(this.#memo.get(this.#bytes.number(4)) ?? OTHER);
      case "g":
        return this.#push(this.#memo.get(Number(this.#bytes.line())) ?? OTHER);
      case "q":
        return this.#keep(this.#bytes.number(1));
      case "r":
        return this.#keep(this.#bytes.number(4));
      case "p":
        return this.#keep(Number(this.#bytes.line()));
      case "\x94":
        return this.#keep(this.#memo.size);
      default:
        return false;
    }
  }

  /** What is made of values that stand on the stack. */
  #structure(opcode: string): boolean {
    switch (opcode) {
      case "(":
        this.#below.push(this.#stack);
        this.#stack = [];
        return true;
      case "0":
        this.#pop();
        return true;
      case "1":
        this.#toMark();
        return true;
      case "2":
        return this.#push(this.#stack.at(-1) ?? OTHER);
      case "}":
        return this.#push({ kind: "mapping", entries: new Map() });
      case "d":
        return this.#push({ kind: "mapping", entries: entriesOf(this.#toMark()) });
      case "s":
        return this.#set(this.#popped(2));
      case "u":
        return this.#set(this.#toMark());
      case "t":
        return this.#push({ kind: "tuple", items: this.#toMark() });
      case "\x85":
      case "\x86":
      case "\x87":
        return this.#push({ kind: "tuple", items: this.#popped(opcode.charCodeAt(0) - 0x84) });
      case "l":
      case "\x91":
        this.#toMark();
        return this.#push(OTHER);
      case "a":
        this.#pop();
        return true;
      case "e":
      case "\x90":
        this.#toMark();
        return true;
      case "c":
        return this.#class(this.#bytes.line(), this.#bytes.line());
      case "\x93": {
        const [module, name] = this.#popped(2);
        return this.#class(textOf(module), textOf(name));
      }
      case "R":
      case "\x81":
        this.#pop();
        return this.#push(madeBy(this.#pop()));
      case "\x92":
        this.#popped(2);
        return this.#push(madeBy(this.#pop()));
      case "o":
        return this.#push(madeBy(this.#toMark()[0] ?? OTHER));
      case "Q":
        return this.#push(storedOf(this.#pop()));
      case "b":
        return this.#build(this.#pop());
      default:
        return false;
    }
  }

  #push(value: Pickled): true {
    this.#stack.push(value);
    return true;
  }

  #pop(): Pickled {
    return this.#stack.pop() ?? OTHER;
  }

  #popped(count: number): readonly Pickled[] {
    return this.#stack.splice(Math.max(0, this.#stack.length - count));
  }

  #toMark(): readonly Pickled[] {
    const above = this.#stack;
    this.#stack = this.#below.pop() ?? [];
    return above;
  }

  #keep(place: number): true {
    this.#memo.set(place, this.#stack.at(-1) ?? OTHER);
    return true;
  }

  #set(values: readonly Pickled[]): true {
    const target = this.#stack.at(-1);
    if (target?.kind === "mapping") {
      for (const [key, value] of entriesOf(values)) target.entries.set(key, value);
    }
    return true;
  }

  #build(state: Pickled): true {
    const target = this.#stack.at(-1);
    if (target?.kind !== "object") return true;
    // Objects with slots have two mappings: that of names comes first.
    const named = state.kind === "tuple" ? state.items[0] : state;
    if (named?.kind === "mapping") { for (const [key, value] of named.entries) target.state.set(key, value); }
    return true;
  }

  #class(module: string, name: string): true {
    const whole = `${module}.${name}`;
    this.classes.add(whole);
    return this.#push({ kind: "class", name: whole });
  }

  #text(lengthBytes: number): true {
    return this.#push({ kind: "text", text: this.#bytes.text(this.#bytes.number(lengthBytes)) });
  }

  #blob(lengthBytes: number): true {
    this.#bytes.skip(this.#bytes.number(lengthBytes));
    return this.#push(OTHER);
  }
}

/** Opcodes that push nothing, with the bytes that follow them: protocol and frame. */
const SKIPPED: ReadonlyMap<string, number> = new Map([["\x80", 1], ["\x95", 8]]);

/** Opcodes of values that say nothing of what a file is, with the bytes that follow them. */
const PLAIN: ReadonlyMap<string, number | "line"> = new Map<string, number | "line">([
  ...[..."N\x88\x89])\x8f"].map((opcode) => [opcode, 0] as const),
  ...[["K", 1], ["M", 2], ["J", 4], ["G", 8]] as const,
  ...[..."IFLSP"].map((opcode) => [opcode, "line"] as const),
]);

function textOf(value: Pickled | undefined): string {
  return value?.kind === "text" ? value.text : "";
}

/** Keys and values in turn; keys that are no text are left out. */
function entriesOf(values: readonly Pickled[]): Map<string, Pickled> {
  const entries = new Map<string, Pickled>();
  for (let at = 0; at + 1 < values.length; at += 2) {
    const [key, value] = [values[at], values[at + 1]];
    if (key?.kind === "text" && value !== undefined) entries.set(key.text, value);
  }
  return entries;
}

function madeBy(maker: Pickled): Pickled {
  if (maker.kind !== "class") return OTHER;
  if (MAPPINGS.has(maker.name)) return { kind: "mapping", entries: new Map() };
  return { kind: "object", name: maker.name, state: new Map() };
}

/** PyTorch before 1.6 stores classes as ("module", class, file, source). */
function storedOf(id: Pickled): Pickled {
  if (id.kind !== "tuple") return OTHER;
  const [what, stored] = id.items;
  return textOf(what) === "module" && stored !== undefined ? stored : OTHER;
}
