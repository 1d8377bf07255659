/** The methods that somebody who is new begins with. */

/**
 * Ids of three methods that ask three different questions, in the order in which they are shown: where the evidence lies, at no
 * cost; what happens when a part is hidden, which believes nothing but the score; and what each pixel would change, in one
 * backward pass, so that it keeps up with a camera. All of them depend on the class, and a model that lacks one has the others.
 */
export const START_METHODS: readonly string[] = ["grad-cam", "occlusion", "saliency"];
