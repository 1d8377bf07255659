import config from "../deno.json" with { type: "json" };

/** Version of Gradcast as SemVer, for example `1.2.3`; `deno.json` holds it. */
export const VERSION: string = config.version;
