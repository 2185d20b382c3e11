import { InvalidInput, type Change, type Check } from "../../provider/contract/resource.js";
import { resources } from "../../provider/resources/all.js";
import { commentOf, type Comment } from "./comment";
import { describe } from "./describe";
import { token } from "./package";
import { declared, fileOf, membersOf, outputsOf, type Sources } from "./sources";
import type { PropertySpec, ResourceSpec } from "./spec";
import { isOptional, typeOf } from "./types";

/** What the schema takes from the provider. */
export interface Definition {
  readonly check: Readonly<Record<string, Check<unknown>>>;
  readonly onChange: Readonly<Record<string, Change>>;
  readonly outputs: Readonly<Record<string, "plain" | "secret">>;
}

/**
 * The resources. Types and descriptions are those of the sdk. The provider tells which inputs and outputs exist, what a
 * change does, and what is secret.
 *
 * @throws Error with a sentence for each disagreement between the two
 */
export function resourceSpecs(sources: Sources): Record<string, ResourceSpec> {
  const problems: string[] = [];
  const specs = Object.entries(resources as Readonly<Record<string, Definition>>).map(
    ([kind, definition]) => {
      const { spec, disagreements } = resourceSpec(kind, definition, sources);
      problems.push(...disagreements);
      return [token(kind), spec] as const;
    },
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return Object.fromEntries(specs);
}

/** One resource, and a sentence for each disagreement between the sdk and the provider. */
export function resourceSpec(
  kind: string,
  { check, onChange, outputs }: Definition,
  sources: Sources,
): { spec: ResourceSpec; disagreements: readonly string[] } {
  const ours = declared(kind, sources.classes);
  const args = membersOf(`${kind}Args`, sources);
  const members = outputsOf(kind, sources);
  const [sdkFile, providerFile] = [fileOf(ours), `provider/resources/${camelCase(kind)}.ts`];
  const disagreements: string[] = [];
  const note = (file: string, problem: string): number => disagreements.push(`${file}: ${problem}`);

  const inputProperties: Record<string, PropertySpec> = {};
  const requiredInputs: string[] = [];
  for (const [name, member] of args) {
    const comment = commentOf(member);
    if (comment.text === "")
      note(fileOf(member), `the argument ${name} of ${kind} has no comment: write one`);
    if (check[name] === undefined) {
      note(
        providerFile,
        `\`check\` lacks the input ${name}, which ${fileOf(member)} offers: add it there, or remove it here`,
      );
      continue;
    }
    const isRequired = !isOptional(member);
    const problem = disagreementAbout(check[name], isRequired, comment);
    if (problem !== undefined) note(fileOf(member), `the argument ${name} of ${kind} ${problem}`);
    if (isRequired) requiredInputs.push(name);
    inputProperties[name] = {
      ...typeOf(member, sources),
      description: comment.text,
      ...(comment.byDefault === undefined ? {} : { default: comment.byDefault }),
      ...(outputs[name] === "secret" ? { secret: true } : {}),
      ...(["replace", "recreate"].includes(onChange[name] ?? "") ? { willReplaceOnChanges: true } : {}),
    };
  }
  for (const name of Object.keys(check)) {
    // The program can't set such an input. The provider has it so that drift of it has a name.
    if (!args.has(name) && !members.has(name))
      note(
        sdkFile,
        `${kind} lacks ${name}, which ${providerFile} checks: add it to ${kind}Args or to the outputs`,
      );
  }

  const properties: Record<string, PropertySpec> = {};
  const required: string[] = [];
  for (const [name, member] of members) {
    if (outputs[name] === undefined && check[name] === undefined)
      note(
        providerFile,
        `\`outputs\` lacks ${name}, which ${sdkFile} declares: add it there, or remove it here`,
      );
    // An output without a comment is the input as it was declared.
    const text = commentOf(member).text || (inputProperties[name]?.description ?? "");
    if (text === "") note(sdkFile, `the output ${name} of ${kind} has no comment: write one`);
    if (!isOptional(member)) required.push(name);
    properties[name] = {
      ...typeOf(member, sources),
      description: text,
      ...(outputs[name] === "secret" ? { secret: true } : {}),
    };
  }
  for (const name of Object.keys(outputs)) {
    if (!members.has(name))
      note(
        sdkFile,
        `${kind} lacks the output ${name}, which ${providerFile} has: add \`declare readonly ${name}\``,
      );
  }
  const { text } = commentOf(ours);
  if (text === "") note(sdkFile, `the class ${kind} has no comment: write one`);
  return {
    spec: { description: describe(kind, text), inputProperties, requiredInputs, properties, required },
    disagreements,
  };
}

/** What the sdk says about an argument although the provider does something else. */
function disagreementAbout(
  check: Check<unknown>,
  isRequired: boolean,
  { byDefault }: Comment,
): string | undefined {
  const fallback = fallbackOf(check);
  if (fallback === "required")
    return isRequired ? undefined : "is optional, but the provider requires it: make it required";
  // An empty text means "none". The sdk may require it, so that nobody forgets it.
  if (isRequired)
    return fallback.value === ""
      ? undefined
      : "is required, but the provider does without it: make it optional";
  // The provider does not store a flag that is false.
  const expected = fallback.value ?? (byDefault === false ? false : undefined);
  if (expected === byDefault) return undefined;
  return `has the default ${JSON.stringify(byDefault)}, but the provider uses ${JSON.stringify(expected)}: correct its @default`;
}

/** The value that the provider uses if the program leaves an input out. */
function fallbackOf(check: Check<unknown>): "required" | { readonly value: unknown } {
  try {
    return { value: check(undefined) };
  } catch (error) {
    if (error instanceof InvalidInput) return "required";
    throw error;
  }
}

const camelCase = (kind: string): string => kind.slice(0, 1).toLowerCase() + kind.slice(1);
