import { spawnSync } from "node:child_process";
import ts from "typescript";
import { resources } from "../../../provider/resources/all";
import { notRun } from "../../report/atEnd";
import { blocksByName, blocksIn } from "./exampleBlocks";
import { callsIn, problemsOf } from "./exampleCalls";

const languages = ["typescript", "python", "go", "yaml"];

test("every resource has an example, and every example is in all languages", () => {
  for (const kind of Object.keys(resources)) expect(blocksByName[kind]).not.toEqual([]);
  for (const blocks of Object.values(blocksByName)) {
    const times = blocks.length / languages.length;
    const expected = Array.from({ length: times }, () => languages).flat();
    expect(blocks.map(({ language }) => language)).toEqual(expected);
  }
});

test.each(languages.flatMap(blocksIn))(
  "%s gives all required inputs, no unknown ones, and values of their types",
  (_place, block) => {
    const calls = callsIn(block.language, block.code);
    expect(calls.flatMap(problemsOf)).toEqual([]);
    // A function without inputs has nothing to check.
    if (!block.place.includes("whoAmI")) expect(calls).not.toEqual([]);
  },
);

test.each(blocksIn("typescript"))("the syntax of %s is right", (_place, { code }) => {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true });
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
});

test.each([
  ["Python", "python", "python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"]],
  ["Go", "go", "gofmt", ["-d"]],
])("the syntax of the examples in %s is right", (name, language, program, args) => {
  if (spawnSync(program, args, { input: "" }).error !== undefined) {
    notRun(`Not run: the syntax of the schema's examples in ${name}. ${program} is not installed.`);
    return;
  }
  const complaints = blocksIn(language).map(([, { code }]) => {
    const { status, stdout, stderr } = spawnSync(program, args, { input: code, encoding: "utf8" });
    return status === 0 ? stdout : stdout + stderr;
  });
  expect(complaints.filter((text) => text !== "")).toEqual([]);
});
