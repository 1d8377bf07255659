/** The drawing as the page shows it: channels keep their rows from one answer to the next. Pure. */
import type { DrawnNetwork, NetworkHead } from "../../../shared/network.ts";

/** A channel that is drawn. */
export interface DrawnChannel {
  readonly channel: number;
  /** What it adds to the class in logits, or its mean activation. */
  readonly value: number;
  /** `[tileHeight, tileWidth]`, 0…255. */
  readonly tile: Uint8Array;
}

/** A stage of the drawing. */
export interface DrawingStage extends Omit<NetworkHead["stages"][number], "drawn" | "lines"> {
  /** The channels row by row. */
  readonly rows: readonly DrawnChannel[];
  /** `[rows][rows of the next stage]`; empty behind the last stage. */
  readonly lines: readonly (readonly number[])[];
}

/** What is drawn. */
export interface Drawing {
  readonly measure: NetworkHead["measure"];
  readonly target: NetworkHead["target"];
  readonly stages: readonly DrawingStage[];
  /** The strongest line or value of a last channel lately: what the thickest line stands for. */
  readonly scale: number;
}

/** What is left of the last scale where all lines are weaker: it shrinks slowly, so that thickness can be compared. */
const SCALE_KEPT = 0.85;

/** Whether an answer is for a class, so that its channels are the strongest: otherwise they are those that were asked for. */
export function isFull({ head: { target } }: Pick<DrawnNetwork, "head">): boolean {
  return target !== null;
}

/** Takes a full answer: its channels, values and lines. */
export function redrawn(before: Drawing | null, answer: DrawnNetwork): Drawing {
  const { head } = answer;
  const same =
    before?.stages.map(({ layer }) => layer).join() === head.stages.map(({ layer }) => layer).join();
  const orders = head.stages.map(({ drawn }, at) => {
    const names = drawn.map(({ channel }) => channel);
    const rows = keptRows(same ? before?.stages[at]?.rows.map(({ channel }) => channel) ?? [] : [], names);
    return rows.map((channel) => names.indexOf(channel));
  });
  const stages = head.stages.map(({ drawn, lines, ...stage }, at): DrawingStage => {
    const [order, next] = [orders[at] ?? [], orders[at + 1] ?? []];
    const width = next.length;
    return {
      ...stage,
      rows: order.map((from) => ({
        channel: drawn[from]?.channel ?? 0,
        value: drawn[from]?.value ?? 0,
        tile: tileOf(answer, at, from),
      })),
      lines: lines === null ? [] : order.map((from) => next.map((to) => lines[from * width + to] ?? 0)),
    };
  });
  const last = stages.at(-1)?.rows.map(({ value }) => Math.abs(value)) ?? [];
  const strongest = Math.max(
    ...last,
    ...stages.flatMap(({ lines }) => lines.flat()).map(Math.abs),
    Number.MIN_VALUE,
  );
  const kept = same && before?.target?.index === head.target?.index ? SCALE_KEPT * (before?.scale ?? 0) : 0;
  return { measure: head.measure, target: head.target, stages, scale: Math.max(strongest, kept) };
}

/** Takes new thumbnails of the channels that are drawn; the rest stays as it was. */
export function refreshed(before: Drawing, answer: DrawnNetwork): Drawing {
  const stages = before.stages.map((stage, at): DrawingStage => {
    const found = answer.head.stages[at];
    if (found?.layer !== stage.layer) return stage;
    return {
      ...stage,
      rows: stage.rows.map((row) => {
        const from = found.drawn.findIndex(({ channel }) => channel === row.channel);
        return from < 0 ? row : { ...row, tile: tileOf(answer, at, from) };
      }),
    };
  });
  return { ...before, stages };
}

/** The same channels in rows: one that was there keeps its row, the others take those that are free, the strongest first. */
export function keptRows(before: readonly number[], strongest: readonly number[]): readonly number[] {
  const rows = strongest.map((_, row) => {
    const was = before[row];
    return was !== undefined && strongest.includes(was) ? was : null;
  });
  const fresh = strongest.filter((channel) => !rows.includes(channel));
  return rows.map((channel) => channel ?? fresh.shift() ?? 0);
}

/** Share of what all channels of a stage add, without their signs, that the drawn ones hold, 0 to 1. */
export function shareDrawn({ rows, magnitude }: DrawingStage): number {
  const held = rows.reduce((sum, { value }) => sum + Math.abs(value), 0);
  return magnitude > 0 ? Math.min(1, held / magnitude) : 0;
}

function tileOf({ head, numbers }: DrawnNetwork, at: number, index: number): Uint8Array {
  const { tileHeight = 0, tileWidth = 0 } = head.stages[at] ?? {};
  const cells = tileHeight * tileWidth;
  return numbers[at]?.tiles.subarray(index * cells, (index + 1) * cells) ?? new Uint8Array();
}
