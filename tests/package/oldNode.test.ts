import { execa } from "execa";
import { join } from "node:path";
import { packedProject } from "../engine/harness/packed";
import { installed } from "./installed";

jest.setTimeout(180_000);

const version = "18.20.8";
const build = `node-${process.platform}-${process.arch}`;

/** Node.js 18, from npm. */
const oldNode = async (): Promise<string> =>
  join(await installed(`node-${version}`, { [build]: version }), "node_modules", build, "bin/node");

test.each([
  ["the command", ["node_modules/pulumi-dt/dist/cli/index.js", "emulator"]],
  ["the package", ["--eval", 'require("pulumi-dt")']],
  ["the package as an ES module", ["--input-type=module", "--eval", 'import "pulumi-dt"']],
  ["the emulator", ["--eval", 'require("pulumi-dt/emulator")']],
])("on Node.js 18 %s says in one sentence which version it needs", async (_what, args) => {
  const options = { cwd: await packedProject(), reject: false, all: true } as const;
  const { exitCode, all } = await execa(await oldNode(), args, options);
  expect([exitCode, all]).toEqual([
    1,
    `pulumi-dt needs Node.js 20.19 or later; this is ${version}: install a newer one from https://nodejs.org`,
  ]);
});
