/** A small sidecar, for tests. */
import type { Sidecar, SidecarView } from "../sidecar.ts";

/** A map of one cell. */
export const MAP = { height: 1, width: 1, scale: 2, values: btoa("a") };

/** What the frames have in common at first. */
export const VIEW: SidecarView = {
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

/** Four frames, the last two of a picture that was turned. */
export const SIDECAR: Sidecar = {
  gradcast: 2,
  created: "2026-01-31T12:00:00.000Z",
  model: { id: "tiny", name: "Tiny" },
  sharedNames: [],
  views: [VIEW, { ...VIEW, picture: [480, 640] }],
  width: 640,
  height: 480,
  drawn: true,
  durationS: 4,
  labels: { "7": "cup" },
  frames: [0, 1, 2, 3].map((t) => ({
    t,
    view: t < 2 ? 0 : 1,
    frame: t + 1,
    target: 7,
    predictions: [[7, 0.5]],
    scale: { low: 0, high: 3 },
    map: t % 2 === 0 ? { ...MAP, scale: t + 1 } : null,
  })),
  markers: [{ t: 0.5, name: "1" }, { t: 2.5, name: "2" }],
};
