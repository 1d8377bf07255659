/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { classOf } from "../../shared/class_text.ts";
import { COVER_CELLS, coverOf } from "../../shared/cover.ts";
import type { Target } from "../../shared/protocol.ts";
import { MAX_CONTROL_CHARS } from "../../shared/limits.ts";
import { readAddress, writeAddress } from "./address.ts";

Deno.test("readAddress() reads every parameter", () => {
  assert.deepEqual(readAddress("?method=occlusion&class=goldfish&colormap=cividis&opacity=0.6&present=1"), {
    method: "occlusion",
    target: { kind: "label", label: "goldfish" },
    colormap: "cividis",
    opacity: 0.6,
    present: true,
  });
});

Deno.test("readAddress() leaves it to the server which class a text stands for, a number too", () => {
  for (const label of ["967", "goldfish", "1:goldfish", "crane"]) {
    assert.deepEqual(readAddress(`?class=${encodeURIComponent(label)}`).target, { kind: "label", label });
  }
});

Deno.test("readAddress() leaves out what it cannot use", () => {
  assert.deepEqual(readAddress("?class=&colormap=jet&opacity=much&present=0&method="), {});
  assert.deepEqual(readAddress("?opacity=7").opacity, 1);
});

Deno.test("a cover in an address is read as it was written, and left out where it is damaged or hides nothing", () => {
  const cover = coverOf(
    Uint8Array.from({ length: COVER_CELLS }, (_, cell) => cell % 3 === 0 ? 1 : 0),
    "blur",
  );
  const written = writeAddress({ cover }, []);
  assert.match(written, /^\?cover=[\w-]{171}&fill=blur$/);
  assert.deepEqual(readAddress(written), { cover });
  const cells = new URLSearchParams(written).get("cover") ?? "";
  const nothing = "A".repeat(cells.length);
  const damaged = [
    "",
    "abc",
    cells.slice(1),
    `${cells}A`,
    `${cells.slice(0, -1)}B`,
    `${cells.slice(1)}%00`,
    nothing,
  ];
  for (const text of damaged) assert.deepEqual(readAddress(`?cover=${text}&fill=grey`), {}, text);
  assert.deepEqual(readAddress(`?cover=${cells}&fill=pink`), {});
  assert.deepEqual(readAddress(`?cover=${cells}`).cover?.fill, "grey");
});

Deno.test("readAddress() leaves out what no hello may have", () => {
  const long = "x".repeat(201);
  for (
    const query of [
      `?method=${long}`,
      `?layer=${long}`,
      `?o.x=${long}`,
      `?o.${long}=1`,
      "?o.__proto__=1",
      "?o.constructor=1",
    ]
  ) {
    assert.deepEqual(readAddress(query), {}, query);
  }
  const many = Array.from({ length: 100 }, (_, index) => `o.x${index}=${"y".repeat(100)}`).join("&");
  const view = { revision: 1, method: "m", target: { kind: "rank", rank: 1 }, ...readAddress(`?${many}`) };
  assert.ok(JSON.stringify(view).length < MAX_CONTROL_CHARS - 1_000);
});

Deno.test("readAddress() reads the layer, the view beside the picture and options of every type", () => {
  assert.deepEqual(readAddress("?layer=block10_add&view=trust&o.window=24&o.fill=blur&o.signed=true"), {
    layer: "block10_add",
    view: "trust",
    options: { window: 24, fill: "blur", signed: true },
  });
});

Deno.test("writeAddress() writes what readAddress() reads", () => {
  const state = {
    method: "cam",
    target: { kind: "class", index: 1 },
    layer: "head_relu6",
    options: { window: 24, fill: "blur", signed: false },
    view: "inside",
    opacity: 0.35,
    present: true,
  } as const;
  const query = writeAddress(state, ["tench", "goldfish, Carassius auratus"]);
  assert.match(query, /[?&]class=1:goldfish&/);
  assert.deepEqual(readAddress(query), { ...state, target: { kind: "label", label: "1:goldfish" } });
  assert.deepEqual(readAddress(writeAddress(state, [])).target, { kind: "label", label: "1:" });
});

/** The class that the target of a link is, as a server with these labels reads it. */
function linked(target: Target | null | undefined, labels: readonly string[]): number {
  assert.ok(target?.kind === "label", JSON.stringify(target));
  return classOf(labels, target.label);
}

Deno.test("a locked class, in a link or in a pane, is the same one when the link is opened, for every class", () => {
  const imagenet: readonly string[] = JSON.parse(
    Deno.readTextFileSync("models/efficientnet-lite0/labels.json"),
  );
  const shifted = imagenet.map((_, index) => `${index + 1}`);
  for (
    const labels of [
      imagenet,
      shifted,
      imagenet.map(() => "same"),
      imagenet.map((label) => `${label}, a&b=c%41+#`),
    ]
  ) {
    for (const index of labels.keys()) {
      const target = { kind: "class", index } as const;
      const pane = { kind: "map", method: "cam", target, against: target, layer: null, options: {} } as const;
      const read = readAddress(writeAddress({ target, panes: [pane] }, labels));
      assert.equal(linked(read.target, labels), index);
      const [content] = read.panes ?? [];
      assert.ok(content?.kind === "map");
      assert.deepEqual([linked(content.target, labels), linked(content.against, labels)], [index, index]);
    }
  }
});

Deno.test("a link carries the model of each pane, whose classes stand by their indexes", () => {
  const target = { kind: "class", index: 1 } as const;
  const pane = { kind: "map", method: "cam", target, against: null, layer: null, options: {} } as const;
  const panes = [pane, { ...pane, model: "cats" }, { kind: "original" }] as const;
  const read = readAddress(writeAddress({ model: "birds", panes }, ["tench", "goldfish"]));
  const [own, other, picture] = read.panes ?? [];
  assert.equal(read.model, "birds");
  assert.ok(own?.kind === "map" && other?.kind === "map");
  assert.deepEqual([own.model, own.target], [undefined, { kind: "label", label: "1:goldfish" }]);
  assert.deepEqual([other.model, other.target], ["cats", target]);
  assert.deepEqual(picture, { kind: "original" });
});
