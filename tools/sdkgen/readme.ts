import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SdkLanguage } from "./languages";
import type { PackageSchema } from "./packageSchema";

/** The first program in each language, and the name of its language in Markdown. The tests run these files. */
const programs: Readonly<Record<SdkLanguage, readonly [file: string, fence: string]>> = {
  nodejs: ["typescript/index.ts", "ts"],
  python: ["python/__main__.py", "python"],
  go: ["go/main.go", "go"],
  dotnet: ["dotnet/Program.cs", "csharp"],
};

/** Writes README.md for an SDK, from the template in `readme/`. */
export function writeReadme(language: SdkLanguage, folder: string, schema: PackageSchema): void {
  const { version, description, repository } = schema;
  const [file, fence] = programs[language];
  const code = textOf("../../examples/any-language", file);
  // Not a block in the template, because prettier would format the placeholder as code.
  const program = ["```", fence, "\n", code, "```"].join("");
  const facts: Readonly<Record<string, string>> = { version, description, repository, program };
  const filled = textOf("readme", `${language}.md`)
    .replace("{{about}}", () => textOf("readme", "about.md").trimEnd())
    .replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
      const fact = facts[name];
      if (fact === undefined) throw new Error(`${language}.md has an unknown placeholder ${placeholder}`);
      return fact;
    });
  writeFileSync(join(folder, "README.md"), filled);
}

const textOf = (...path: string[]): string => readFileSync(resolve(__dirname, ...path), "utf8");
