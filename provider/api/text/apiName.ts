import * as v from "valibot";
import { collectionsOf, isId } from "./resourceNames.js";

/**
 * A name in an answer. It must belong to one of these collections, such as `projects/members`, and be safe to put into
 * a path or a program. An answer with another name is malformed.
 */
export const apiName = (...collections: readonly string[]) =>
  v.pipe(
    v.string(),
    v.check((name) => collections.includes(collectionsOf(name) ?? "")),
  );

/** An id in an answer, such as a key's. */
export const apiId = v.pipe(v.string(), v.check(isId));

/** The organization that an answer names in addition to the object itself. A malformed name counts as missing. */
export const organizationName = v.fallback(v.optional(apiName("organizations"), ""), "");
