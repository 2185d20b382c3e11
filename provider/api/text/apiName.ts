import * as v from "valibot";
import { collectionsOf, isId } from "./resourceNames.js";

/**
 * A name in an answer: of one of these collections, such as `projects/members`, and safe to put into a path or a program. An answer with
 * another name is malformed.
 */
export const apiName = (...collections: readonly string[]) =>
  v.pipe(
    v.string(),
    v.check((name) => collections.includes(collectionsOf(name) ?? "")),
  );

/** An id in an answer, such as a key's. */
export const apiId = v.pipe(v.string(), v.check(isId));

/** The organization that an answer names beside the thing itself. What is no name of one counts as not told. */
export const organizationName = v.fallback(v.optional(apiName("organizations"), ""), "");
