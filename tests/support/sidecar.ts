import type { Sidecar } from "../../shared/sidecar.ts";

/** A sidecar of no frames, for tests that need some. */
export const EMPTY_SIDECAR: Sidecar = {
  gradcast: 2,
  created: "2026-11-26T18:00:00.000Z",
  model: { id: "m", name: "Model" },
  method: "grad-cam",
  target: { kind: "rank", rank: 1 },
  layer: null,
  options: {},
  signed: false,
  unit: "logits",
  scale: { low: 0, high: 4 },
  width: 640,
  height: 480,
  drawn: true,
  durationS: 1.5,
  labels: {},
  frames: [],
  markers: [],
};
