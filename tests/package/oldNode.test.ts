import { execa } from "execa";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone, cacheFolder, moveTo } from "../../tools/cache";
import { npm } from "../engine/harness/npm";
import { packedProject } from "../engine/harness/packed";

jest.setTimeout(180_000);

const version = "18.20.8";
const build = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Node.js 18 from npm; kept outside the checkout. */
async function oldNode(): Promise<string> {
  const cache = cacheFolder("node");
  const folder = join(cache, version);
  if (!existsSync(folder)) {
    await alone(cache, async () => {
      if (existsSync(folder)) return;
      const unfinished = mkdtempSync(join(cache, "unfinished-"));
      writeFileSync(join(unfinished, "package.json"), JSON.stringify({ private: true }));
      await npm(unfinished, "install", "--no-audit", "--prefer-offline", `${build}@${version}`).catch(
        (error: unknown) => {
          rmSync(unfinished, { recursive: true });
          throw error;
        },
      );
      moveTo(folder, unfinished);
    });
  }
  return join(folder, "node_modules", build, "bin/node");
}

test.each([
  ["the command", ["node_modules/pulumi-dt/dist/cli/index.js", "emulator"]],
  ["the package", ["--eval", 'require("pulumi-dt")']],
  ["the package as an ES module", ["--input-type=module", "--eval", 'import "pulumi-dt"']],
  ["the emulator", ["--eval", 'require("pulumi-dt/emulator")']],
])("on Node.js 18 %s says in one sentence which one it needs", async (_what, args) => {
  const options = { cwd: await packedProject(), reject: false, all: true } as const;
  const { exitCode, all } = await execa(await oldNode(), args, options);
  expect([exitCode, all]).toEqual([
    1,
    `pulumi-dt needs Node.js 20.19 or later; this is ${version}: install a newer one from https://nodejs.org`,
  ]);
});
