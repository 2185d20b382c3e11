// Prints the folder of a usable Pulumi CLI, and installs one if necessary: PATH="$(npm run --silent pulumi-cli):$PATH"
//
// This is TypeScript, run by tsx, because it needs npm packages anyway: the official download comes with @pulumi/pulumi.
import { say } from "../say";
import { ensurePulumiCli } from "./ensure";

ensurePulumiCli().then(
  (folder) => console.log(folder),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
