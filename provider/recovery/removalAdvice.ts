import { idOf } from "../api/reads/find.js";

/**
 * What to do about something that may be nobody's. The command that removes it is named only where the whole state of the stack is
 * known: a targeted run shows a part of it, and the rest may hold the thing.
 */
export const removalAdvice = (name: string, isStateKnown: boolean): string =>
  isStateKnown
    ? `remove it with \`pulumi-dt remove ${shellWord(name)}\``
    : `look for "${idOf(name)}" in \`pulumi stack export\` first: this run could not read the whole state of the stack, which may hold it`;

/** An API name as a shell takes it for one word: an id may hold `$`, `&` and the like. */
const shellWord = (name: string): string =>
  /^[\w./@+=-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
