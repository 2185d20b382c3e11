import { execa } from "execa";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { exampleSeed } from "../../emulator/seed/exampleSeed";
import { lackOf } from "../../tools/pulumi-cli/languages";
import { stackIn } from "../engine/harness/cli";
import { engineEnvironment } from "../engine/harness/environment";
import { packedProject } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { must, startCloud } from "../engine/patterns/example";
import { ifPossible } from "./sdk";

jest.setTimeout(300_000);

const repository = resolve(__dirname, "../..");
const yaml = join(repository, "examples/any-language/yaml/Pulumi.yaml");

/** An engine that has no plugin. */
async function environment(): Promise<Record<string, string>> {
  const emulator = await startCloud({ seed: exampleSeed });
  return engineEnvironment(scratchFolder("engine"), { ...emulator.settings, DT_RATE_LIMIT: "off" });
}

test("after `make plugin`, a YAML program is one more command", async () => {
  await ifPossible("make plugin", [await lackOf("yaml")], async () => {
    const env = await environment();
    // make would first build a stale dist, which other tests read.
    const words = ["run", "--silent", "plugin"];
    const { exitCode, all } = await execa("npm", words, { cwd: repository, env, all: true, reject: false });
    expect([exitCode, all]).toEqual([
      0,
      expect.stringMatching(/The plugin disruptive \d+\.\d+\.\d+ is installed\./),
    ]);
    const folder = scratchFolder("project");
    cpSync(yaml, join(folder, "Pulumi.yaml"));
    const { text } = await must((await stackIn(folder, env)).up());
    expect(text).not.toMatch(/warning/i);
  });
});

test("with the npm package alone, Pulumi.yaml names the plugin's folder", async () => {
  await ifPossible("the plugin of the npm package", [await lackOf("yaml")], async () => {
    const env = await environment();
    const folder = scratchFolder("project");
    const path = "node_modules/pulumi-dt/dist/plugin";
    const plugins = `plugins:\n  providers:\n    - name: disruptive\n      path: ${path}\n`;
    writeFileSync(join(folder, "Pulumi.yaml"), readFileSync(yaml, "utf8") + plugins);
    mkdirSync(join(folder, "node_modules"));
    const installed = join(await packedProject(), "node_modules/pulumi-dt");
    symlinkSync(installed, join(folder, "node_modules/pulumi-dt"));
    const { text } = await must((await stackIn(folder, env)).up());
    expect(text).not.toMatch(/warning/i);
  });
});

test("without the plugin, the engine names what is missing", async () => {
  await ifPossible("a program without its plugin", [await lackOf("yaml")], async () => {
    const folder = scratchFolder("project");
    cpSync(yaml, join(folder, "Pulumi.yaml"));
    const { exitCode, text } = await (await stackIn(folder, await environment())).up();
    expect(exitCode).not.toBe(0);
    expect(text).toContain("disruptive");
  });
});
