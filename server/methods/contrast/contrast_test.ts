import assert from "node:assert/strict";
import { assertClose, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { contrastFrame } from "./contrast.ts";
import { explainFrame } from "../explain.ts";
import { contextOf, type Course, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { gradCam } from "../cam/grad_cam.ts";
import { gradientXInput } from "../gradient/gradient_x_input.ts";
import type { Method, MethodContext } from "../method.ts";
import { occlusion } from "../perturbation/occlusion.ts";
import { resolveRequest } from "../registry.ts";
import { saliency } from "../gradient/saliency.ts";

/** Large enough for windows. */
const LARGE = new SmallNetwork({ width: 32, height: 24, biases: true });

const CLASSES = [1, 2].map((index) => ({ kind: "class", index } as const)) as [
  { readonly kind: "class"; readonly index: number },
  { readonly kind: "class"; readonly index: number },
];

const METHODS = [
  [gradCam, { signed: true }],
  [saliency, {}],
  [gradientXInput, {}],
  [occlusion, { window: 8, stride: 4 }],
] as const;

function networkOf(method: Method): SmallNetwork {
  return method === occlusion ? LARGE : NETWORK;
}

function contextFor(
  method: Method,
  options: MethodContext["options"],
  part: Partial<MethodContext> = {},
): MethodContext {
  const network = networkOf(method);
  const request = resolveRequest(network.model, { method: method.id, target: CLASSES[0], options });
  return contextOf(network, { ...request, ...part });
}

function contrasted(
  method: Method,
  options: MethodContext["options"],
  part: Partial<MethodContext> = {},
  maxGroups = Infinity,
): Course {
  const context = contextFor(method, options, part);
  return runCourse(networkOf(method), contrastFrame(method, context, CLASSES[1]), maxGroups);
}

for (const [method, options] of METHODS) {
  Deno.test(`contrastFrame() with ${method.id} is the difference of the two maps, for the first class`, () => {
    const { map, kinds } = contrasted(method, options);
    const [a, b] = CLASSES.map((target) =>
      mapOf(method, { target, options, network: networkOf(method) }).values
    );
    assertClose(map?.values ?? [], (a ?? assert.fail()).map((value, at) => value - (b?.[at] ?? NaN)));
    assert.equal(map?.classIndex, CLASSES[0].index);
    assert.equal(kinds.filter((kind) => kind === "ranking").length, 1);
  });
}

Deno.test("contrastFrame() asks for the probes of both classes together", () => {
  const options = { window: 8, stride: 4 };
  const alone = runCourse(LARGE, explainFrame(occlusion, contextFor(occlusion, options)));
  assert.equal(contrasted(occlusion, options).groups.length, alone.groups.length);
});

Deno.test("contrastFrame() shows a rectangle once both have, on a moving picture with what it has seen before", () => {
  const options = { window: 8, stride: 4 };
  const still = contrasted(occlusion, options, { still: true });
  assert.ok(still.tiles.length > 0);
  assert.ok(still.tiles.every(({ values, classIndex }) => classIndex === 1 && values.every(Number.isFinite)));

  const carry = new Map();
  const moving = () => contrasted(occlusion, options, { still: false, carry }, 4);
  let tiles = 0;
  for (let frame = 0; frame < 12; frame++) tiles += moving().tiles.length;
  assert.ok(tiles > 12);
});

Deno.test("contrastFrame() ends both explanations when it is ended early", () => {
  let ended = 0;
  const watched: Method = {
    ...gradCam,
    *attribute(context) {
      try {
        return yield* gradCam.attribute(context);
      } finally {
        ended++;
      }
    },
  };
  const running = contrastFrame(watched, contextFor(gradCam, { signed: true }), CLASSES[1]);
  const first = running.next([]);
  assert.ok(first.done !== true && first.value.kind === "probes");
  running.next(first.value.probes.map((probe) => NETWORK.answer(probe)));
  running.next([]);
  running.return({ classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array(0) });
  assert.equal(ended, 2);
});
