// Tries the quick start on a local cloud: `main.ts up` creates it, `main.ts down` removes it.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import pc from "picocolors";
import { startEmulator, type Emulator } from "../../emulator";
import { ensurePulumiCli } from "../pulumi-cli/ensure";
import { duration, say } from "../say";
import { accessTable } from "./accessTable";
import { DATA, DATA_FILE, STACK_FILE, pulumi, writes } from "./surroundings";
import { nextSteps } from "./nextSteps";

main(process.argv[2]).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    say(`${pc.red("error:")} ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);

async function main(verb: string | undefined): Promise<number> {
  if (verb === "down" && !existsSync(DATA_FILE)) {
    say("There is no demo to take away.");
    return 0;
  }
  const cli = await ensurePulumiCli();
  mkdirSync(DATA, { recursive: true });
  // Runs in this process, so that it always ends with it.
  const emulator = await startEmulator({ dataFile: DATA_FILE });
  try {
    return verb === "down" ? await down(cli, emulator) : await up(cli, emulator);
  } finally {
    await emulator.close();
  }
}

async function up(cli: string, emulator: Emulator): Promise<number> {
  heading(`An emulator of Disruptive's cloud runs at ${emulator.url}`);
  const run = pulumi(cli, emulator);
  let exitCode = await run.quietly("stack", "select", "demo", "--create");
  exitCode ||= await run.quietly("config", "set-all", ...configOf(emulator));

  heading("pulumi preview");
  const start = performance.now();
  exitCode ||= await run("preview");
  const previewed = performance.now();
  if (exitCode !== 0) return exitCode;

  heading("pulumi up");
  emulator.requests.clear();
  exitCode = await run("up", "--yes", "--skip-preview");
  if (exitCode !== 0) return exitCode;

  const written = writes(emulator);
  const times = `Preview took ${duration(previewed - start)}, up ${duration(performance.now() - previewed)}.`;
  const outcome =
    written === 0
      ? "No changes: nothing was written."
      : `${written} ${written === 1 ? "write" : "writes"} to the cloud.`;
  say(`\n${times} ${pc.green(outcome)}`);
  heading("Who has access to what in the emulator now");
  console.log(accessTable(emulator.cloud));
  console.log(nextSteps(emulator, cli));
  return 0;
}

async function down(cli: string, emulator: Emulator): Promise<number> {
  const run = pulumi(cli, emulator);
  heading("pulumi destroy");
  const exitCode = await run("destroy", "--yes", "--skip-preview");
  if (exitCode !== 0) return exitCode;
  await emulator.close();
  rmSync(DATA, { recursive: true, force: true });
  rmSync(STACK_FILE, { force: true });
  say("\nThe demo is gone: its accounts, its cloud and its stack.");
  return 0;
}

/** The values that a person would look up in DT Studio and set. */
function configOf({ cloud }: Emulator): string[] {
  const project = (displayName: string) =>
    cloud.projects.list().find((candidate) => candidate.displayName === displayName)?.name ?? "";
  const values = {
    organization: cloud.organizations.list()[0]?.name ?? "",
    serviceAccounts: project("System Service Accounts"),
    development: project("Development"),
    staging: project("Staging"),
    production: project("Production"),
    administrator: "grace@example.com",
  };
  return Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
}

function heading(text: string): void {
  say(`\n${pc.bold(`── ${text}`)}`);
}
