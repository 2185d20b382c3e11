import type { Change, Check } from "../../provider/contract/resource.js";
import { resources } from "../../provider/resources/all.js";

/** What the schema takes from the provider's definition of a resource. */
export interface Definition {
  readonly check: Readonly<Record<string, Check<unknown>>>;
  readonly onChange: Readonly<Record<string, Change>>;
  readonly outputs: Readonly<Record<string, "plain" | "secret">>;
}

/** All resources of the provider, by kind. */
export const definitions: Readonly<Record<string, Definition>> = resources;
