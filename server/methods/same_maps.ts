/** Which methods give the same map of a layer, by their definitions. Pure. */
import type { SameMaps } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import { cam } from "./cam/cam.ts";
import { gradCam } from "./cam/grad_cam.ts";
import { hiresCam } from "./cam/hirescam.ts";
import { xgradCam } from "./cam/xgrad_cam.ts";

/**
 * The methods whose maps of a layer are the same up to a positive factor, whatever the picture and the class; null: none are.
 *
 * Before a head of global average pooling and one dense layer, every position has the same gradient: W[k,c]/(H'·W') of a
 * logit, and one number for each channel of a probability. So Grad-CAM's mean of it, XGrad-CAM's mean weighted by the
 * activations and HiResCAM's gradient at each position are one and the same weight, and CAM's is H'·W' times that, without
 * the final ReLU. What takes the sign of the gradient or its powers (gated, Grad-CAM++, LayerCAM), or sets other classes
 * against it (Finer-CAM), is another map there as well.
 */
export function sameMapsAt({ projectionLayer }: LoadedModel, layer: string): SameMaps | null {
  if (layer !== projectionLayer) return null;
  return { layer, methods: [gradCam.id, xgradCam.id, hiresCam.id], signed: [cam.id] };
}
