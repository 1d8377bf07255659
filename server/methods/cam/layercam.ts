/** LayerCAM (Jiang et al. 2021, https://doi.org/10.1109/TIP.2021.3089943). */
import { camMethod, placeSums } from "./_cam.ts";

/** Raw map: ReLU(Σ_k ReLU(g)⊙A_k), `[H', W']`. */
export const layerCam = camMethod({
  id: "layercam",
  name: "LayerCAM",
  plain: "Shows the evidence with finer detail than Grad-CAM, when an earlier layer is chosen.",
  expert:
    "ReLU(Σ_k ReLU(g)⊙A_k): every place weighs its own channels by its own positive gradient, which gives usable " +
    "14×14 and 28×28 maps; one forward pass and the backward pass to the layer.",
  weakness:
    "Gradients against the class are thrown away, so that at early layers it shows edges and textures of " +
    "everything, whatever the class.",
  combine: (activation, gradient) => placeSums(activation, gradient, (a, g) => Math.max(0, g) * a),
});
