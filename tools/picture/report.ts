import { execa } from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { startEmulator } from "../../emulator";
import { DATA_FILE, pulumi } from "../demo/surroundings";
import { ensurePulumiCli } from "../pulumi-cli/ensure";
import { findBrowser } from "../setup/browser";

const repository = resolve(__dirname, "../..");

/** A PNG of the demo's access report. The demo must be up. */
export async function reportPicture(): Promise<Buffer> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error("There is no browser. Run `npm run setup` first.");
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-picture-"));
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1120, height: 1150 }, deviceScaleFactor: 1.5 });
    await page.goto(pathToFileURL(await writeReport(folder)).href);
    return await page.screenshot();
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/** @returns the path of the report */
async function writeReport(folder: string): Promise<string> {
  const [state, report] = [join(folder, "state.json"), join(folder, "access.html")];
  const cli = await ensurePulumiCli();
  const emulator = await startEmulator({ dataFile: DATA_FILE });
  try {
    const exitCode = await pulumi(cli, emulator).quietly(
      "stack",
      "export",
      "--stack",
      "demo",
      "--file",
      state,
    );
    if (exitCode !== 0) throw new Error("`pulumi stack export` failed.");
    const options = ["--state", state, "--domain", "example.com", "--html", report];
    await execa(process.execPath, ["--import", "tsx", "cli/index.ts", "report", ...options], {
      cwd: repository,
      env: { ...emulator.settings, DT_RATE_LIMIT: "off" },
      stdin: "ignore",
    });
    return report;
  } finally {
    await emulator.close();
  }
}
