/** The photos that come with Gradcast. */
export interface Sample {
  readonly id: string;
  /** What to call it on a button. */
  readonly name: string;
  /** What is to be seen, for people who do not see it. */
  readonly alt: string;
}

/** Every built-in photo; the first one is what a visitor sees first. */
export const SAMPLES = [
  { id: "coffee", name: "Coffee", alt: "A cup of espresso on a saucer with a spoon" },
  { id: "chelsea", name: "Cat", alt: "The face of a tabby cat" },
  { id: "rocket", name: "Rocket", alt: "A rocket on its launch pad" },
  { id: "astronaut", name: "Astronaut", alt: "An astronaut in an orange suit" },
  { id: "camera", name: "Cameraman", alt: "A man with a camera on a tripod" },
] as const satisfies readonly Sample[];

/** Address of a built-in photo. */
export function sampleUrl(id: string): string {
  return `/samples/${id}.jpg`;
}
