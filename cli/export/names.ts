/** Creates unique names for the resources and variables of a program. */
export class Names {
  readonly #taken: Set<string>;
  readonly #variables = new Set<string>();

  /** @param taken names that other resources of the stack have */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** A resource name from these texts, in lower case with dashes. If the name is taken, a number is added. */
  unique(...texts: string[]): string {
    const wanted = slugOf(texts.join("-")).slice(0, 80) || "unnamed";
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}-${count}`;
    this.#taken.add(name);
    return name;
  }

  /**
   * A variable from a name: `erpDevelopment` for `erp-development`.
   *
   * @param prefix what the variable begins with if the name alone can't be one
   */
  variable(name: string, prefix: string): string {
    const camel = slugOf(name).replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const wanted =
      /^[a-z]/.test(camel) && !reserved.has(camel)
        ? camel
        : `${prefix}${camel.slice(0, 1).toUpperCase()}${camel.slice(1)}`;
    let variable = wanted;
    for (let count = 2; this.#variables.has(variable); count++) variable = `${wanted}_${count}`;
    this.#variables.add(variable);
    return variable;
  }
}

/** The Latin letters and digits of a text, in lower case, with dashes between them. Empty if it has none. */
export const slugOf = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

/** Words that a variable can't have as its name: reserved words, and what the program imports. */
const reserved = new Set(
  `abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default
  delete do dt else enum eval export extends false finally for from function get if implements import in instanceof interface is
  let module namespace never new null number object of package private protected public require return set static string super
  switch symbol this throw true try type typeof undefined unknown var void while with yield`.split(/\s+/),
);
