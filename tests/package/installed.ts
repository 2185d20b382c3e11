import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone, cacheFolder, moveTo } from "../../tools/cache";
import { npm } from "../engine/harness/npm";

/**
 * A project outside the checkout with packages that tests need and that are not development dependencies.
 * They are installed once.
 *
 * @param name of the folder; use another one for other versions
 */
export async function installed(name: string, dependencies: Record<string, string>): Promise<string> {
  const cache = cacheFolder("installed");
  const folder = join(cache, name);
  if (!existsSync(folder)) {
    await alone(cache, async () => {
      if (!existsSync(folder)) await install(cache, folder, dependencies);
    });
  }
  return folder;
}

async function install(cache: string, folder: string, dependencies: Record<string, string>): Promise<void> {
  const unfinished = mkdtempSync(join(cache, "unfinished-"));
  const project = join(unfinished, "project");
  try {
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
    await npm(project, "install", "--no-audit", "--prefer-offline");
    moveTo(folder, project);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
