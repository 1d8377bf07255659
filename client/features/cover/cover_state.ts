/** What is covered while somebody paints: strokes, the block of the keyboard, undo and redo. Pure. */
import { COVER_SIDE, type CoverFill } from "../../../shared/cover.ts";
import {
  type Block,
  blockCells,
  type Cells,
  invertCells,
  NOTHING,
  type Place,
  rectangleCells,
  sameCells,
  strokeCells,
} from "./stamp.ts";

/** Steps that can be taken back; older ones are forgotten. */
export const MAX_STEPS = 200;

/** What a pointer draws. */
export type Tool = "brush" | "rectangle";

/** What is covered, and with what. */
export interface Look {
  readonly cells: Cells;
  readonly fill: CoverFill;
}

/** A stroke under way. */
export interface Stroke {
  /** Id of the pointer that draws it: another one means nothing until it ends. */
  readonly pointer: number;
  readonly from: Place;
  readonly last: Place;
  readonly value: 0 | 1;
  /** What was covered before it. */
  readonly before: Cells;
}

/** Everything about the tool. */
export interface CoverState extends Look {
  readonly tool: Tool;
  /** Whether strokes make visible again. */
  readonly erases: boolean;
  /** Width of the brush, and side of the keyboard's block, in cells. */
  readonly size: number;
  /** Width over height of the picture. */
  readonly aspect: number;
  /** Top left cell of the keyboard's block. */
  readonly block: { readonly row: number; readonly column: number };
  readonly stroke: Stroke | null;
  readonly past: readonly Look[];
  readonly future: readonly Look[];
}

export type CoverEvent =
  /** `erases`: this stroke alone, whatever the tool does. */
  | { readonly kind: "down"; readonly pointer: number; readonly at: Place; readonly erases: boolean }
  | { readonly kind: "moved"; readonly pointer: number; readonly at: Place }
  | { readonly kind: "up"; readonly pointer: number }
  /** The stroke under way is taken back. */
  | { readonly kind: "cancelled" }
  /** Moves the keyboard's block by its own side. */
  | { readonly kind: "stepped"; readonly rows: number; readonly columns: number }
  /** The keyboard's block is covered, or made visible. */
  | { readonly kind: "stamped" }
  /** All at once: what was found, or nothing. */
  | { readonly kind: "set"; readonly cells: Cells }
  | { readonly kind: "inverted" }
  | { readonly kind: "filled"; readonly fill: CoverFill }
  | { readonly kind: "undone" }
  | { readonly kind: "redone" }
  | { readonly kind: "tool"; readonly tool: Tool }
  | { readonly kind: "erases"; readonly on: boolean }
  | { readonly kind: "size"; readonly size: number }
  | { readonly kind: "aspect"; readonly aspect: number };

/** Begins with what is covered already. */
export function firstCover(look: Look, size: number): CoverState {
  return {
    ...look,
    tool: "brush",
    erases: false,
    size,
    aspect: 1,
    block: { row: COVER_SIDE / 2, column: COVER_SIDE / 2 },
    stroke: null,
    past: [],
    future: [],
  };
}

/** Takes one event. */
export function covered(state: CoverState, event: CoverEvent): CoverState {
  switch (event.kind) {
    case "down":
      return down(state, event);
    case "moved": {
      const { stroke } = state;
      if (stroke?.pointer !== event.pointer) return state;
      return { ...drawn(state, stroke, event.at), stroke: { ...stroke, last: event.at } };
    }
    case "up": {
      const { stroke } = state;
      if (stroke?.pointer !== event.pointer) return state;
      return noted({ ...state, stroke: null }, { cells: stroke.before, fill: state.fill });
    }
    case "cancelled":
      return state.stroke === null ? state : { ...state, cells: state.stroke.before, stroke: null };
    case "stepped":
      return { ...state, block: stepped(state, event) };
    case "stamped":
      return changed(state, { cells: blockCells(state.cells, blockOf(state), state.erases ? 0 : 1) });
    case "set":
      return changed(state, { cells: event.cells });
    case "inverted":
      return changed(state, { cells: invertCells(state.cells) });
    case "filled":
      return changed(state, { fill: event.fill });
    case "undone":
      return travelled(state, "past", "future");
    case "redone":
      return travelled(state, "future", "past");
    case "tool":
      return { ...state, tool: event.tool };
    case "erases":
      return { ...state, erases: event.on };
    case "size":
      return withBlock({ ...state, size: Math.min(COVER_SIDE / 2, Math.max(1, Math.round(event.size))) });
    case "aspect":
      return { ...state, aspect: event.aspect };
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** The cells of the keyboard's block. */
export function blockOf({ block: { row, column }, size }: Pick<CoverState, "block" | "size">): Block {
  return {
    top: row,
    left: column,
    bottom: Math.min(COVER_SIDE, row + size),
    right: Math.min(COVER_SIDE, column + size),
  };
}

function down(
  state: CoverState,
  { pointer, at, erases }: Extract<CoverEvent, { kind: "down" }>,
): CoverState {
  if (state.stroke !== null) return state;
  const value = erases || state.erases ? 0 : 1;
  const stroke = { pointer, from: at, last: at, value, before: state.cells } as const;
  return { ...drawn(state, stroke, at), stroke };
}

function drawn(state: CoverState, { from, last, value, before }: Stroke, at: Place): CoverState {
  const { tool, size, aspect } = state;
  const cells = tool === "rectangle"
    ? rectangleCells(before, from, at, value)
    : strokeCells(state.cells, last, at, { size, aspect, value });
  return { ...state, cells };
}

/** A change that is one step; a stroke under way ends with it. */
function changed(state: CoverState, part: Partial<Look>): CoverState {
  const ended = state.stroke === null ? state : covered(state, { kind: "up", pointer: state.stroke.pointer });
  return noted({ ...ended, ...part }, ended);
}

/** Notes what was before, where something is different now. */
function noted(state: CoverState, { cells, fill }: Look): CoverState {
  if (fill === state.fill && sameCells(cells, state.cells)) return state;
  return { ...state, past: [...state.past, { cells, fill }].slice(-MAX_STEPS), future: [] };
}

function travelled(state: CoverState, from: "past" | "future", to: "past" | "future"): CoverState {
  if (state.stroke !== null) return covered(state, { kind: "cancelled" });
  const look = state[from].at(-1);
  if (look === undefined) return state;
  const { cells, fill } = state;
  return { ...state, ...look, [from]: state[from].slice(0, -1), [to]: [...state[to], { cells, fill }] };
}

function stepped(
  { block: { row, column }, size }: CoverState,
  { rows, columns }: Extract<CoverEvent, { kind: "stepped" }>,
): CoverState["block"] {
  return { row: inside(row + rows * size, size), column: inside(column + columns * size, size) };
}

function withBlock(state: CoverState): CoverState {
  const { block: { row, column }, size } = state;
  return { ...state, block: { row: inside(row, size), column: inside(column, size) } };
}

function inside(cell: number, size: number): number {
  return Math.min(COVER_SIDE - size, Math.max(0, cell));
}

/** The state with nothing covered. */
export const CLEARED: Extract<CoverEvent, { kind: "set" }> = { kind: "set", cells: NOTHING };
