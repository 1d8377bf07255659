/** What the tests of gradient methods share. */
import assert from "node:assert/strict";
import type { OptionValues } from "../../../shared/protocol.ts";
import type { Detail, Probe, Score, Volume } from "../../engine/port.ts";
import { contextOf, type Course, runCourse } from "./course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import type { GoodRow, Method, MethodContext, RawMap } from "../method.ts";
import { resolveRequest } from "../registry.ts";

/** An input of odd sides with biases everywhere, so that nothing vanishes by symmetry. */
export const NETWORK = new SmallNetwork({ width: 9, height: 7, biases: true });

/** What a test varies about an explanation. */
export interface Asked extends Partial<Omit<MethodContext, "options">> {
  readonly options?: OptionValues;
  /** Ends the generator when it asks for one more group of tile rows. */
  readonly maxGroups?: number;
  readonly network?: Pick<SmallNetwork, "model" | "answer">;
}

/** Runs a method with its defaults filled in. */
export function course(method: Method, asked: Asked = {}): Course {
  const { options = {}, layer, maxGroups, network = NETWORK, target, ...context } = asked;
  const request = resolveRequest(network.model, {
    method: method.id,
    target: target ?? { kind: "class", index: 1 },
    options,
    ...(layer === undefined ? {} : { layer }),
  });
  const resolved = {
    ...context,
    target: request.target,
    options: request.options,
    layer: request.layer,
  };
  return runCourse(network, method.attribute(contextOf(network, resolved)), maxGroups);
}

/** The finished map of a method. */
export function mapOf(method: Method, asked: Asked = {}): RawMap {
  return course(method, asked).map ?? assert.fail("no map");
}

/** One class's score. */
export function classScore(index: number, score: "logit" | "probability" = "logit"): Score {
  return { kind: "target", target: { kind: "class", index }, score };
}

/** What the network answers to a probe of frame 1, as the kind that is wanted. */
export function answered<K extends Detail["kind"]>(
  want: Probe["want"] & { readonly kind: K },
  variation: Probe["variation"] = { kind: "none" },
): { readonly row: GoodRow; readonly detail: Extract<Detail, { kind: K }> } {
  const row = NETWORK.answer({ frame: 1, variation, want });
  assert.ok(row.detail !== null && isOf(row.detail, want.kind));
  return { row, detail: row.detail };
}

function isOf<K extends Detail["kind"]>(detail: Detail, kind: K): detail is Extract<Detail, { kind: K }> {
  return detail.kind === kind;
}

/** A number of a volume. */
export function at({ width, channels, values }: Volume, row: number, column: number, k: number): number {
  return values[(row * width + column) * channels + k] ?? assert.fail("outside the volume");
}

/** Fails where two lists of numbers differ. */
export function assertClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  within = 1e-5,
  message = "",
): void {
  assert.equal(actual.length, wanted.length, message);
  for (let index = 0; index < wanted.length; index++) {
    const [is, should] = [actual[index] ?? NaN, wanted[index] ?? NaN];
    assert.ok(Math.abs(is - should) <= within, `${message} ${index}: ${is} instead of ${should}`);
  }
}

/** The definition of a bilinear resize with half-pixel centres, one pixel at a time. */
export function enlarge(
  { height, width, values }: { height: number; width: number; values: ArrayLike<number> },
  to: { readonly height: number; readonly width: number },
): number[] {
  const cell = (row: number, column: number) =>
    values[Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))] ?? NaN;
  return Array.from({ length: to.height * to.width }, (_, px) => {
    const y = (Math.floor(px / to.width) + 0.5) * height / to.height - 0.5;
    const x = (px % to.width + 0.5) * width / to.width - 0.5;
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [down, right] = [y - top, x - left];
    return (1 - down) * ((1 - right) * cell(top, left) + right * cell(top, left + 1)) +
      down * ((1 - right) * cell(top + 1, left) + right * cell(top + 1, left + 1));
  });
}
