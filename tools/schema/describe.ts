import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importSection } from "./imports";

/** The folder of the examples: a page for each resource or function, with a block for each language. */
const folder = join(__dirname, "examples");

/** The description of a resource: the comment of its class, examples in each language, and how to import it. */
export const describeResource = (kind: string, text: string): string =>
  [describe(kind, text), importSection(kind)].join("\n\n");

/** The description of a resource, a function or the provider: its comment, and examples in each language. */
export function describe(name: string, text: string): string {
  const page = join(folder, `${name}.md`);
  if (!existsSync(page)) return text;
  const examples = readFileSync(page, "utf8")
    .split(/^(?=### )/m)
    // An SDK shows only the blocks in its own language. If an example has none, the SDK leaves out the whole example,
    // so the heading must be inside.
    .map((example, index) => (index === 0 ? `## Example Usage\n\n${example.trim()}` : example.trim()))
    .map((example) => `{{% example %}}\n${example}\n{{% /example %}}`);
  return [text, "{{% examples %}}", ...examples, "{{% /examples %}}"].join("\n\n");
}
