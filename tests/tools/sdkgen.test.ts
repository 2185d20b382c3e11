import { execa } from "execa";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { sdkLanguages, type SdkLanguage } from "../../tools/sdkgen/languages";
import { generateSdks } from "../../tools/sdkgen/sdks";
import { pluginFolder } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { ifPossible, lackOfGenerator } from "../languages/sdk";

jest.setTimeout(600_000);

interface Schema {
  version: string;
  resources: Record<string, { inputProperties: object; properties: object }>;
  functions: Record<string, { inputs?: { properties: object }; outputs: { properties: object } }>;
  types: Record<string, { properties: object }>;
  provider: { inputProperties: object; properties?: object };
}

const capitalized = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const camel = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
const snake = (name: string): string => camel(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

interface Layout {
  readonly file: (name: string) => string;
  readonly types: string;
  readonly spelled: (name: string) => string;
}

/** Where the code for a resource, a function or a type is in each language, and how a property is spelled. */
const layouts: Record<SdkLanguage, Layout> = {
  nodejs: { file: (name) => `${camel(name)}.ts`, types: "types/output.ts", spelled: (name) => name },
  python: {
    file: (name) => `pulumi_disruptive/${snake(name)}.py`,
    types: "pulumi_disruptive/outputs.py",
    spelled: snake,
  },
  go: { file: (name) => `${camel(name)}.go`, types: "pulumiTypes.go", spelled: capitalized },
  dotnet: { file: (name) => `${capitalized(name)}.cs`, types: "Outputs/TYPE.cs", spelled: capitalized },
};

let schemaFile: string;
let out: string;
let lack: string | undefined;
beforeAll(async () => {
  schemaFile = join(await pluginFolder(), "schema.json");
  out = scratchFolder("sdks");
  lack = await lackOfGenerator();
  if (lack === undefined) await generateSdks({ schema: schemaFile, out, languages: sdkLanguages });
});

const ifGenerated = (body: () => void | Promise<void>): Promise<void> =>
  ifPossible("the generators of the SDKs", [lack], async () => {
    await body();
  });

test("the same schema gives the same files, also over an older SDK", () =>
  ifGenerated(async () => {
    const again = scratchFolder("again");
    await generateSdks({ schema: schemaFile, out: again, languages: sdkLanguages });
    await generateSdks({ schema: schemaFile, out: again, languages: sdkLanguages });
    expect(contentsOf(again)).toEqual(contentsOf(out));
    expect(Object.keys(contentsOf(out)).length).toBeGreaterThan(60);
  }));

test.each(sdkLanguages)(
  "the SDK for %s has every resource, function, type and property of the schema",
  (language) =>
    ifGenerated(() => {
      const files = contentsOf(join(out, language));
      const { file, types, spelled } = layouts[language];
      const schema = readSchema();
      const places = [
        ...Object.entries({ ...schema.resources, "::Provider": schema.provider }).map(
          ([token, { inputProperties, properties }]) =>
            [file(bare(token)), { ...inputProperties, ...properties }] as const,
        ),
        ...Object.entries(schema.functions).map(
          ([token, { inputs, outputs }]) =>
            [file(bare(token)), { ...inputs?.properties, ...outputs.properties }] as const,
        ),
        ...Object.entries(schema.types).map(
          ([token, { properties }]) => [types.replace("TYPE", bare(token)), properties] as const,
        ),
      ];
      expect(places).not.toEqual([]);
      const missing = places.flatMap(([place, properties]) => {
        const words = new Set(files[place]?.match(/\w+/g));
        return Object.keys(properties)
          .filter((name) => !words.has(spelled(name)))
          .map((name) => `${name} in ${place}`);
      });
      expect(missing).toEqual([]);
    }),
);

test.each(sdkLanguages)("the SDK for %s names its version, its license and where the plugin is", (language) =>
  ifGenerated(() => {
    const files = contentsOf(join(out, language));
    const { version } = readSchema();
    const plugin = Object.entries(files).filter(([file]) => /(pulumi-plugin|package)\.json$/.test(file));
    expect(
      plugin.map(([, text]) => JSON.parse(text) as { pulumi?: object }).map((each) => each.pulumi ?? each),
    ).toEqual([
      {
        resource: true,
        name: "disruptive",
        version,
        server: "github://api.github.com/pulumi-dt/pulumi-dt",
      },
    ]);
    expect(files.LICENSE).toContain("Apache License");
  }),
);

test.each([
  ["nodejs", "typescript/index.ts"],
  ["python", "python/__main__.py"],
  ["go", "go/main.go"],
  ["dotnet", "dotnet/Program.cs"],
] as const)("the README of the SDK for %s shows the program that the tests run", (language, program) =>
  ifGenerated(() => {
    const example = resolve(__dirname, "../../examples/any-language", program);
    const readme = readFileSync(join(out, language, "README.md"), "utf8");
    expect(readme).toContain(readFileSync(example, "utf8"));
    expect(readme).not.toMatch(/\{\{|undefined/);
  }),
);

const sdks = (...args: string[]) =>
  execa("npm", ["run", "--silent", "sdks", "--", ...args], {
    cwd: resolve(__dirname, "../.."),
    reject: false,
  });

test("a folder that exists is not replaced", async () => {
  const occupied = scratchFolder("occupied");
  mkdirSync(join(occupied, "go"));
  const { exitCode, stderr } = await sdks("--out", occupied, "--schema", schemaFile);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining(`${join(occupied, "go")} exists. Remove it`),
  ]);
  expect(readdirSync(occupied)).toEqual(["go"]);
});

test("a language without a generator is an error that names the others", async () => {
  const { exitCode, stderr } = await sdks("--language", "java", "--schema", schemaFile);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringMatching(
      /"java" is not one of these languages: nodejs, python, go, dotnet\. For Java, use the/,
    ),
  ]);
});

const readSchema = (): Schema => JSON.parse(readFileSync(schemaFile, "utf8")) as Schema;

const bare = (token: string): string => token.split(":")[2] ?? "";

/** The text of every file below a folder, by its path. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .filter((file) => statSync(join(folder, file)).isFile())
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );
}
