import { execa } from "execa";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { engineEnvironment } from "../engine/harness/environment";
import { packedProject } from "../engine/harness/packed";
import { afterwards, scratchFolder } from "../engine/harness/scratch";
import { repository } from "./pages";

jest.setTimeout(300_000);

const readme = readFileSync(join(repository, "README.md"), "utf8");
const section = (title: string, page = readme): string =>
  page.split(/^#{2,3} /m).find((each) => each.startsWith(`${title}\n`)) ?? "";
const codeIn = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, code = ""]) => code);

/** An npm that installs our package from this checkout, and everything else normally. */
async function npmWithOurs(): Promise<string> {
  const bin = scratchFolder("bin");
  const real = (await execa("which", ["npm"])).stdout;
  const tarball = join(await packedProject(), "pulumi-dt.tgz");
  writeFileSync(
    join(bin, "npm"),
    `#!/usr/bin/env bash
args=()
for arg; do [ "$arg" = pulumi-dt ] && arg=${tarball}; args+=("$arg"); done
exec ${real} "\${args[@]}" --prefer-offline --no-audit
`,
    { mode: 0o755 },
  );
  return bin;
}

test("copying only the blocks of the first program leads to a second up without changes", async () => {
  const folder = scratchFolder("first-program");
  const [program = ""] = codeIn(readme, "ts");
  writeFileSync(join(folder, "index.ts"), program);
  const blocks = ["Install", "Your first program"].flatMap((title) => codeIn(section(title), "sh"));
  expect(blocks.length).toBeGreaterThan(3);
  const home = scratchFolder("home");
  const { PATH = "", ...engine } = await engineEnvironment(home);
  // PULUMI_HOME stays, because a login must not change the home of the person who runs the tests. The page
  // sets the state's address and its passphrase. NODE_OPTIONS delays loading what npm itself needs.
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "NODE_OPTIONS"])
    Reflect.deleteProperty(engine, name);
  const [script, output] = [join(home, "blocks.sh"), join(home, "output")];
  // A file and not a pipe, because the emulator keeps running in the background and would hold the pipe open.
  writeFileSync(script, [`exec > ${output} 2>&1`, ...blocks].join("\necho '====='\n"));
  const shell = execa("bash", ["-e", script], {
    cwd: folder,
    env: { ...engine, HOME: home, PATH: [await npmWithOurs(), PATH].join(delimiter) },
    extendEnv: false,
    stdio: "ignore",
    reject: false,
    // In its own process group, with the emulator.
    detached: true,
  });
  afterwards(() => process.kill(-shell.pid!, "SIGTERM"));
  const { exitCode } = await shell;
  const all = readFileSync(output, "utf8");
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
  const [, , , first = "", second = ""] = all.split("=====");
  // The stack, an account, two roles and a key.
  expect(first).toMatch(/\+ 5 created/);
  expect(second).toMatch(/Resources:\n +5 unchanged/);
  expect(readFileSync(join(folder, "access.html"), "utf8")).toContain("Data warehouse");
});

test("every link and picture leads to a file of the repository, or to the web", () => {
  const base =
    /^https:\/\/(?:github\.com\/pulumi-dt\/pulumi-dt\/(?:blob|tree)|raw\.githubusercontent\.com\/pulumi-dt\/pulumi-dt)\/main\//;
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  expect(targets.filter((target) => !/^(https:|#)/.test(target))).toEqual([]);
  const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  expect(pictures.filter((target) => base.test(target))).toHaveLength(2);
  const ours = targets.filter((target) => base.test(target)).map((target) => target.replace(base, ""));
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter((target) => !existsSync(join(repository, target)))).toEqual([]);
});

test("the badge belongs to a workflow of the repository", () => {
  const workflows = [...readme.matchAll(/actions\/workflows\/([\w.]+)/g)].map(([, name = ""]) => name);
  expect(workflows.length).toBeGreaterThan(0);
  for (const name of workflows) expect(existsSync(join(repository, ".github/workflows", name))).toBe(true);
});

test("three settings come first, all others are on a page that the README links to, and working in a clone comes last", () => {
  const settings = readFileSync(join(repository, "docs/settings.md"), "utf8");
  const [first, inPage, advanced] = [section("Settings"), settings, section("Advanced", settings)];
  expect(first.match(/^\| [a-z]/gm)).toHaveLength(3);
  expect(first).toContain("docs/settings.md");
  expect(inPage.split("## Advanced")[0]!.match(/^\| [a-z]/gm)).toEqual(first.match(/^\| [a-z]/gm));
  expect(advanced.match(/^\| (?!Setting|-)/gm)).toHaveLength(11);
  expect(readme.indexOf("make demo")).toBeGreaterThan(readme.indexOf("## More"));
});
