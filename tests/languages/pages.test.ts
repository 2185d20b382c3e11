import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { complaintsAbout } from "../docs/program";
import { blocks, usesPlugin } from "../docs/pages";
import { packedProject } from "../engine/harness/packed";
import { ifPossible, lackOfGenerator, sdk } from "./sdk";

jest.setTimeout(300_000);

test("every TypeScript block for the plugin compiles with the generated SDK", async () => {
  await ifPossible(
    "the compiler of TypeScript blocks for the plugin",
    [await lackOfGenerator()],
    async () => {
      const source = await sdk("nodejs");
      symlinkSync(join(await packedProject(), "node_modules"), join(source, "node_modules"));
      const found = blocks.filter((block) => block.language === "ts" && usesPlugin(block));
      expect(found.length).toBeGreaterThan(1);
      expect(complaintsAbout(found, { "pulumi-disruptive": [join(source, "index.ts")] })).toEqual([]);
      const wrong = found.map((block) => ({ ...block, code: block.code.replaceAll("member:", "members:") }));
      expect(complaintsAbout(wrong, { "pulumi-disruptive": [join(source, "index.ts")] })).not.toEqual([]);
    },
  );
});
