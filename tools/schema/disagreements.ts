import { InvalidInput, type Check } from "../../provider/contract/resource.js";
import { commentOf } from "./comment";
import type { Definition } from "./definitions";
import { declared, fileOf, membersOf, outputsOf, type Sources } from "./sources";
import { isOptional } from "./types";

/**
 * Compares what the sdk and the provider say about a resource.
 *
 * @returns a sentence for each disagreement, which names the file to correct
 */
export function disagreementsOf(kind: string, { check, outputs }: Definition, sources: Sources): string[] {
  const ours = declared(kind, sources.classes);
  const args = membersOf(`${kind}Args`, sources);
  const members = outputsOf(kind, sources);
  const sdk = fileOf(ours);
  const provider = `provider/resources/${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}.ts`;
  const found: (string | false | undefined)[] = [
    commentOf(ours).text === "" && `${sdk}: the class ${kind} has no comment: write one`,
    ...Object.keys(check)
      // If the program can't set an input, the provider has it so that its drift has a name. Then it is an output.
      .filter((name) => !args.has(name) && !members.has(name))
      .map(
        (name) => `${sdk}: ${kind} lacks the input ${name}, which ${provider} checks: add it to ${kind}Args`,
      ),
    ...Object.keys(outputs)
      .filter((name) => !members.has(name))
      .map((name) => `${sdk}: ${kind} lacks the output ${name}, which ${provider} has: declare it`),
  ];
  for (const [name, member] of args) {
    const [file, checkOne] = [fileOf(member), check[name]];
    found.push(
      commentOf(member).text === "" && `${file}: the argument ${name} of ${kind} has no comment: write one`,
      checkOne === undefined
        ? `${provider}: \`check\` lacks the input ${name}, which ${file} offers: add it, or remove it from the sdk`
        : withSubject(`${file}: the argument ${name} of ${kind}`, valueProblem(checkOne, member)),
    );
  }
  for (const [name, member] of members) {
    found.push(
      outputs[name] === undefined &&
        check[name] === undefined &&
        `${provider}: \`outputs\` lacks ${name}, which ${sdk} declares: add it, or remove it from the sdk`,
      commentOf(member).text === "" &&
        !args.has(name) &&
        `${sdk}: the output ${name} of ${kind} has no comment: write one`,
    );
  }
  return found.filter((each) => typeof each === "string");
}

const withSubject = (subject: string, problem: string | undefined): string | undefined =>
  problem === undefined ? undefined : `${subject} ${problem}`;

/** What the sdk says about the value of an argument although the provider does something else. */
function valueProblem(check: Check<unknown>, member: Parameters<typeof isOptional>[0]): string | undefined {
  const isRequired = !isOptional(member);
  const { byDefault } = commentOf(member);
  const fallback = fallbackOf(check);
  if (fallback === "none")
    return isRequired ? undefined : "is optional, but the provider requires it: make it required";
  // An empty text means "none". The sdk may require it, so that nobody forgets it.
  if (isRequired)
    return fallback.value === ""
      ? undefined
      : "is required, but the provider has a default: make it optional";
  // The provider does not store some flags if they are false.
  const expected = fallback.value ?? (byDefault === false ? false : undefined);
  return expected === byDefault
    ? undefined
    : `has the default ${String(byDefault)}, but the provider's is ${JSON.stringify(expected)}: correct its @default`;
}

/** The value that the provider uses if the program leaves an input out. */
function fallbackOf(check: Check<unknown>): "none" | { readonly value: unknown } {
  try {
    return { value: check(undefined) };
  } catch (error) {
    if (error instanceof InvalidInput) return "none";
    throw error;
  }
}
