import { execa } from "execa";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { succeeds } from "./succeeds";

/** Names of the command, as Linux distributions and vendors use them. */
const commands = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];
const macApplications = ["Chromium", "Google Chrome", "Microsoft Edge"];

/**
 * The browser that tests use: `CHROMIUM`, one on this machine, or the one that {@link downloadBrowser}
 * installed.
 *
 * @returns its full path, because playwright does not search PATH
 */
export async function findBrowser(): Promise<string | undefined> {
  const chosen = process.env.CHROMIUM ?? "";
  const candidates =
    chosen === ""
      ? [
          ...commands.flatMap(onPath),
          ...macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
          chromium.executablePath(),
        ]
      : [chosen, ...onPath(chosen)];
  // An existing file may be a stub that asks for another package, or lack libraries.
  for (const candidate of candidates)
    if (existsSync(candidate) && (await succeeds(candidate, "--version"))) return candidate;
  return undefined;
}

function onPath(command: string): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, command));
}

/** Downloads Chromium into playwright's cache. @throws if it can't be downloaded */
export async function downloadBrowser(): Promise<void> {
  const cli = join(dirname(require.resolve("playwright-core/package.json")), "cli.js");
  await execa(process.execPath, [cli, "install", "--no-shell", "chromium"], { stdin: "ignore", all: true });
}
