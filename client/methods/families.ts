/** The families of methods in the page's words. */
import type { MethodInfo } from "../../shared/protocol.ts";

/** What is said of a family. */
export interface FamilyWords {
  /** Its heading in the list of methods. */
  readonly name: string;
  /** How its methods work, in one sentence. */
  readonly how: string;
}

/** Every family. */
export const FAMILY_WORDS: Readonly<Record<MethodInfo["family"], FamilyWords>> = {
  layer: {
    name: "Maps of a layer",
    how:
      "Takes the feature maps that one layer computes, gives each a weight, and lays their sum over the picture.",
  },
  gradient: {
    name: "Pixel attributions",
    how: "Asks for every pixel how much the score of the class would change with it.",
  },
  outside: {
    name: "Perturbation methods",
    how: "Changes parts of the picture and measures how the score follows; the network stays a black box.",
  },
  inside: {
    name: "Visualising the network",
    how: "Looks at single parts of the network: at what they compute, or at what they answer to.",
  },
};
