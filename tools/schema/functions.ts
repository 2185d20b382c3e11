import ts from "typescript";
import { listNames } from "../../plugin/functions.js";
import { commentOf } from "./comment";
import { describe } from "./describe";
import { objectSpec, objectTypes } from "./objects";
import { token } from "./package";
import { declared, fileOf, membersOf, type Sources } from "./sources";
import type { FunctionSpec, ObjectSpec, PackageSpec } from "./spec";
import { typeName } from "./types";

/** The lookups as functions, and the object types in their answers. */
export function functionSpecs(sources: Sources): Pick<PackageSpec, "functions" | "types"> {
  const elements = new Set<string>();
  const functions = [...membersOf("Lookups", sources)].map(([name, member]) => {
    const { args, result } = typesOf(member);
    const { text } = commentOf(declared(name, sources.constants));
    if (text === "") throw new Error(`sdk/lookups.ts: ${name} has no comment: write one`);
    const outputs = outputsOf(name, result);
    const spec: FunctionSpec = {
      description: describe(name, text),
      ...(args === undefined ? {} : { inputs: objectSpec(args, sources) }),
      outputs,
    };
    return [token(name), spec] as const;
  });
  return { functions: Object.fromEntries(functions), types: objectTypes(elements, sources) };

  function outputsOf(name: string, result: ts.TypeNode): ObjectSpec {
    if (!ts.isArrayTypeNode(result)) return objectSpec(result.getText(), sources);
    const property = (listNames as Readonly<Record<string, string | undefined>>)[name];
    if (property === undefined)
      throw new Error(`plugin/functions.ts: name the list that ${name} answers, in listNames`);
    const element = result.elementType.getText();
    elements.add(element);
    const items = { $ref: `#/types/${token(typeName(element, sources))}` };
    const description = `The ${property} that were found.`;
    return { properties: { [property]: { type: "array", items, description } }, required: [property] };
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
