import { createRequire } from "node:module";
import { join } from "node:path";
import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/**
 * The package is the program's, and only who delivers keys needs it.
 * @internal
 */
export function commandPackage(): typeof command {
  const name = "@pulumi/command";
  try {
    return createRequire(join(process.cwd(), "index.js"))(name) as typeof command;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new pulumi.RunError(
      `delivering a key needs ${name}, which is not installed: npm install ${name}@1.2.1`,
    );
  }
}
