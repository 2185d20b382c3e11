// Packs the package. Checks with publint and "are the types wrong" that the packed files work for users.
import { execa } from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { say } from "./say";

const repository = resolve(__dirname, "..");

check().then(
  (isGood) => (process.exitCode = isGood ? 0 : 1),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);

async function check(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-pack-"));
  try {
    const pack = ["pack", "--json", "--pack-destination", folder];
    const { stdout } = await execa("npm", pack, { cwd: repository, stdin: "ignore" });
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    const tarball = join(folder, packed?.filename ?? "");
    const options = { cwd: repository, preferLocal: true, all: true, reject: false } as const;
    const verdicts = [
      await execa("publint", ["run", tarball, "--strict"], options),
      await execa("attw", [tarball], options),
    ];
    const bad = verdicts.filter(({ failed }) => failed);
    for (const { command, all } of bad) say(`${command}:\n${all ?? ""}`);
    return bad.length === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
