// Writes the SDKs of the provider plugin: npm run sdks -- [--out FOLDER] [--language nodejs,python,go,dotnet]
//
// They are not committed. They follow from the plugin's schema, which `npm run build` writes.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { say } from "../say";
import { sdkLanguages, type SdkLanguage } from "./languages";
import { generateSdks } from "./sdks";

const repository = resolve(__dirname, "../..");
const usual = join(repository, "dist-sdks");

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: usual },
      language: { type: "string", default: sdkLanguages.join() },
      schema: { type: "string", default: join(repository, "dist/plugin/schema.json") },
    },
  });
  const out = resolve(values.out);
  const wanted = values.language.split(",").filter(Boolean).map(known);
  if (!existsSync(values.schema))
    throw new Error(`${values.schema} does not exist. Run npm run build first.`);
  // The usual folder is ours. In any other, an existing file may be a person's own.
  const occupied = wanted.map((language) => join(out, language)).filter((folder) => existsSync(folder));
  if (out !== usual && occupied.length > 0)
    throw new Error(`${occupied.join(", ")} exists. Remove it, or choose another folder with --out.`);
  await generateSdks({ schema: values.schema, out, languages: wanted });
  for (const language of wanted) console.log(join(out, language));
}

function known(name: string): SdkLanguage {
  const language = sdkLanguages.find((each) => each === name);
  if (language === undefined)
    throw new Error(
      `"${name}" is not one of these languages: ${sdkLanguages.join(", ")}. ` +
        "For Java, use the official Pulumi CLI: pulumi package gen-sdk dist/plugin/pulumi-resource-disruptive --language java",
    );
  return language;
}
