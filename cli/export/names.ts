/** Gives each thing a name of its own in the program: the resource's, and the variable's. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #variables = new Set<string>();

  /** A resource name made of these texts, in lower case with dashes; a number follows where it is taken. */
  unique(...texts: string[]): string {
    const wanted =
      texts
        .join("-")
        .normalize("NFKD")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 80) || "unnamed";
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}-${count}`;
    this.#taken.add(name);
    return name;
  }

  /** A variable for a resource: `erpDevelopment` for `erp-development`. */
  variable(name: string): string {
    const camel = name.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const wanted =
      /^[a-z]/.test(camel) && !reserved.has(camel)
        ? camel
        : `account${camel.slice(0, 1).toUpperCase()}${camel.slice(1)}`;
    let variable = wanted;
    for (let count = 2; this.#variables.has(variable); count++) variable = `${wanted}_${count}`;
    this.#variables.add(variable);
    return variable;
  }
}

/** Words that a variable of ours must not be: those of the language, and what the program imports. */
const reserved = new Set(
  `abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default
  delete do dt else enum eval export extends false finally for from function get if implements import in instanceof interface is
  let module namespace never new null number object of package private protected public require return set static string super
  switch symbol this throw true try type typeof undefined unknown var void while with yield`.split(/\s+/),
);
