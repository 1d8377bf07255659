import assert from "node:assert/strict";
import { Guide } from "./guide.ts";
import type { TourFacts } from "./facts.ts";
import type { TourPorts } from "./ports.ts";
import { TOUR_STEPS } from "./tour_state.ts";

/** A page that answers at once; `classes`: how many it lists. */
function fakePage(classes = 2) {
  const told = { name: "espresso", percent: "94 %" };
  const page = {
    nowMs: 0,
    live: true,
    mapped: true,
    mapHidden: false,
    cover: "none",
    locked: null as string | null,
    borrowed: 0,
    timers: new Set<() => void>(),
    did: [] as string[],
  };
  const act = (what: string, run: () => void) => {
    page.did.push(what);
    run();
  };
  const facts = (): TourFacts => ({
    live: page.live,
    source: "this photo",
    first: told,
    second: classes > 1 ? "cup" : null,
    unsure: page.cover === "all",
    mapped: page.mapped,
    fall: page.cover === "none"
      ? null
      : { name: "espresso", from: "94 %", to: "20 %", falls: true, over: null },
    locked: page.locked,
  });
  const ports: TourPorts = {
    facts,
    stage: {
      hideMap: (hidden) => page.mapHidden = hidden,
      coverHottest() {
        act("hottest", () => page.cover = "hottest");
        return true;
      },
      coverNearlyAll: () => act("all", () => page.cover = "all"),
      uncover: () => act("uncover", () => page.cover = "none"),
      lockSecond() {
        if (classes < 2) return false;
        act("lock", () => page.locked = "cup");
        return true;
      },
      unlock: () => act("unlock", () => page.locked = null),
    },
    borrow() {
      page.borrowed++;
      return () => {
        page.borrowed--;
        [page.cover, page.locked, page.mapHidden] = ["none", null, false];
      };
    },
    now: () => page.nowMs,
    every(_ms, run) {
      page.timers.add(run);
      return () => page.timers.delete(run);
    },
    record: () => page.did.push(`record with ${page.cover} covered`),
  };
  const pass = (ms: number) => {
    for (let at = 0; at < ms; at += 250) {
      page.nowMs += 250;
      for (const run of page.timers) run();
    }
  };
  return { page, ports, pass };
}

Deno.test("each step brings the page into what it shows, forward and back", () => {
  const { page, ports, pass } = fakePage();
  const guide = new Guide(ports, false, () => {});
  const seen: unknown[] = [];
  for (const _step of TOUR_STEPS) {
    pass(500);
    seen.push([guide.state.value.step, page.mapHidden, page.cover, page.locked]);
    if (guide.state.value.step !== "record") guide.next();
  }
  assert.deepEqual(seen, [
    ["point", true, "none", null],
    ["glow", false, "none", null],
    ["cover", true, "hottest", null],
    ["fall", false, "hottest", null],
    ["another", false, "none", "cup"],
    ["unsure", false, "all", null],
    ["record", false, "none", null],
  ]);
  // From what hides everything back to the second class: what is hidden goes first.
  guide.back();
  guide.back();
  pass(500);
  assert.deepEqual([guide.state.value.step, page.cover, page.locked], ["another", "none", "cup"]);
  guide.back();
  pass(500);
  assert.deepEqual([page.cover, page.locked], ["hottest", null]);
  // What is recorded is the page as it was.
  guide.record();
  assert.equal(page.did.at(-1), "record with none covered");
});

Deno.test("a tour that is left gives the page back and looks no more", () => {
  for (const [left] of TOUR_STEPS.entries()) {
    const { page, ports, pass } = fakePage();
    let ends = 0;
    const guide = new Guide(ports, false, () => ends++);
    for (let at = 0; at < left; at++) {
      guide.next();
      pass(500);
    }
    guide.leave();
    guide.leave();
    guide.next();
    assert.deepEqual([ends, page.borrowed, page.timers.size, page.cover, page.locked, page.mapHidden], [
      ...[1, 0, 0, "none", null, false],
    ]);
  }
});

Deno.test("unattended, it goes through all steps in about a minute, waits for the server, and misses what is not there", () => {
  const { page, ports, pass } = fakePage(1);
  let over = false;
  const guide = new Guide(ports, true, () => over = true);
  page.live = false;
  pass(120_000);
  assert.equal(guide.state.value.step, "point");
  page.live = true;
  const begunMs = page.nowMs;
  const missed = new Set<string>();
  while (!over && page.nowMs < begunMs + 300_000) {
    pass(250);
    if (guide.state.value.missed) missed.add(guide.state.value.step);
  }
  assert.deepEqual([...missed], ["another"]);
  assert.ok(over && page.nowMs - begunMs < 90_000, `${page.nowMs - begunMs} ms`);
  assert.equal(page.timers.size, 0);
});
