import { chromium, type Browser } from "playwright-core";
import { findBrowser } from "../../tools/setup/browser";

/** The browser of this machine. @throws Error that says how to get one if there is none */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) {
    throw new Error("there is no browser: `npm run setup` brings one, or set CHROMIUM to one");
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
