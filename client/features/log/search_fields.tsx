import type { EntryList } from "./entry_list.ts";

/** Finds entries by class and day. */
export function SearchFields({ list }: { readonly list: Pick<EntryList, "search" | "find"> }) {
  const { label, day } = list.search.value;
  return (
    <div class="log-search" role="search">
      <input
        type="search"
        aria-label="Find a class"
        placeholder="Find a class…"
        data-testid="log-find"
        value={label}
        onInput={(event) => list.find({ label: event.currentTarget.value })}
      />
      <input
        type="date"
        aria-label="On this day"
        value={day}
        onInput={(event) => list.find({ day: event.currentTarget.value })}
      />
    </div>
  );
}
