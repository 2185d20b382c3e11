import { buildSchema } from "../../../tools/schema/schema";
import type { FunctionSpec, ResourceSpec } from "../../../tools/schema/spec";

const { resources, functions, provider, types } = buildSchema();
export { types };
/** Everything that can have an example, by token. */
export const named: Readonly<Record<string, ResourceSpec | FunctionSpec>> = {
  ...resources,
  ...functions,
  "pulumi:providers:disruptive": provider,
};

/** The name in an SDK of what has this token. */
export const nameOf = (token: string): string =>
  token === "pulumi:providers:disruptive" ? "Provider" : token.replace(/^.*:/, "");

/** A block of an example in the schema. */
export interface Block {
  /** Such as `the example of ServiceAccount in go`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

/** The blocks of all examples, by the name of the resource or function. */
export const blocksByName: Readonly<Record<string, readonly Block[]>> = Object.fromEntries(
  Object.entries(named).map(([token, { description }]) => {
    const name = nameOf(token);
    const [, examples = ""] = /\{\{% examples %\}\}([^]*)\{\{% \/examples %\}\}/.exec(description) ?? [];
    const blocks = [...examples.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
    return [
      name,
      blocks.map(([, language = "", code = ""]) => ({
        place: `the example of ${name} in ${language}`,
        language,
        code,
      })),
    ];
  }),
);

export const blocksIn = (language: string): [place: string, block: Block][] =>
  Object.values(blocksByName)
    .flat()
    .filter((block) => block.language === language)
    .map((block) => [block.place, block]);
