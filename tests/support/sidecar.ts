import type { Sidecar, SidecarView } from "../../shared/sidecar.ts";

/** A view, for tests that need one. */
export const SIDECAR_VIEW: SidecarView = {
  method: "grad-cam",
  name: "Grad-CAM",
  target: { kind: "rank", rank: 1 },
  layer: null,
  options: {},
  signed: false,
  network: false,
  unit: "logits",
  mirrored: false,
  picture: [640, 480],
};

/** A sidecar of no frames, for tests that need some. */
export const EMPTY_SIDECAR: Sidecar = {
  gradcast: 2,
  created: "2026-11-26T18:00:00.000Z",
  model: { id: "m", name: "Model" },
  sharedNames: [],
  views: [SIDECAR_VIEW],
  width: 640,
  height: 480,
  drawn: true,
  durationS: 1.5,
  labels: {},
  frames: [],
  markers: [],
};
