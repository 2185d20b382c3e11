import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../engine/harness/scratch";
import { Bench } from "./bench";
import { faults } from "./faults";
import { judge } from "./judge";
import type { Type } from "./stack";
import { programOf, subjects, types } from "./subjects";

let bench: Bench;
beforeAll(async () => void (bench = await Bench.start()));

const killed = faults.find(({ name }) => name === "the provider is killed after the commit")!;

/** A case on its own machine, and the folder of its journal. */
function sceneOf(type: Type) {
  const scene = bench.scene();
  const subject = subjects[type](scene);
  const folder = join(scratchFolder(), "journal");
  scene.stack.moveAway({ DT_JOURNAL: folder });
  return { scene, ...subject, program: programOf(subject), folder };
}

const diaries = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => join(folder, name));

/** The events that can happen to the journal between a crash and the next run. */
const events: Record<string, (folder: string) => void> = {
  "a folder and other people's files lie in the journal": (folder) => {
    mkdirSync(join(folder, "a.jsonl"));
    writeFileSync(join(folder, "b.jsonl"), "\0\0\0", { mode: 0o600 });
    writeFileSync(join(folder, "notes.txt"), "notes");
  },
  "another process has the id of the one that was killed": (folder) => {
    // The kernel's first process lives as long as the machine.
    for (const path of diaries(folder))
      writeFileSync(path, readFileSync(path, "utf8").replace(/"pid":\d+/g, '"pid":1'));
  },
  "nobody may write turns and claims": (folder) => {
    for (const name of ["turns", "claims"]) {
      mkdirSync(join(folder, name), { recursive: true });
      chmodSync(join(folder, name), 0o777);
    }
  },
};

describe.each(Object.entries(events))("after a crash, when %s,", (_what, happens) => {
  test.each(types)("a %s is found again or named", async (type) => {
    const { scene, creation, name, program, folder } = sceneOf(type);
    await judge(scene, "journal folder", async () => {
      killed.strike(scene, creation);
      expect((await scene.up(program)).failure).not.toBe("");
      await scene.calm();
      happens(folder);
      expect((await scene.up(program)).failure).toBe("");
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { [name]: "same" } });
      expect((await scene.audit()).orphans).toHaveLength(type === "serviceAccountKey" ? 1 : 0);
      expect(await scene.seen()).not.toMatch(/waiting|node:internal|at .*\.js:\d+/);
    });
  });
});

test.each(types)("a %s is created normally when the journal is cleared in the middle", async (type) => {
  const { scene, creation, name, program, folder } = sceneOf(type);
  await judge(scene, "journal folder", async () => {
    scene.onRequest(creation, () => rmSync(folder, { recursive: true }));
    expect((await scene.up(program)).failure).toBe("");
    expect(await scene.up(program)).toMatchObject({ failure: "", done: { [name]: "same" } });
    expect(await scene.seen()).not.toMatch(/can't be kept|at .*\.js:\d+/);
  });
});
