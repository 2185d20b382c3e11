import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killStrays } from "./strays";

// Everything of one test file is in one folder with its process id in the name, so that files of a killed run
// can be found.
const PREFIX = "pulumi-dt-test-";
removeLeftovers();

/** Marks every process that this test file starts, either itself or through the engine. */
export const RUN_MARK = `PULUMI_DT_TEST_RUN=${process.pid}-${Date.now()}`;

const root = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
const closers: (() => unknown)[] = [];
let count = 0;

/** A new empty folder. It is removed after the tests of the file, also when they fail. */
export function scratchFolder(name = "scratch"): string {
  const folder = join(root, `${++count}-${name}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs `close` after the tests of the file, also when they fail. The last one registered runs first. */
export function afterwards(close: () => unknown): void {
  closers.push(close);
}

afterAll(async () => {
  const failures: unknown[] = [];
  for (const close of closers.reverse()) {
    await Promise.resolve()
      .then(close)
      .catch((error: unknown) => failures.push(error));
  }
  await killStrays(RUN_MARK);
  // A process that has just ended may still have been writing.
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  if (failures.length > 0) throw new AggregateError(failures, "cleaning up failed");
});

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length)) : NaN;
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Whether a process with this id runs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
