// Checks that the pages and comments of this folder are in plain English: `npm run prose`, or `npm run prose
// -- FILE …`.
import markdown from "@eslint/markdown";
import { ESLint, type Linter } from "eslint";
import tseslint from "typescript-eslint";
import { say } from "../say";
import { plainEnglish } from "./plugin";

const rules: Linter.RulesRecord = { "prose/plain-english": "error" };
const plugins = { prose: { rules: { "plain-english": plainEnglish } }, markdown };
const config: Linter.Config[] = [
  { ignores: ["**/node_modules/", "dist/", "dist-*/", "docs/api/", ".demo/"] },
  { linterOptions: { reportUnusedDisableDirectives: "off" } },
  {
    files: ["*.md", "docs/*.md", ".github/**/*.md"],
    plugins,
    language: "markdown/gfm",
    rules,
  },
  {
    files: ["**/*.ts", "**/*.mjs"],
    plugins,
    languageOptions: { parser: tseslint.parser },
    rules,
  },
];

main(process.argv.slice(2)).then(
  (isGood) => (process.exitCode = isGood ? 0 : 1),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);

async function main(files: readonly string[]): Promise<boolean> {
  const eslint = new ESLint({
    cwd: process.cwd(),
    overrideConfigFile: true,
    overrideConfig: config,
    // A comment must not turn this check off. Comments about other rules do not apply here.
    allowInlineConfig: false,
    errorOnUnmatchedPattern: files.length > 0,
  });
  const patterns = files.length > 0 ? files : ["*.md", "docs/*.md", ".github/**/*.md", "**/*.ts", "**/*.mjs"];
  const results = await eslint.lintFiles([...patterns]);
  const formatter = await eslint.loadFormatter("stylish");
  process.stdout.write(await formatter.format(results, {}));
  return results.every(({ errorCount }) => errorCount === 0);
}
