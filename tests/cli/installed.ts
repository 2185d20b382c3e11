import { join } from "node:path";
import { packedProject } from "../engine/harness/packed";

let file: string;
/** Without `make test` the package may have to be packed first. */
beforeAll(async () => {
  file = join(await packedProject(), "node_modules/pulumi-dt/dist/cli/index.js");
}, 300_000);

/** The words that run `pulumi-dt ARGS…` as it is installed from its npm package. Use it in tests, not before. */
export const installed = (...args: readonly string[]): [command: string, ...args: string[]] => [
  process.execPath,
  file,
  ...args,
];
