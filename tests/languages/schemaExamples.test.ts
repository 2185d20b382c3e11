import { execa } from "execa";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { blocksIn } from "../tools/schema/exampleBlocks";
import { ifPossible, lackOfGenerator, sdk } from "./sdk";

jest.setTimeout(600_000);

const repository = resolve(__dirname, "../..");

/** The examples of the schema in a language. Leaves out those that need the SDK of another provider. */
const programsIn = (language: string): [folder: string, code: string][] =>
  blocksIn(language)
    .filter(([, { code }]) => !code.includes("aws"))
    .map(([, { code }], index) => [`example${index}`, code]);

test("the schema's examples in Go compile with the SDK", async () => {
  await ifPossible("the schema's examples in Go", [await lackOfGenerator()], async () => {
    const module = await sdk("go");
    for (const [name, code] of programsIn("go")) write(join(module, "examples", name), "main.go", code);
    await execa("go", ["vet", "./..."], { cwd: module });
  });
});

test("the schema's examples in TypeScript compile with the SDK", async () => {
  await ifPossible("the schema's examples in TypeScript", [await lackOfGenerator()], async () => {
    const source = await sdk("nodejs");
    symlinkSync(join(repository, "node_modules"), join(source, "node_modules"));
    for (const [name, code] of programsIn("typescript")) write(join(source, "examples"), `${name}.ts`, code);
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: true, target: "es2022", module: "node20" },
      ...{ types: ["node"], paths: { "pulumi-disruptive": ["./index.ts"] } },
    };
    write(source, "tsconfig.examples.json", JSON.stringify({ compilerOptions, include: ["examples"] }));
    const compiler = join(repository, "node_modules/typescript/bin/tsc");
    await execa("node", [compiler, "-p", "tsconfig.examples.json"], { cwd: source });
  });
});

test("the SDK for .NET does not show the examples in other languages", async () => {
  await ifPossible("the SDK for .NET", [await lackOfGenerator()], async () => {
    const folder = await sdk("dotnet");
    const files = readdirSync(folder).filter((name) => name.endsWith(".cs"));
    expect(files).toContain("GetProjects.cs");
    const shown = files.filter((name) =>
      /\{\{%|```(?!sh|csharp|\n)/.test(readFileSync(join(folder, name), "utf8")),
    );
    expect(shown).toEqual([]);
  });
});

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}
