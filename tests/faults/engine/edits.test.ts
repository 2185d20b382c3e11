import * as fc from "fast-check";
import { editsOf } from "../edits/commands";
import { Scene } from "../edits/scene";
import { tally } from "../tally";

const { FAULTS_EDITS = "8", FAULTS_SEED, FAULTS_PATH, FAULTS_SHRINK } = process.env;

jest.setTimeout(24 * 3_600_000);

test("renaming, moving, splitting, replacing and running in part never removes access that the program declares", async () => {
  const seed = Number(FAULTS_SEED ?? Date.now() % 2 ** 31);
  process.stderr.write(`edits: ${FAULTS_EDITS}, seed ${seed}; again with FAULTS_SEED=${seed}\n`);
  await fc.assert(
    fc.asyncProperty(editsOf(16), async (schedule) => {
      const scene = await Scene.start();
      let passed = false;
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: scene }), schedule);
        await scene.up({ refresh: false, parallel: 8, part: undefined, replace: undefined });
        await scene.end();
        passed = true;
      } finally {
        tally({ group: "real engine: edits", passed });
        await scene.close();
      }
    }),
    {
      seed,
      numRuns: Number(FAULTS_EDITS),
      ...(FAULTS_PATH === undefined ? {} : { path: FAULTS_PATH }),
      endOnFailure: FAULTS_SHRINK === undefined,
    },
  );
});
