import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { scratchFolder } from "../engine/harness/scratch";

let folder: string | undefined;

/**
 * A PATH for providers that no engine has started. The `pulumi` on it knows no stack. The real Pulumi gives the same
 * answer where nobody is logged in, but a provider starts it three times, and that takes as long as the provider's own
 * start.
 */
export function withoutStacks(path = process.env.PATH ?? ""): string {
  folder ??= make();
  return [folder, path].join(delimiter);
}

function make(): string {
  const made = scratchFolder("pulumi-without-stacks");
  writeFileSync(join(made, "pulumi"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  return made;
}
