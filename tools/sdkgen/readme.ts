import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SdkLanguage } from "./languages";
import type { PackageSchema } from "./packageSchema";

/** The first program in each language. The tests run exactly these files. */
const programs: Readonly<Record<SdkLanguage, string>> = {
  nodejs: "typescript/index.ts",
  python: "python/__main__.py",
  go: "go/main.go",
  dotnet: "dotnet/Program.cs",
};

/** Writes README.md for an SDK, from the template in `readme/`. */
export function writeReadme(language: SdkLanguage, folder: string, schema: PackageSchema): void {
  const { version, description, repository } = schema;
  const program = textOf("../../examples/any-language", programs[language]).trimEnd();
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
