/** Topological order of what reads each other by name. */

/** Something with a name that reads others. */
interface Named {
  readonly name: string;
  readonly inputs: readonly string[];
}

/** What is wrong with a list; the second name is the one that is read. */
export type SortFault = "two of one name" | "circle" | "missing";

/** Called with what is wrong, the item, and what it reads; where it returns, the fault is passed over. */
export type OnFault = (fault: SortFault, name: string, input: string) => void;

/** Orders items so that each comes after what it reads, otherwise as they were listed. */
export function sort<T extends Named>(items: readonly T[], onFault: OnFault = () => {}): readonly T[] {
  const byName = new Map<string, T>();
  for (const item of items) {
    if (byName.has(item.name)) onFault("two of one name", item.name, "");
    byName.set(item.name, item);
  }
  const sorted = new Set<T>();
  const open = new Set<T>();
  // No recursion: a chain may be as long as a model has operations.
  const stack: { readonly item: T; next: number }[] = [];
  const enter = (item: T) => {
    open.add(item);
    stack.push({ item, next: 0 });
  };
  for (const start of items) {
    if (!sorted.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { item } = top;
      const input = item.inputs[top.next++];
      if (input === undefined) {
        stack.pop();
        open.delete(item);
        sorted.add(item);
        continue;
      }
      const source = byName.get(input);
      if (source === undefined) onFault("missing", item.name, input);
      else if (open.has(source)) onFault("circle", source.name, input);
      else if (!sorted.has(source)) enter(source);
    }
  }
  return [...sorted];
}
