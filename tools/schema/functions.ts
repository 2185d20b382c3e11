import ts from "typescript";
import { listNames } from "../../plugin/functions.js";
import { commentOf } from "./comment";
import { describe } from "./describe";
import { token } from "./package";
import { declared, fileOf, membersOf, type Sources } from "./sources";
import type { FunctionSpec, ObjectSpec, PackageSpec, PropertySpec } from "./spec";
import { infoName, isOptional, typeOf } from "./types";

/** The lookups as functions, and the object types in their answers. */
export function functionSpecs(sources: Sources): Pick<PackageSpec, "functions" | "types"> {
  const types: Record<string, PackageSpec["types"][string]> = {};
  const functions = [...membersOf("Lookups", sources)].map(([name, member]) => {
    const { args, result } = typesOf(member);
    const { text } = commentOf(declared(name, sources.constants));
    if (text === "") throw new Error(`sdk/lookups.ts: ${name} has no comment: write one`);
    const outputs = outputsOf(name, result);
    const spec: FunctionSpec = {
      description: describe(name, text),
      ...(args === undefined ? {} : { inputs: objectOf(args) }),
      outputs,
    };
    return [token(name), spec] as const;
  });
  return { functions: Object.fromEntries(functions), types };

  function outputsOf(name: string, result: ts.TypeNode): ObjectSpec {
    if (!ts.isArrayTypeNode(result)) return objectOf(result.getText());
    const property = (listNames as Readonly<Record<string, string | undefined>>)[name];
    if (property === undefined)
      throw new Error(`plugin/functions.ts: name the list that ${name} answers, in listNames`);
    const element = result.elementType.getText();
    addType(element);
    const items = { $ref: `#/types/${token(infoName(element))}` };
    const description = `The ${property} that were found.`;
    return { properties: { [property]: { type: "array", items, description } }, required: [property] };
  }

  function addType(name: string): void {
    types[token(infoName(name))] ??= { type: "object", ...objectOf(name) };
  }

  function objectOf(name: string): ObjectSpec {
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
}

/** The names in `{ args: MemberFilter; result: Member[] }`. A lookup without arguments has `object`. */
function typesOf(member: ts.PropertySignature): { args: string | undefined; result: ts.TypeNode } {
  if (member.type === undefined || !ts.isTypeLiteralNode(member.type))
    throw new Error(`${fileOf(member)}: ${member.name.getText()} must be { args: …; result: … }`);
  const parts = new Map(
    member.type.members.filter(ts.isPropertySignature).map(({ name, type }) => [name.getText(), type]),
  );
  const [args, result] = [parts.get("args"), parts.get("result")];
  if (args === undefined || result === undefined)
    throw new Error(`${fileOf(member)}: ${member.name.getText()} must be { args: …; result: … }`);
  return { args: args.kind === ts.SyntaxKind.ObjectKeyword ? undefined : args.getText(), result };
}
