// Prints the changelog's section for a tag such as v1.2.3. The tag must match the package's version.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { say } from "../say";
import { sectionOf } from "./changelog";

const repository = resolve(__dirname, "../..");
const [tag = ""] = process.argv.slice(2);

try {
  console.log(notesOf(tag));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function notesOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  if (name !== `v${version}`) throw new Error(`the tag is ${name}, and package.json says ${version}`);
  return sectionOf(readFileSync(join(repository, "CHANGELOG.md"), "utf8"), version);
}
