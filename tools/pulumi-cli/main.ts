// Prints the folder of a usable Pulumi CLI, making one if need be: PATH="$(npm run --silent pulumi-cli):$PATH"
// In TypeScript, run by tsx, since the official download comes with @pulumi/pulumi: npm packages are there by now.
import { say } from "../say";
import { ensurePulumiCli } from "./ensure";

ensurePulumiCli().then(
  (folder) => console.log(folder),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
