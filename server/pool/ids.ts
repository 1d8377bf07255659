/** Ids of models: what stands in addresses, file names and logs. Pure. */

/** Longest id, in characters. */
const MAX_ID_CHARS = 60;

/** Id of a model whose name has no letter or digit. */
const NAMELESS = "model";

/** A name in characters that addresses, file systems and shells take as they are. */
export function safeId(name: string): string {
  const safe = name.normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\w.-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/gu, "")
    .slice(0, MAX_ID_CHARS);
  return safe === "" ? NAMELESS : safe;
}

/** An id that none of those taken is, case aside: the second `resnet18` becomes `resnet18-2`. */
export function uniqueId(name: string, taken: Iterable<string>): string {
  const others = new Set([...taken].map((one) => one.toLowerCase()));
  const id = safeId(name);
  let own = id;
  for (let number = 2; others.has(own.toLowerCase()); number++) own = `${id}-${number}`;
  return own;
}

/** An id for a collection: as it stands in addresses, with no dot, which begins the name of a head. */
export function taughtId(name: string, taken: Iterable<string>): string {
  return uniqueId(safeId(name).replaceAll(".", "-").toLowerCase(), taken);
}
