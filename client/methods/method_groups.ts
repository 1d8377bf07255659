/** Methods in the groups in which people choose one: three to begin with, then the others by their families. Pure. */
import { METHOD_FAMILIES, type MethodInfo } from "../../shared/protocol.ts";
import { START_METHODS } from "../../shared/start_methods.ts";
import { FAMILY_WORDS } from "./families.ts";

/** A group of methods. */
export interface MethodGroup {
  /** A family, or null: those to begin with. */
  readonly family: MethodInfo["family"] | null;
  readonly name: string;
  /** At least one. */
  readonly methods: readonly MethodInfo[];
}

/** Groups methods in the order of the picker; each is in one group. */
export function groupsOf(methods: readonly MethodInfo[]): readonly MethodGroup[] {
  const start = START_METHODS.flatMap((id) => methods.find((one) => one.id === id) ?? []);
  const families = METHOD_FAMILIES.map((family) => ({
    family,
    name: FAMILY_WORDS[family].name,
    methods: methods.filter((one) => one.family === family && !start.includes(one)),
  }));
  return [{ family: null, name: "To begin with", methods: start }, ...families]
    .filter((group) => group.methods.length > 0);
}

/** Leaves the methods whose name, id, sentence or family has every word of a search, whatever its case. */
export function foundIn(groups: readonly MethodGroup[], search: string): readonly MethodGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const fits = ({ id, name, plain, family }: MethodInfo) => {
    const text = `${name} ${id} ${plain} ${FAMILY_WORDS[family].name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, methods: group.methods.filter(fits) }))
    .filter((group) => group.methods.length > 0);
}

/** What a map costs in the time of a prediction; null: it is not known. */
export function costWords({ cost }: Pick<MethodInfo, "cost">): string | null {
  if (cost === undefined) return null;
  return cost === 1 ? "as fast as the prediction" : `costs ${cost} predictions`;
}
