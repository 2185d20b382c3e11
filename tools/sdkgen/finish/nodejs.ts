import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PackageSchema } from "../packageSchema";
import { replaceIn } from "./edit";

/** Makes an npm package of the generated code: `npm install`, then `npm pack`. */
export function nodejsPackage(folder: string, schema: PackageSchema): void {
  const file = join(folder, "package.json");
  const generated = JSON.parse(readFileSync(file, "utf8")) as { devDependencies: Record<string, string> };
  const { devDependencies, engines } = ownPackage();
  const complete = {
    ...generated,
    description: schema.description,
    repository: { type: "git", url: `git+${schema.repository}.git` },
    engines,
    main: "bin/index.js",
    types: "bin/index.d.ts",
    files: ["bin"],
    scripts: { build: "tsc", prepack: "tsc" },
    // The generator asks for TypeScript 4.7, which can't compile the present @pulumi/pulumi.
    devDependencies: { ...generated.devDependencies, typescript: devDependencies.typescript },
  };
  writeFileSync(file, `${JSON.stringify(complete, null, 2)}\n`);
  // The compiled file is one folder deeper.
  replaceIn(join(folder, "utilities.ts"), ["require('./package.json')", "require('../package.json')"]);
}

function ownPackage() {
  return JSON.parse(readFileSync(resolve(__dirname, "../../../package.json"), "utf8")) as {
    devDependencies: { typescript: string };
    engines: object;
  };
}
