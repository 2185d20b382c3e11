import * as fc from "fast-check";
import { dynamic, plugin } from "../../engine/harness/doors";
import { rounds } from "../reviews/edits";
import { ReviewScene } from "../reviews/scene";
import { tally } from "../tally";

/** Each case has ten rounds of edits. */
const { FAULTS_REVIEWS = "5", FAULTS_SEED, FAULTS_SHRINK } = process.env;

jest.setTimeout(24 * 3_600_000);

test("what a review says of each person and system is what the update then changes", async () => {
  const seed = Number(FAULTS_SEED ?? Date.now() % 2 ** 31);
  process.stderr.write(`reviews: ${FAULTS_REVIEWS}, seed ${seed}; again with FAULTS_SEED=${seed}\n`);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(dynamic, plugin), rounds, async (door, schedule) => {
      const scene = await ReviewScene.start(door);
      let passed = false;
      try {
        for (const { edits, refresh } of schedule) {
          edits.forEach(({ run }) => run(scene));
          await scene.check(refresh);
        }
        passed = true;
      } finally {
        tally({ group: "real engine: reviews", passed });
        await scene.close();
      }
    }),
    { seed, numRuns: Number(FAULTS_REVIEWS), endOnFailure: FAULTS_SHRINK === undefined },
  );
});
