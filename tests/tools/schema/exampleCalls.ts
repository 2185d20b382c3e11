import Ajv from "ajv";
import { parse } from "yaml";
import type { ObjectSpec } from "../../../tools/schema/spec";
import { nameOf, named, types } from "./exampleBlocks";

/** A resource or a function in an example, with the names of the inputs that the example gives. */
export interface Call {
  readonly name: string;
  readonly given: readonly string[];
  /** The values, if the language is YAML. */
  readonly values?: Mapping;
}

type Mapping = Readonly<Record<string, unknown>>;

/** How a call starts. The brackets with its inputs come next. */
const starts: Readonly<Record<string, RegExp>> = {
  typescript: /\b(?:disruptive|dt)\.(\w+?)(?:Output)?\((?:\s*"[^"]*",)?\s*(?=\{)/g,
  python: /\b(?:disruptive|dt)\.(\w+?)(?:_output)?(?=\()/g,
  go: /&disruptive\.(\w+)Args(?=\{)/g,
};

/** The calls in an example. The names are spelled as in its language. */
export function callsIn(language: string, code: string): Call[] {
  if (language === "yaml") return callsInYaml(code);
  const start = starts[language];
  if (start === undefined) throw new Error(`no test knows the language ${language}`);
  return [...code.matchAll(start)].map(({ 0: text, 1: name = "", index }) => ({
    // The SDK for Go avoids one name for a resource and for the lookup of such a resource.
    name: name.replace(/^Lookup/, "get"),
    given: namesIn(code, index + text.length),
  }));
}

/** The names that are given in the brackets that open at `start`, without those in inner brackets. */
function namesIn(code: string, start: number): string[] {
  let [depth, own] = [0, ""];
  for (const [part] of code.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[^]/g)) {
    if ("([{".includes(part)) depth++;
    if (depth === 1 && part.length === 1) own += part;
    if (")]}".includes(part)) depth--;
    if (depth === 0) return [...own.matchAll(/(\w+)\s*[:=]/g)].map(([, name = ""]) => name);
  }
  throw new Error("the brackets do not close");
}

interface Program {
  readonly resources?: Readonly<Record<string, { readonly type: string; readonly properties?: Mapping }>>;
  readonly variables?: Readonly<
    Record<string, { readonly "fn::invoke": { readonly function: string; readonly arguments?: Mapping } }>
  >;
}

function callsInYaml(code: string): Call[] {
  const { resources = {}, variables = {} } = parse(code) as Program;
  return [
    ...Object.values(resources).map(({ type, properties = {} }) => [type, properties] as const),
    ...Object.values(variables).map(
      ({ "fn::invoke": { function: type, arguments: given = {} } }) => [type, given] as const,
    ),
  ]
    .filter(([type]) => type.includes("disruptive"))
    .map(([type, values]) => ({ name: nameOf(type), given: Object.keys(values), values }));
}

/** What is wrong with a call, as sentences. */
export function problemsOf({ name, given, values = {} }: Call): string[] {
  const inputs = inputsOf(name);
  if (inputs === undefined) return [`the schema has no ${name}`];
  const { properties, required } = inputs;
  // In Python, the options of a resource stand beside its inputs.
  const possible = [...Object.keys(properties), "opts"];
  return [
    ...given
      .filter((each) => !possible.some((input) => isSame(input, each)))
      .map((each) => `${name} has no input ${each}`),
    ...required
      .filter((each) => !given.some((input) => isSame(input, each)))
      .map((each) => `${name} lacks the input ${each}`),
    ...Object.entries(values)
      // The engine knows the types of references to outputs.
      .filter(([, value]) => typeof value !== "string" || !value.startsWith("${"))
      .filter(
        ([input, value]) => !new Ajv({ strict: false }).validate({ ...properties[input], types }, value),
      )
      .map(([input, value]) => `${name} gives ${input} a value of another type: ${JSON.stringify(value)}`),
  ];
}

/** The inputs of a resource or a function, or the properties of an object type. */
function inputsOf(name: string): ObjectSpec | undefined {
  const withName = <Spec>(all: Readonly<Record<string, Spec>>): Spec | undefined =>
    Object.entries(all).find(([token]) => isSame(nameOf(token), name))?.[1];
  const spec = withName(named);
  if (spec === undefined) return withName(types);
  return "inputProperties" in spec
    ? { properties: spec.inputProperties, required: spec.requiredInputs }
    : (spec.inputs ?? { properties: {}, required: [] });
}

/** Whether two names differ only in how languages spell them: `displayName`, `display_name`, `DisplayName`. */
const isSame = (one: string, other: string): boolean =>
  one.replaceAll("_", "").toLowerCase() === other.replaceAll("_", "").toLowerCase();
