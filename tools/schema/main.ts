// Prints the plugin's schema: `npm run schema`. Writes it to a file: `npm run schema -- --out FILE`.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { say } from "../say";
import { buildSchema } from "./schema";

try {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  write(`${JSON.stringify(buildSchema(), undefined, 2)}\n`, values.out);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function write(text: string, path: string | undefined): void {
  if (path === undefined) {
    process.stdout.write(text);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
