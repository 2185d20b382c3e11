import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const repository = resolve(__dirname, "../..");

/** A code block in a page or in a doc comment. */
export interface Block {
  /** Its place: `docs/people.md:12` */
  readonly place: string;
  /** Its language, such as `ts`. */
  readonly language: string;
  readonly code: string;
  /** The file that it is a copy of, from the comment above it. */
  readonly copyOf: string | undefined;
}

const pages = readdirSync(join(repository, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => join(repository, "docs", name));

/** The text of each page, by its path in the repository. */
export const texts: Readonly<Record<string, string>> = Object.fromEntries(
  pages.map((path) => [relative(repository, path), readFileSync(path, "utf8")]),
);

/** Every block of every page. */
export const blocks: readonly Block[] = Object.entries(texts).flatMap(([page, text]) => blocksOf(page, text));

/** Whether a block imports an SDK of the provider plugin. Only a generated SDK has its types. */
export const usesPlugin = ({ code }: Block): boolean => code.includes('"pulumi-disruptive"');

/** Every `@example` in the package's exports. */
export const examples: readonly Block[] = ["sdk", "policy"].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(repository, path), "utf8");
      return blocksOf(path, text.replace(/^ *\* ?/gm, ""));
    }),
);

function blocksOf(page: string, text: string): Block[] {
  const fence = /(?:^<!-- (\S+) -->\n\n)?^```(\w+)\n([^]*?)^```$/gm;
  return [...text.matchAll(fence)].map(({ 1: copyOf, 2: language = "", 3: code = "", index }) => ({
    place: `${page}:${text.slice(0, index).split("\n").length}`,
    language,
    code,
    copyOf,
  }));
}
