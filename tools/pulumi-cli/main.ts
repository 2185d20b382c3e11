// Prints the folder of a usable Pulumi CLI, and installs one if necessary: PATH="$(npm run --silent pulumi-cli):$PATH"
// With `--languages yaml,python,go`, the CLI also runs programs in these languages.
//
// This is TypeScript, run by tsx, because it needs npm packages anyway: the official download comes with @pulumi/pulumi.
import { parseArgs } from "node:util";
import { say } from "../say";
import { ensureLanguages, languages, type Language } from "./languages";

main().then(
  (folder) => console.log(folder),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);

async function main(): Promise<string> {
  const { values } = parseArgs({ options: { languages: { type: "string", default: "" } } });
  return ensureLanguages(values.languages.split(",").filter(Boolean).map(known));
}

function known(name: string): Language {
  const language = languages.find((each) => each === name);
  if (language === undefined)
    throw new Error(`"${name}" is not one of these languages: ${languages.join(", ")}`);
  return language;
}
