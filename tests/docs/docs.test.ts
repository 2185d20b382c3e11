import { execa } from "execa";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { known } from "../../provider/session/settingTable";
import { findPulumiCli } from "../../tools/pulumi-cli/ensure";
import { blocks, examples, repository, texts, usesPlugin, type Block } from "./pages";
import { complaintsAbout, isWhole, runBlock } from "./program";

jest.setTimeout(120_000);

const inLanguage = (...languages: string[]): Block[] =>
  blocks.filter(({ language }) => languages.includes(language));
const named = (all: readonly Block[]): [string, Block][] => all.map((block) => [block.place, block]);

/** Tests in this file check the first ones, and languages.test.ts the others. */
const checked = ["ts", "js", "sh", "mermaid", "json", "yaml", "python", "go", "csharp"];

test("every code block is in a language that a test here checks", () => {
  expect(blocks.filter(({ language }) => !checked.includes(language))).toEqual([]);
});

test("every setting is in docs/settings.md, and every configuration key in Pulumi.yaml", () => {
  const contentOf = (path: string) => readFileSync(join(repository, path), "utf8");
  const keys = Object.keys(known).map((name) => `dt:${name}`);
  const variables = Object.values(known).flatMap(({ environment }) => [...environment]);
  const lacking = (path: string, names: string[]) => names.filter((name) => !contentOf(path).includes(name));
  expect(lacking("docs/settings.md", [...keys, ...variables, "DT_CREDENTIALS_FILE"])).toEqual([]);
  expect(lacking("Pulumi.yaml", keys)).toEqual([]);
});

const copies = named(blocks.filter(({ copyOf }) => copyOf !== undefined));

test.each(copies)("%s is exactly the example that the tests run", (_place, { copyOf = "", code }) => {
  expect(readFileSync(join(repository, copyOf), "utf8")).toBe(code);
  const name = nameOfExample(copyOf);
  // A test has it as a text, in a path, or as a key of a table.
  expect(runningTests()).toMatch(new RegExp(`["/]${name}["/]|^  ${name}: `, "m"));
});

/** The name by which a test knows an example: its folder, or its file in a folder of many. */
const nameOfExample = (path: string): string =>
  /^examples\/any-language\/(?:patterns\/)?([\w-]+)/.exec(path)?.[1] ?? path.split("/")[1] ?? "";

/** The tests that run examples, on the real engine or as a policy pack. */
const runningTests = (): string =>
  ["tests/engine/patterns", "tests/policy", "tests/languages"]
    .flatMap((folder) => readdirSync(join(repository, folder)).map((file) => join(repository, folder, file)))
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");

test("every example that a test runs appears in a page", () => {
  const shown = copies
    .map(([, { copyOf = "" }]) => copyOf)
    .filter((path) => !path.startsWith("examples/any-language/"));
  const run = [...runningTests().matchAll(/\bexample\("([\w-]+)"/g)].map(
    ([, name = ""]) => `examples/${name}/index.ts`,
  );
  expect(new Set(shown)).toEqual(new Set([...run, "examples/policies/index.ts"]));
});

test("every TypeScript block compiles, in pages and in doc comments", () => {
  expect(complaintsAbout([...inLanguage("ts").filter((block) => !usesPlugin(block)), ...examples])).toEqual(
    [],
  );
});

describe("every short TypeScript block runs:", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
    Object.assign(process.env, emulator.settings, { DT_RATE_LIMIT: "off" });
    jest.spyOn(console, "warn").mockImplementation();
  });
  afterAll(async () => {
    for (const name of Object.keys(process.env))
      if (name.startsWith("DT_")) Reflect.deleteProperty(process.env, name);
    await emulator.close();
    jest.restoreAllMocks();
  });

  test.each(named(inLanguage("ts").filter((block) => !isWhole(block))))("%s", async (_place, block) => {
    const made = await runBlock(block, emulator);
    if (block.code.includes("new dt.")) expect(made).not.toEqual([]);
  });
});

test.each(named(inLanguage("sh")))(
  "%s is shell, and its commands accept their options",
  async (_place, { code }) => {
    await execa("bash", ["-n"], { input: code });
    const cli = await findPulumiCli();
    if ("lack" in cli) throw new Error(cli.lack);
    for (const [, command = "", rest = ""] of code.matchAll(/\bpulumi ((?:[a-z]+ ?)+)([^\n|;&]*)/g)) {
      const words = command.trim().split(" ").slice(0, 2);
      const options = rest.match(/--[a-z-]+/g) ?? [];
      if (options.length === 0) continue;
      const { stdout } = await execa(join(cli.folder, "pulumi"), [...words, "--help"], { reject: false });
      for (const option of options) expect(stdout).toContain(option);
    }
  },
);

test.each(named(inLanguage("mermaid")))(
  "%s is a diagram in the part of Mermaid that we use",
  (_place, { code }) => {
    const [first = "", ...lines] = code.trim().split("\n");
    expect(first).toMatch(/^flowchart (LR|TB)$/);
    const node = String.raw`\w+(\["[^"\]]+"\])?`;
    const statement = new RegExp(
      String.raw`^(subgraph ${node}|end|${node}|${node} -->(\|[\w ]+\|)? ${node})$`,
    );
    for (const line of lines) expect(line.trim()).toMatch(statement);
    const opened = lines.filter((line) => line.trim().startsWith("subgraph")).length;
    expect(lines.filter((line) => line.trim() === "end")).toHaveLength(opened);
  },
);

test.each(Object.entries(texts))("every link in %s leads to an existing target", (page, text) => {
  const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(
    ([, target = ""]) => target,
  );
  const missing = targets.filter((target) => !existsSync(join(repository, dirname(page), target)));
  expect(missing).toEqual([]);
});

test("the API reference can be built, and its links work", async () => {
  const { exitCode, all } = await execa("npm", ["run", "--silent", "docs", "--", "--emit", "none"], {
    cwd: repository,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
});
