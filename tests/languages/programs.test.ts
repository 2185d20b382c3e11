import { execa } from "execa";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { extract } from "tar";
import type { Emulator } from "../../emulator";
import { exampleSeed } from "../../emulator/seed/exampleSeed";
import { lackOf } from "../../tools/pulumi-cli/languages";
import { stackIn } from "../engine/harness/cli";
import { npm } from "../engine/harness/npm";
import { packedProject } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { logsIn, must, outputsOf, projectId, startCloud } from "../engine/patterns/example";
import { notRun } from "../report/atEnd";
import { environmentWithPlugin } from "./installedPlugin";
import { pulumiPython } from "./pulumiPython";
import { withSdk } from "./sdkForPython";
import { ifPossible, lackOfGenerator, sdk } from "./sdk";

jest.setTimeout(600_000);

test("the first program runs in YAML, without an SDK", async () => {
  await ifPossible("the YAML program", [await lackOf("yaml")], () => expectFirstProgram(copyOf("yaml")));
});

test("the first program runs in Python, with the SDK that pip builds and installs", async () => {
  const base = pulumiPython();
  const lacks = [
    await lackOf("python"),
    await lackOfGenerator(),
    "missing" in base ? base.missing : undefined,
  ];
  await ifPossible("the Python SDK", lacks, async () => {
    await expectFirstProgram(copyOf("python"), await withSdk("python" in base ? base.python : ""));
  });
});

test("the first program runs in Go, with the SDK that compiles", async () => {
  const lacks = [await lackOf("go"), await lackOfGenerator()];
  await ifPossible("the Go SDK", lacks, async () => {
    const [module, program] = [await sdk("go"), copyOf("go")];
    await execa("go", ["vet", "./..."], { cwd: module });
    await execa(
      "go",
      ["mod", "edit", `-replace=github.com/pulumi-dt/pulumi-dt/sdk/go/disruptive=${module}`],
      {
        cwd: program,
      },
    );
    await expectFirstProgram(program);
  });
});

test("the first program runs in TypeScript, with the SDK that npm packs", async () => {
  await ifPossible("the Node.js SDK", [await lackOfGenerator()], async () => {
    const [source, program, shared] = [
      await sdk("nodejs"),
      copyOf("typescript"),
      join(await packedProject(), "node_modules"),
    ];
    symlinkSync(shared, join(source, "node_modules"));
    // npm compiles it first, as the package says.
    await npm(source, "pack");
    const [tarball = ""] = readdirSync(source).filter((file) => file.endsWith(".tgz"));
    const installed = join(program, "node_modules/pulumi-disruptive");
    mkdirSync(installed, { recursive: true });
    await extract({ file: join(source, tarball), cwd: installed, strip: 1 });
    for (const name of readdirSync(shared).filter((each) => !each.startsWith(".")))
      symlinkSync(join(shared, name), join(program, "node_modules", name));
    await expectFirstProgram(program);
  });
});

test("the SDK for .NET compiles, and so does the first program", async () => {
  const { failed } = await execa("dotnet", ["--version"], { reject: false });
  const lacks = [failed ? "There is no dotnet on this machine." : undefined, await lackOfGenerator()];
  await ifPossible(dotnetCompiler, lacks, async () => {
    const [project, program] = [await sdk("dotnet"), copyOf("dotnet")];
    const { exitCode, all = "" } = await execa("dotnet", ["restore"], {
      cwd: project,
      all: true,
      reject: false,
    });
    // The code for a package source that does not answer.
    if (all.includes("NU1301")) {
      notRun(`Not run: ${dotnetCompiler}. NuGet can't be reached.`);
      return;
    }
    expect([exitCode, all]).toEqual([0, expect.anything()]);
    await execa("dotnet", ["remove", "package", "PulumiDt.Disruptive"], { cwd: program });
    await execa("dotnet", ["add", "reference", project], { cwd: program });
    await execa("dotnet", ["build"], { cwd: program });
  });
});

const dotnetCompiler = "the compiler on the SDK for .NET, which was only generated";

/** Copies an example of `examples/any-language`, so that nothing is written there. */
function copyOf(language: string): string {
  const folder = scratchFolder(language);
  cpSync(resolve(__dirname, "../../examples/any-language", language), folder, { recursive: true });
  return folder;
}

/** Expects that the program creates its resources, then changes nothing, then removes them. */
async function expectFirstProgram(folder: string, bin?: string): Promise<void> {
  const emulator = await startCloud({ seed: exampleSeed });
  const env = await environmentWithPlugin({ ...emulator.settings, DT_RATE_LIMIT: "off" });
  if (bin !== undefined) env.PATH = [bin, env.PATH].join(delimiter);
  const program = await stackIn(folder, env);
  const before = membersOf(emulator);

  const { text } = await must(program.up());
  expect(text).not.toMatch(/warning/i);
  const [account] = emulator.cloud.accounts.list().filter((each) => each.displayName === "Data warehouse");
  expect(
    membersOf(emulator)
      .filter((each) => !before.includes(each))
      .sort(),
  ).toEqual(
    [`${account?.email ?? "no account"} roles/project.user`, "jane@example.com roles/project.admin"].sort(),
  );

  const shown = (await must(program.run("stack", "output", "--json"))).json();
  expect(shown).toEqual({ deployedBy: emulator.admin.email, credentials: "[secret]" });
  expect(await logsIn(emulator, (await outputsOf(program)).credentials)).toBe(true);
  await must(program.preview("--refresh", "--expect-no-changes"));

  await must(program.destroy());
  expect(membersOf(emulator)).toEqual(before);
}

/** The members of the project that the program uses. */
function membersOf(emulator: Emulator): string[] {
  const production = projectId(emulator, "Production");
  return emulator.cloud.members
    .list()
    .filter(({ name }) => name.startsWith(`projects/${production}/`))
    .map(({ email, roles }) => `${email} ${roles.join()}`);
}
