import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { notRun } from "../report/atEnd";
import { callsIn, problemsOf } from "../tools/schema/exampleCalls";
import { blocks, repository, usesPlugin, type Block } from "./pages";

const named = (all: readonly Block[]): [string, Block][] => all.map((block) => [block.place, block]);
const inLanguage = (language: string): [string, Block][] =>
  named(blocks.filter((block) => block.language === language));

/** The blocks that declare resources of the plugin or call its functions, with the name of their language in the schema. */
const ofPlugin = blocks.flatMap((block): [string, string, Block][] => {
  const { language, code, place } = block;
  if (language === "ts") return usesPlugin(block) ? [[place, "typescript", block]] : [];
  const isOurs = ["python", "go"].includes(language) || (language === "yaml" && code.includes("disruptive:"));
  return isOurs ? [[place, language, block]] : [];
});

test.each(ofPlugin)(
  "%s gives the plugin all required inputs and no unknown ones",
  (_place, language, { code }) => {
    expect(callsIn(language, code).flatMap(problemsOf)).toEqual([]);
  },
);

test.each(inLanguage("yaml"))("the syntax of %s is right", (_place, { code }) => {
  expect(parseAllDocuments(code).flatMap(({ errors }) => errors)).toEqual([]);
});

describe.each([
  ["python", "python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"]],
  ["go", "gofmt", ["-d"]],
])("if there is a compiler for %s,", (language, program, args) => {
  test.each(inLanguage(language))("the syntax of %s is right", (_place, { code }) => {
    if (spawnSync(program, args, { input: "" }).error !== undefined) {
      notRun(`Not run: the syntax of blocks in ${language}. ${program} is not installed`);
      return;
    }
    const { status, stdout, stderr } = spawnSync(program, args, { input: code, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

test("every program for the plugin appears in a page", () => {
  const shown = blocks.flatMap(({ copyOf }) => (copyOf === undefined ? [] : [copyOf]));
  const folder = "examples/any-language";
  const files = readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map(({ parentPath, name }) => join(parentPath, name).slice(repository.length + 1));
  const programs = files.filter((file) =>
    /(\.py|\.go|\.cs|index\.ts)$|\/(yaml|moving|patterns)\/.*\.yaml$/.test(file),
  );
  expect(programs.length).toBeGreaterThan(20);
  expect(programs.filter((file) => !shown.includes(file))).toEqual([]);
});
