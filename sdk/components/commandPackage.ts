import { createRequire } from "node:module";
import { join } from "node:path";
import type * as command from "@pulumi/command";
import { runError } from "../runError.js";

/**
 * Loads `@pulumi/command` from the program's folder. Only programs that deliver keys need it.
 * @internal
 */
export function commandPackage(): typeof command {
  const name = "@pulumi/command";
  try {
    return createRequire(join(process.cwd(), "index.js"))(name) as typeof command;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw runError(`delivering a key needs ${name}, which is not installed: npm install ${name}@1.2.1`);
  }
}
