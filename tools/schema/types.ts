import ts from "typescript";
import { token } from "./package";
import { declared, fileOf, type Sources } from "./sources";
import type { TypeSpec } from "./spec";

/** Numbers that count something. TypeScript has no type for integers. */
const integers: ReadonlySet<string> = new Set(["generation"]);

/**
 * The name of an interface in the schema. One that describes what a lookup found has the ending `Info`, because a
 * resource may have the name without it.
 */
export function typeName(interfaceName: string, { interfaces }: Sources): string {
  const isFound = fileOf(declared(interfaceName, interfaces)).startsWith("provider/lookups/");
  return isFound ? `${interfaceName.replace(/Info$/, "")}Info` : interfaceName;
}

/** The names of the interfaces that the type of a member refers to. */
export function interfacesIn(member: ts.PropertySignature, { interfaces }: Sources): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) && interfaces.has(node.typeName.getText()))
      found.push(node.typeName.getText());
    ts.forEachChild(node, visit);
  };
  if (member.type !== undefined) visit(member.type);
  return found;
}

/**
 * Translates the type of a member. Ignores `undefined`, and whether a value is an input or an output.
 *
 * @throws Error for a type that has no translation yet
 */
export function typeOf(member: ts.PropertySignature | ts.PropertyDeclaration, sources: Sources): TypeSpec {
  const { aliases, interfaces } = sources;
  const name = member.name.getText();
  if (member.type === undefined) throw new Error(`${fileOf(member)}: ${name} has no type: declare it`);
  return translate(member.type);

  function translate(node: ts.TypeNode): TypeSpec {
    if (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)) return translate(node.type);
    if (ts.isArrayTypeNode(node)) return { type: "array", items: translate(node.elementType) };
    if (ts.isTypeReferenceNode(node)) return translateReference(node);
    if (ts.isUnionTypeNode(node)) return translateUnion(node);
    if (isText(node)) return { type: "string" };
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { type: "boolean" };
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { type: integers.has(name) ? "integer" : "number" };
    throw new Error(
      `${fileOf(node)}: the schema has no type for ${name}, ${node.getText()}: teach it to tools/schema/types.ts`,
    );
  }

  function translateReference(node: ts.TypeReferenceNode): TypeSpec {
    const reference = node.typeName.getText();
    const [first, second] = node.typeArguments ?? [];
    if (/^(pulumi\.(Input|Output)|Readonly)$/.test(reference) && first !== undefined) return translate(first);
    if (reference === "Record" && second !== undefined)
      return { type: "object", additionalProperties: translate(second) };
    const alias = aliases.get(reference);
    if (alias !== undefined) return translate(alias.type);
    if (interfaces.has(reference)) return { $ref: `#/types/${token(typeName(reference, sources))}` };
    throw new Error(`${fileOf(node)}: ${name} has the type ${reference}, which no file there exports`);
  }

  function translateUnion(node: ts.UnionTypeNode): TypeSpec {
    const types = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
    // The descriptions list the words, and the provider checks them.
    if (types.every(isText)) return { type: "string" };
    const [only, ...others] = types.map(translate);
    return only !== undefined && others.length === 0 ? only : { oneOf: types.map(translate) };
  }
}

/** Whether a member can be left out, or can be `undefined`. */
export function isOptional(member: ts.PropertySignature | ts.PropertyDeclaration): boolean {
  const isUndefined = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.UndefinedKeyword ||
    (ts.isUnionTypeNode(node) && node.types.some(isUndefined)) ||
    (ts.isTypeReferenceNode(node) &&
      node.typeName.getText() === "pulumi.Output" &&
      node.typeArguments?.some(isUndefined) === true);
  return member.questionToken !== undefined || (member.type !== undefined && isUndefined(member.type));
}

/** A string, a literal, or `string & {}`. */
const isText = (node: ts.TypeNode): boolean =>
  node.kind === ts.SyntaxKind.StringKeyword ||
  (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) ||
  (ts.isParenthesizedTypeNode(node) && isText(node.type)) ||
  (ts.isIntersectionTypeNode(node) && node.types.some(isText));
