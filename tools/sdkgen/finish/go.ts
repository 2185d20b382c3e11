import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PackageSchema } from "../packageSchema";
import { replaceIn } from "./edit";

const template = resolve(__dirname, "../go-module");

/** Makes a Go module of the generated code, with committed versions and checksums of what it imports. */
export function goModule(folder: string, { language: { go } }: PackageSchema): void {
  for (const file of ["go.mod", "go.sum"]) cpSync(join(template, file), join(folder, file));
  replaceIn(join(folder, "go.mod"), ["module pulumi-dt.invalid/sdk", `module ${go.importBasePath}`]);
}
