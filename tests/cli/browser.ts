import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** Where Debian and others put it. */
const names = ["chromium", "chromium-browser", "google-chrome"];

/** The browser of this machine. @throws Error naming the package to install where there is none */
export async function openBrowser(): Promise<Browser> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const executablePath =
    process.env.CHROMIUM ??
    names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error("there is no chromium on PATH: apt-get install chromium, or set CHROMIUM to a browser");
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
