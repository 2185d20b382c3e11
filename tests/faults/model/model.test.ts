import * as fc from "fast-check";
import { Bench } from "../bench";
import { tally } from "../tally";
import { schedules } from "./commands";
import { nothing } from "./declared";

const { FAULTS_SEED, FAULTS_PATH, FAULTS_SCHEDULES = "300" } = process.env;

jest.setTimeout(24 * 3_600_000);

test("whatever is declared, done by hand and goes wrong, two runs later all is as declared or named", async () => {
  const bench = await Bench.start();
  const seed = Number(FAULTS_SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`schedules: ${FAULTS_SCHEDULES}, seed ${seed}; again with FAULTS_SEED=${seed}\n`);
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const scene = bench.scene();
      let passed = false;
      try {
        await fc.asyncModelRun(
          () => ({ model: { declared: nothing(), adopted: new Map() }, real: scene }),
          schedule,
        );
        passed = true;
      } finally {
        tally({ group: "schedules", passed });
        await scene.calm();
      }
    }),
    {
      seed,
      numRuns: Number(FAULTS_SCHEDULES),
      ...(FAULTS_PATH === undefined ? {} : { path: FAULTS_PATH }),
      endOnFailure: process.env.FAULTS_SHRINK === undefined,
    },
  );
});
