import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { complaintsOfGitHub } from "../cli/workflow";

const repository = resolve(__dirname, "../..");
const folder = join(repository, ".github/workflows");
const read = (file: string): string => readFileSync(join(folder, file), "utf8");
const files = readdirSync(folder);

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
}
const stepsOf = (file: string) =>
  Object.values((parse(read(file)) as Workflow).jobs).flatMap(({ steps }) => steps);

test.each(files)("%s is a valid workflow for GitHub's own parser", async (file) => {
  expect(await complaintsOfGitHub(read(file))).toEqual([]);
  expect(await complaintsOfGitHub(read(file).replaceAll("runs-on:", "run-on:"))).not.toEqual([]);
});

test.each(files)("%s pins each action to a commit, and names its version", (file) => {
  const pins = read(file).matchAll(/uses: (.*)$/gm);
  const loose = [...pins].filter(
    ([, pin = ""]) => !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(pin),
  );
  expect(loose.map(([line]) => line)).toEqual([]);
});

test.each(files)("%s only reads, unless a job asks for more", (file) => {
  expect((parse(read(file)) as Workflow).permissions).toEqual({ contents: "read" });
});

test.each(files)("%s runs existing scripts and targets", (file) => {
  const commands = stepsOf(file).flatMap(({ run }) => (run === undefined ? [] : [run]));
  const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    scripts: object;
  };
  const makefile = readFileSync(join(repository, "Makefile"), "utf8");
  for (const command of commands) {
    const [, target] = /^make (\S+)/.exec(command) ?? [];
    if (target !== undefined) expect(makefile).toMatch(new RegExp(`^${target}:`, "m"));
    for (const [, script = ""] of command.matchAll(/\bnpm run (?:--silent )?(\S+)/g))
      expect(scripts).toHaveProperty([script]);
  }
  expect(commands).not.toEqual([]);
});

test("the version in .nvmrc is one that the package runs on", () => {
  expect(Number(readFileSync(join(repository, ".nvmrc"), "utf8"))).toBeGreaterThanOrEqual(20);
});
