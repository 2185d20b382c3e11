// Creates the pictures of the README from the real demo: `npm run picture`.
import { execa } from "execa";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DATA } from "../demo/surroundings";
import { say } from "../say";
import { excerpt } from "./excerpt";
import { reportPicture } from "./report";
import { terminalSvg } from "./terminal";

const repository = resolve(__dirname, "../..");
const images = join(repository, "docs/images");

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function main(): Promise<void> {
  if (existsSync(DATA)) throw new Error("The picture needs a new demo. Run `make demo-down` first.");
  mkdirSync(images, { recursive: true });
  try {
    say("Running the demo");
    const lines = excerpt(await demo("up"));
    writeFileSync(join(images, "demo.svg"), terminalSvg(lines, "A terminal that runs the demo"));
    say("Taking a picture of the access report");
    writeFileSync(join(images, "report.png"), await reportPicture());
  } finally {
    await demo("down");
  }
}

/** Runs a command of the demo. @returns its output, with colors */
async function demo(verb: "up" | "down"): Promise<string> {
  const { all } = await execa(process.execPath, ["--import", "tsx", "tools/demo/main.ts", verb], {
    cwd: repository,
    env: { FORCE_COLOR: "1" },
    stdin: "ignore",
    all: true,
  });
  return all ?? "";
}
