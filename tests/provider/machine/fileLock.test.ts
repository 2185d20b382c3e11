import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { LockTimeout, withFileLock } from "../../../provider/machine/fileLock";
import { withLock } from "../../../provider/guards/lock";
import { thisProcess } from "../../../provider/machine/processIdentity";
import { scratchFolder } from "../../engine/harness/scratch";
import "../world";

const patience = 10_000;
const nameOf = (pid: number, mark = "") => `turn-${mark === "" ? "" : `p${mark}-`}${pid}-${randomUUID()}`;
const raise = (folder: string, name: string) => writeFileSync(join(folder, name), "");

/** Work that counts how many run at the same time. */
function judge() {
  let [inside, most, count] = [0, 0, 0];
  const work = async () => {
    most = Math.max(most, ++inside);
    await setTimeout(2);
    inside--;
    count++;
  };
  return { work, seen: () => ({ most, count }) };
}

let other: ChildProcess;
beforeAll(async () => {
  other = spawn("sleep", ["600"]);
  await once(other, "spawn");
});
afterAll(() => void other.kill("SIGKILL"));

test("each of many that come at the same time works alone, although killed processes have left their lock files", async () => {
  const folder = scratchFolder("turns");
  const { pid } = spawnSync("true");
  for (let left = 0; left < 5; left++) raise(folder, nameOf(pid));
  // A younger process has the id of a killed one.
  raise(folder, nameOf(other.pid!, thisProcess().mark));
  const { work, seen } = judge();
  await Promise.all(Array.from({ length: 12 }, () => withFileLock(folder, "turn", { patience }, work)));
  expect(seen()).toEqual({ most: 1, count: 12 });
  expect(readdirSync(folder)).toEqual([]);
});

test("a caller that waits in vain gets the process that holds the lock", async () => {
  const folder = scratchFolder("turns");
  raise(folder, nameOf(other.pid!));
  const waits = jest.fn();
  const outcome = withFileLock(folder, "turn", { patience: 300, onWait: waits }, () => Promise.resolve());
  await expect(outcome).rejects.toEqual(new LockTimeout({ pid: other.pid!, mark: "" }));
  expect(waits).toHaveBeenCalledTimes(1);
  expect(readdirSync(folder)).toHaveLength(1);
});

test("another name does not wait, and a failure releases the lock", async () => {
  const folder = scratchFolder("turns");
  raise(folder, nameOf(other.pid!));
  const failure = withFileLock(folder, "other", { patience: 0 }, () => Promise.reject(new Error("no")));
  await expect(failure).rejects.toThrow("no");
  expect(readdirSync(folder)).toHaveLength(1);
});

function makeWith(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}

describe("locks", () => {
  const before = process.env.DT_JOURNAL;
  let journal: string;
  beforeEach(() => (process.env.DT_JOURNAL = journal = scratchFolder("journal")));
  afterEach(() => void (process.env.DT_JOURNAL = before));

  test.each<[string, (turns: string) => void]>([
    ["a file in its place", (turns) => writeFileSync(turns, "")],
    ["others that can write to it", (turns) => makeWith(turns, 0o777)],
    ["no right to write", (turns) => makeWith(turns, 0o500)],
  ])("are acquired without delay in a folder with %s", async (_what, spoil) => {
    spoil(join(journal, "turns"));
    const { work, seen } = judge();
    await Promise.all([withLock("organizations/o", work), withLock("organizations/o", work)]);
    expect(seen()).toEqual({ most: 1, count: 2 });
  });

  test("still work after the folder is cleared in the middle", async () => {
    await withLock("organizations/o", () => {
      rmSync(journal, { recursive: true });
      return Promise.resolve();
    });
    await withLock("organizations/o", () => Promise.resolve());
    expect(readdirSync(join(journal, "turns"))).toEqual([]);
  });
});
