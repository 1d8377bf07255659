/** HiResCAM (Draelos and Carin 2020, https://arxiv.org/abs/2011.08891). */
import { camMethod, placeSums } from "./_cam.ts";

/** Raw map: ReLU(Σ_k g⊙A_k), `[H', W']`. */
export const hiresCam = camMethod({
  id: "hirescam",
  name: "HiResCAM",
  plain:
    "Shows which parts of the picture the network really used for the class, at whichever depth you look.",
  expert:
    "ReLU(Σ_k g⊙A_k): gradient times activation, position by position and without a mean; proven to show only positions " +
    "that raise the score when one linear layer follows; one forward pass and the backward pass to the layer.",
  weakness:
    "At early layers gradients change sign from place to place, and so the map is speckled; a gradient is only " +
    "local and hides what has saturated. Equals Grad-CAM before global average pooling.",
  combine: (activation, gradient) => placeSums(activation, gradient, (a, g) => a * g),
});
