/** What options are called on the page. Pure. */

/** Labels of options whose names on the wire, in links and on the command line say too little to people. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["signed", "Show evidence against"],
  ["of", "Maximise"],
  ["rate", "Step size"],
]);

/** Returns an option's label; one that is not known is its name in words. */
export function optionLabel(name: string): string {
  const spaced = name.replaceAll(/[-_]/g, " ");
  return LABELS.get(name) ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
