import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { storedAddress } from "./api.ts";
import type { ClipEntry } from "./entries.ts";

/** A picture of the clip; its name stands beside it. */
export function ClipThumbnail({ entry: { local, stored } }: { readonly entry: ClipEntry }) {
  const own = useSignal<string | null>(null);
  const thumbnail = local?.thumbnail ?? null;
  useEffect(() => {
    if (thumbnail === null) return;
    const url = URL.createObjectURL(thumbnail);
    own.value = url;
    return () => {
      own.value = null;
      URL.revokeObjectURL(url);
    };
  }, [local?.id]);
  const source = thumbnail !== null
    ? own.value
    : stored === null
    ? null
    : storedAddress(stored.id, "thumbnail");
  return source === null ? null : <img src={source} alt="" decoding="async" />;
}
