import { execa } from "execa";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { succeeds } from "./succeeds";

/** Commands on PATH, as Linux distributions and vendors name them. */
const commands = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];
const macApplications = ["Chromium", "Google Chrome", "Microsoft Edge"];

/** The browser that tests use: `CHROMIUM`, or one on this machine, or the one that {@link downloadBrowser} has brought. */
export async function findBrowser(): Promise<string | undefined> {
  const chosen = process.env.CHROMIUM ?? "";
  const candidates =
    chosen === ""
      ? [
          ...commands,
          ...macApplications
            .map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
            .filter(existsSync),
          ...[chromium.executablePath()].filter(existsSync),
        ]
      : [chosen];
  // A file that is there may be a stub that asks for another package, or lack libraries.
  for (const candidate of candidates) if (await succeeds(candidate, "--version")) return candidate;
  return undefined;
}

/** Puts Chromium into playwright's cache. @throws where it can't be downloaded */
export async function downloadBrowser(): Promise<void> {
  const cli = join(dirname(require.resolve("playwright-core/package.json")), "cli.js");
  await execa(process.execPath, [cli, "install", "--no-shell", "chromium"], { stdin: "ignore", all: true });
}
