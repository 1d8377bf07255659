import assert from "node:assert/strict";
import { COVER_CELLS, coverOf } from "../../shared/cover.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import type { Probe } from "../engine/port.ts";
import { explainFrame } from "./explain.ts";
import { endEarly, type MethodStep } from "./method.ts";
import { METHODS, resolveRequest } from "./registry.ts";
import { contextOf, runCourse } from "./testing/course.ts";
import { underCover } from "./under_cover.ts";

const COVER = coverOf(Uint8Array.from({ length: COVER_CELLS }, (_, cell) => cell % 32 < 20 ? 1 : 0), "black");
const network = new SmallNetwork({ width: 4, height: 4 });

function explained(id: string) {
  const target = { kind: "class", index: 0 } as const;
  const asked = resolveRequest(network.model, { method: id, target, options: {} });
  return { frame: 1, ...explaining(asked) };
}

function explaining({ method, options, layer }: ReturnType<typeof resolveRequest>) {
  return { attribution: explainFrame(method, contextOf(network, { options, layer })) };
}

Deno.test("U3: underCover() explains the covered picture by every method: all rows that it asks for are of it", () => {
  let differ = 0;
  for (const { id } of METHODS) {
    const asked: Probe[] = [];
    const answering = { answer: (probe: Probe) => (asked.push(probe), network.answer(probe)) };
    const { frame, attribution } = explained(id);
    const map =
      runCourse(answering, underCover(attribution, { frame, cover: COVER, withWhole: false }), 6).map;
    const wanted = runCourse(
      { answer: (probe) => network.answer({ ...probe, cover: COVER }) },
      explained(id).attribution,
      6,
    ).map;
    assert.deepEqual(map?.values, wanted?.values, id);
    assert.ok(asked.length > 0 && asked.every(({ cover }) => cover === COVER), id);
    const whole = runCourse(network, explained(id).attribution, 6).map;
    if (map !== null && map.values.join() !== whole?.values.join()) differ++;
  }
  assert.ok(differ > METHODS.length / 2, `${differ} maps of ${METHODS.length} change under the cover`);
});

/** The probes of a step. */
function probesOf(step: MethodStep): readonly Probe[] {
  return step.kind === "probes" ? step.probes : assert.fail(`expected probes, got ${step.kind}`);
}

Deno.test("U4: the row of the whole frame rides with the first rows, once, and comes with the ranking", () => {
  const { frame, attribution } = explained("grad-cam");
  const steps = underCover(attribution, { frame, cover: COVER, withWhole: true });
  const first = probesOf(steps.next([]).value as MethodStep);
  assert.deepEqual(first.map(({ cover }) => cover), [COVER, undefined]);
  const rows = first.map((probe) => network.answer(probe));
  const ranking = steps.next(rows).value as MethodStep;
  assert.deepEqual(ranking, { kind: "ranking", logits: rows[0]?.logits, whole: rows[1]?.logits });
  assert.notDeepEqual(rows[0]?.logits, rows[1]?.logits);
  assert.deepEqual(probesOf(steps.next([]).value as MethodStep).map(({ cover }) => cover), [COVER]);
});

Deno.test("U3: underCover() leaves a frame without a cover alone, and passes an early end on", () => {
  const { frame, attribution } = explained("grad-cam");
  assert.equal(underCover(attribution, { frame, cover: null, withWhole: true }), attribution);
  const covered = underCover(attribution, { frame, cover: COVER, withWhole: true });
  covered.next([]);
  endEarly(covered);
  assert.equal(attribution.next([]).done, true);
});
