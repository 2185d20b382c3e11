import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { exampleSeed } from "../../emulator/seed/exampleSeed";
import { lackOf } from "../../tools/pulumi-cli/languages";
import { stack, type CliStack } from "../engine/harness/cli";
import { pluginFolder } from "../engine/harness/packed";
import { must, outputsOf, startCloud } from "../engine/patterns/example";
import { pulumiPython } from "./pulumiPython";
import { withSdk } from "./sdkForPython";
import { ifPossible, lackOfGenerator } from "./sdk";

jest.setTimeout(600_000);

const repository = resolve(__dirname, "../..");
const textOf = (path: string): string => readFileSync(join(repository, path), "utf8");
const [, firstProgram = ""] = /^```ts\n([^]*?)^```$/m.exec(textOf("README.md")) ?? [];

/** The first program of the README, deployed as dynamic resources. */
async function deployed(): Promise<CliStack> {
  const emulator = await startCloud({ seed: exampleSeed });
  const program = await stack({
    files: {
      "index.ts": firstProgram,
      "Pulumi.yaml": JSON.stringify({ name: "access", runtime: "nodejs", ...(await plugins()) }),
    },
    env: { ...emulator.settings, DT_RATE_LIMIT: "off", PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  });
  await must(program.up());
  return program;
}

const plugins = async () => ({
  plugins: { providers: [{ name: "disruptive", path: await pluginFolder() }] },
});

/** Runs the program that is now in the folder. Expects that nothing changes. */
async function expectMoved(program: CliStack): Promise<void> {
  const { credentials } = await outputsOf(program);
  expect(credentials).toContain("keyId");
  await must(program.preview("--expect-no-changes"));
  await must(program.up("--expect-no-changes"));
  expect((await outputsOf(program)).credentials).toBe(credentials);
  const { text } = await must(program.run("stack", "--show-urns"));
  expect(text).toContain("disruptive:index:ServiceAccount::warehouse");
  expect(text).not.toContain("pulumi-nodejs:dynamic");
}

test("a dynamic stack becomes the YAML program of the page, without a change", async () => {
  await ifPossible("moving to YAML", [await lackOf("yaml")], async () => {
    const program = await deployed();
    const yaml = textOf("examples/any-language/moving/Pulumi.yaml").replaceAll(
      "urn:pulumi:dev",
      "urn:pulumi:test",
    );
    const { plugins: found } = await plugins();
    program.write("Pulumi.yaml", `${yaml}\nplugins: ${JSON.stringify(found)}\n`);
    await expectMoved(program);
  });
});

test("a dynamic stack becomes a Python program with the lines of the page, without a change", async () => {
  const base = pulumiPython();
  const lacks = [
    await lackOf("python"),
    await lackOfGenerator(),
    "missing" in base ? base.missing : undefined,
  ];
  await ifPossible("moving to Python", lacks, async () => {
    const program = await deployed();
    const bin = await withSdk("python" in base ? base.python : "");
    program.env.PATH = [bin, program.env.PATH].join(delimiter);
    program.write("Pulumi.yaml", JSON.stringify({ name: "access", runtime: "python", ...(await plugins()) }));
    const lines = textOf("examples/any-language/moving/from_dynamic.py");
    program.write("__main__.py", lines + textOf("examples/any-language/python/__main__.py"));
    await expectMoved(program);
  });
});
