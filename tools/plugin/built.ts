import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "../..");

/** The bundled plugin of this checkout and its version. @throws Error that says how to build it */
export function builtPlugin(): { plugin: string; version: string } {
  const plugin = join(repository, "dist/plugin/pulumi-resource-disruptive");
  if (!existsSync(plugin)) throw new Error(`${plugin} does not exist. Run npm run build first.`);
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  return { plugin, version };
}
