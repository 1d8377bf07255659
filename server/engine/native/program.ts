/** The kernels of one thread as a WebAssembly module. */
import { addAssemble } from "./assemble.ts";
import { Module } from "./assembler.ts";
import { addCurve, type CurveName, type CurvePlaces, CURVES } from "./curves.ts";
import { addDense } from "./dense.ts";
import { addDepthwise, type DepthwisePlan, planDepthwise } from "./depthwise.ts";
import { addDepthwisePatch, patchKey } from "./depthwise_patch.ts";
import { addElementwise, guided, masked, sum } from "./elementwise.ts";
import { addGemm, type GemmPlaces } from "./gemm.ts";
import { addPack, addThrough } from "./gates.ts";
import { addJob } from "./job.ts";
import { PAGES, scratchOf } from "./layout.ts";
import { type Needs, stepsOf } from "./needs.ts";
import { addCut, addGather } from "./patches.ts";
import { addRows, type RowPlaces } from "./rows.ts";
import { addStrided } from "./strided.ts";

/** Where the kernels are in the table; the same for every thread. */
export interface Places {
  readonly gemm: GemmPlaces;
  readonly depthwise: ReadonlyMap<string, { readonly place: number; readonly plan: DepthwisePlan }>;
  /** The same layers for parts of their values. */
  readonly depthwisePatch: ReadonlyMap<string, number>;
  readonly dense: number;
  readonly assemble: number;
  readonly cut: number;
  readonly gather: number;
  readonly sum: number;
  readonly pack: number;
  readonly through: number;
  readonly masked: number;
  readonly guided: number;
  readonly curves: ReadonlyMap<CurveName, CurvePlaces>;
  readonly rows: RowPlaces;
  readonly strided: number;
}

/** A thread's module in the binary format, and where its kernels are. */
export interface Program {
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly places: Places;
}

/** Writes the kernels for a thread, whose scratch memory's address is part of the code. */
export function writeProgram(needs: Needs, thread: number): Program {
  const module = new Module({ initial: PAGES, maximum: PAGES });
  const scratch = scratchOf(thread);
  addJob(module);
  const gemm = addGemm(module, stepsOf(needs), scratch);
  const depthwise = new Map<string, { readonly place: number; readonly plan: DepthwisePlan }>();
  for (const [key, shape] of needs.depthwise) {
    const plan = planDepthwise(shape);
    if (plan !== null) depthwise.set(key, { place: addDepthwise(module, shape, plan, scratch), plan });
  }
  const depthwisePatch = new Map<string, number>();
  for (const shape of needs.depthwise.values()) {
    const forwards = shape.spreadY === 1 && shape.spreadX === 1;
    if (!forwards || planDepthwise(shape) === null || depthwisePatch.has(patchKey(shape))) continue;
    depthwisePatch.set(patchKey(shape), addDepthwisePatch(module, shape));
  }
  const places = {
    gemm,
    depthwise,
    depthwisePatch,
    dense: addDense(module),
    assemble: addAssemble(module),
    cut: addCut(module),
    gather: addGather(module),
    sum: addElementwise(module, sum),
    pack: addPack(module),
    through: addThrough(module),
    masked: addElementwise(module, masked),
    guided: addElementwise(module, guided),
    curves: new Map(CURVES.map((name) => [name, addCurve(module, name)])),
    rows: addRows(module),
    strided: addStrided(module),
  };
  return { binary: module.encode(), places };
}
