import { commentOf } from "./comment";
import { token } from "./package";
import { declared, fileOf, membersOf, type Sources } from "./sources";
import type { ObjectSpec, PackageSpec, PropertySpec } from "./spec";
import { isOptional, typeName, typeOf } from "./types";

type Types = PackageSpec["types"];

/** An interface as an object: the arguments or the answer of a function, or the value of a property. */
export function objectSpec(name: string, sources: Sources): ObjectSpec {
  const { text } = commentOf(declared(name, sources.interfaces));
  const properties: Record<string, PropertySpec> = {};
  const required: string[] = [];
  for (const [property, member] of membersOf(name, sources)) {
    const { text: description, byDefault } = commentOf(member);
    if (description === "")
      throw new Error(`${fileOf(member)}: ${property} of ${name} has no comment: write one`);
    if (!isOptional(member)) required.push(property);
    const type = typeOf(member, sources);
    properties[property] = {
      ...type,
      description,
      ...(byDefault === undefined ? {} : { default: byDefault }),
    };
  }
  return { ...(text === "" ? {} : { description: text }), properties, required };
}

/** Interfaces as the types that properties refer to. */
export const objectTypes = (names: Iterable<string>, sources: Sources): Types =>
  Object.fromEntries(
    Array.from(new Set(names), (name) => [
      token(typeName(name, sources)),
      { type: "object", ...objectSpec(name, sources) },
    ]),
  );
