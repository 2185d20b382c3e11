import * as pulumi from "@pulumi/pulumi";

/**
 * An error in the user's program. Pulumi shows only its message and ends the program.
 *
 * Its stack has no lines of Pulumi's own. Pulumi formats the stack although it does not show it, and with a path such
 * as `node_modules/@pulumi/resource.ts`, which a TypeScript program gets from source maps, `util.inspect` of Node.js
 * 20.20 computes for 15 seconds.
 * @internal
 */
export function runError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  const lines = error.stack?.split("\n") ?? [];
  error.stack = lines.filter((line) => !isOfPulumi.test(line)).join("\n");
  return error;
}

const isOfPulumi = /^ +at .*[/\\]node_modules[/\\]@pulumi[/\\]/;
