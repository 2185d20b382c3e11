import { commentOf } from "./comment";
import { definitions, type Definition } from "./definitions";
import { describeResource } from "./describe";
import { disagreementsOf } from "./disagreements";
import { objectTypes } from "./objects";
import { token } from "./package";
import { declared, membersOf, outputsOf, type Sources } from "./sources";
import type { PackageSpec, PropertySpec, ResourceSpec } from "./spec";
import { interfacesIn, isOptional, typeOf } from "./types";

/** @throws Error with a sentence for each disagreement between the sdk and the provider */
export function resourceSpecs(sources: Sources): Record<string, ResourceSpec> {
  const kinds = Object.entries(definitions);
  const disagreements = kinds.flatMap(([kind, definition]) => disagreementsOf(kind, definition, sources));
  if (disagreements.length > 0) throw new Error(disagreements.join("\n"));
  return Object.fromEntries(
    kinds.map(([kind, definition]) => [token(kind), resourceSpec(kind, definition, sources)]),
  );
}

/** The object types in the arguments of resources. */
export const argumentTypes = (sources: Sources): PackageSpec["types"] =>
  objectTypes(
    Object.keys(definitions).flatMap((kind) =>
      [...membersOf(`${kind}Args`, sources).values()].flatMap((member) => interfacesIn(member, sources)),
    ),
    sources,
  );

/**
 * One resource. Types and descriptions are those of the sdk. The provider tells what a change does and what is secret.
 */
function resourceSpec(kind: string, { onChange, outputs }: Definition, sources: Sources): ResourceSpec {
  const args = membersOf(`${kind}Args`, sources);
  const members = outputsOf(kind, sources);
  const secret = (name: string) => (outputs[name] === "secret" ? { secret: true as const } : {});
  const replacing = (name: string) =>
    onChange[name] === "replace" || onChange[name] === "recreate"
      ? { willReplaceOnChanges: true as const }
      : {};

  const inputs = [...args].map(([name, member]): [string, PropertySpec] => {
    const { text: description, byDefault } = commentOf(member);
    const standard = byDefault === undefined ? {} : { default: byDefault };
    return [
      name,
      { ...typeOf(member, sources), description, ...standard, ...secret(name), ...replacing(name) },
    ];
  });
  const properties = [...members].map(([name, member]): [string, PropertySpec] => {
    // An output without a comment is the input as it was declared.
    const source = [member, args.get(name)].find((each) => each !== undefined && commentOf(each).text !== "");
    const description = source === undefined ? "" : commentOf(source).text;
    return [name, { ...typeOf(member, sources), description, ...secret(name) }];
  });
  const named = (each: typeof args | typeof members): string[] =>
    [...each].filter(([, member]) => !isOptional(member)).map(([name]) => name);
  return {
    description: describeResource(kind, commentOf(declared(kind, sources.classes)).text),
    inputProperties: Object.fromEntries(inputs),
    requiredInputs: named(args),
    properties: Object.fromEntries(properties),
    required: named(members),
  };
}
