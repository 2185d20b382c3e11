import { execa } from "execa";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cli, containing, folder } from "./command";

const script = async (shell: string): Promise<string> => {
  const file = join(folder(), `completion.${shell}`);
  const { stdout, exitCode } = await cli(["completion", shell]);
  expect(exitCode).toBe(0);
  writeFileSync(file, stdout);
  return file;
};

/** What bash offers after these words, the last of which is being typed. */
async function offered(file: string, ...words: string[]): Promise<string[]> {
  const { stdout } = await execa("bash", [
    "--norc",
    "-c",
    `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pulumi_dt; printf '%s\\n' "\${COMPREPLY[@]}"`,
    file,
    "pulumi-dt",
    ...words,
  ]);
  return stdout.split("\n").filter(Boolean);
}

test("In bash, it completes commands, options and values, and leaves files to bash.", async () => {
  const file = await script("bash");
  expect(await offered(file, "dr")).toEqual(["drift"]);
  expect(await offered(file, "")).toEqual(expect.arrayContaining(["emulator", "record", "completion"]));
  expect(await offered(file, "drift", "--fo")).toEqual(["--format"]);
  expect(await offered(file, "drift", "--stack", "prod", "--format", "j")).toEqual(["json", "junit"]);
  expect(await offered(file, "drift", "--fail-on", "unm")).toEqual(["unmanaged"]);
  expect(await offered(file, "drift", "--state", "")).toEqual([]);
  expect(await offered(file, "verify", "")).toEqual([]);
  expect(await offered(file, "completion", "f")).toEqual(["fish"]);
});

test("The Tab key completes in an interactive bash.", async () => {
  const file = await script("bash");
  const { stdout } = await execa("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
    input: `source ${file}\npulumi-dt() { echo "ran: $*"; }\npulumi-dt who\t--verb\t\nexit\n`,
    env: { TERM: "dumb", INPUTRC: "/dev/null" },
    reject: false,
  });
  expect(stdout).toContain("ran: whoami --verbose");
});

test("Every shell's script names every option of every command.", async () => {
  const help = await cli(["--help"]);
  const commands = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = ""]) => name);
  expect(commands).toContain("completion");
  const scripts = await Promise.all(["bash", "zsh", "fish"].map((shell) => cli(["completion", shell])));
  const [bash, zsh, fish] = scripts.map(({ stdout }) => stdout) as [string, string, string];
  for (const command of commands.filter((name) => name !== "help")) {
    const { stdout } = await cli([command, "--help"]);
    for (const [, option = ""] of stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)) {
      expect(bash).toContain(`--${option}`);
      expect(zsh).toContain(`'--${option}:`);
      expect(fish).toContain(`__fish_seen_subcommand_from ${command}' -l ${option} `);
    }
  }
}, 60_000);

test.each([
  ["zsh", ["-n"]],
  ["fish", ["--no-execute"]],
])("%s accepts its script, where it is installed.", async (shell, args) => {
  const file = await script(shell);
  const check = `! command -v ${shell} >/dev/null || ${[shell, ...args, file].join(" ")}`;
  expect(await execa("bash", ["-c", check], { reject: false })).toMatchObject({ exitCode: 0 });
});

test("Another shell is an error that names the three.", async () => {
  expect(await cli(["completion", "csh"])).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: containing("bash, zsh, fish"),
  });
});
