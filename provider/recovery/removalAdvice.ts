import { idOf } from "../api/reads/find.js";
import { shellQuoted } from "../api/text/shellQuoted.js";

/**
 * Says what to do about a possible orphan. Names the command that removes it only if the whole state of the stack is
 * known. A targeted run shows only a part of the state, and the rest may hold the thing.
 */
export const removalAdvice = (name: string, isStateKnown: boolean): string =>
  isStateKnown
    ? `remove it with \`pulumi-dt remove ${shellWord(name)}\``
    : `look for "${idOf(name)}" in \`pulumi stack export\` first: this run could not read the whole state of the stack, which may hold it`;

/** Quotes an API name for a shell: an id may contain `$`, `&` and other special characters. */
const shellWord = (name: string): string => (/^[\w./@+=-]+$/.test(name) ? name : shellQuoted(name));
