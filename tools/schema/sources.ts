import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import ts from "typescript";

const repository = resolve(__dirname, "../..");

/** The exported declarations of the sdk and of the lookups, by name. */
export interface Sources {
  readonly interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>;
  readonly classes: ReadonlyMap<string, ts.ClassDeclaration>;
  readonly aliases: ReadonlyMap<string, ts.TypeAliasDeclaration>;
  readonly constants: ReadonlyMap<string, ts.VariableDeclaration>;
}

/**
 * Reads the declarations. Those of an earlier folder hide later ones of the same name. Only parses the files, because a
 * type check would take much longer than the rest of the build.
 */
export function readSources(folders: readonly string[] = ["sdk", "provider/lookups"]): Sources {
  const statements = folders.flatMap(statementsIn).filter(isExported).reverse();
  const named = <T extends { readonly name?: ts.Node | undefined }>(nodes: readonly T[]): Map<string, T> =>
    new Map(nodes.map((node) => [node.name?.getText() ?? "", node]));
  return {
    interfaces: named(statements.filter(ts.isInterfaceDeclaration)),
    classes: named(statements.filter(ts.isClassDeclaration)),
    aliases: named(statements.filter(ts.isTypeAliasDeclaration)),
    constants: named(
      statements.filter(ts.isVariableStatement).flatMap((each) => [...each.declarationList.declarations]),
    ),
  };
}

/** The members of an interface by name. First those of the interfaces that it extends. */
export function membersOf(name: string, sources: Sources): Map<string, ts.PropertySignature> {
  const declaration = declared(name, sources.interfaces);
  const inherited = (declaration.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap(({ expression }) => [...membersOf(expression.getText(), sources)]);
  const own = declaration.members
    .filter(ts.isPropertySignature)
    .map((member) => [member.name.getText(), member] as const);
  return new Map([...inherited, ...own]);
}

/** The members of a class that are declared as outputs of the resource. */
export function outputsOf(name: string, sources: Sources): Map<string, ts.PropertyDeclaration> {
  const isDeclared = (member: ts.PropertyDeclaration): boolean =>
    member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;
  const outputs = declared(name, sources.classes).members.filter(ts.isPropertyDeclaration).filter(isDeclared);
  return new Map(outputs.map((member) => [member.name.getText(), member]));
}

/** @throws Error if nothing has this name */
export function declared<T>(name: string, among: ReadonlyMap<string, T>): T {
  const found = among.get(name);
  if (found === undefined) throw new Error(`no file of the sdk or of provider/lookups exports ${name}`);
  return found;
}

/** The file of a declaration, relative to the repository. */
export const fileOf = (node: ts.Node): string => relative(repository, node.getSourceFile().fileName);

function statementsIn(folder: string): ts.Statement[] {
  return readdirSync(resolve(repository, folder))
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const path = resolve(repository, folder, name);
      const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
      return [...file.statements];
    });
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
