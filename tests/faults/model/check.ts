import * as fc from "fast-check";
import type { Bench } from "../bench";
import { tally } from "../tally";
import { schedulesOf } from "./commands";
import { nothing } from "./declared";

const { FAULTS_SEED, FAULTS_PATH, FAULTS_SHRINK } = process.env;

interface Schedules {
  /** The row of the table that counts them. */
  group: string;
  count: number;
  /** The greatest number of commands. */
  length: number;
  /** How close to that number they come. */
  size: fc.SizeForArbitrary;
}

/**
 * Runs random schedules, and checks each against the model. Prints the seed. `FAULTS_SEED` and `FAULTS_PATH`
 * repeat a failure, and `FAULTS_SHRINK` looks for a smaller one.
 */
export async function checkSchedules(bench: Bench, { group, count, length, size }: Schedules): Promise<void> {
  const seed = Number(FAULTS_SEED ?? Date.now() % 2 ** 31);
  process.stderr.write(`${group}: ${count}, seed ${seed}; again with FAULTS_SEED=${seed}\n`);
  await fc.assert(
    fc.asyncProperty(schedulesOf(length, size), async (schedule) => {
      const scene = bench.scene();
      let passed = false;
      try {
        await fc.asyncModelRun(
          () => ({ model: { declared: nothing(), adopted: new Map() }, real: scene }),
          schedule,
        );
        passed = true;
      } finally {
        tally({ group, passed });
        await scene.end();
      }
    }),
    {
      seed,
      numRuns: count,
      ...(FAULTS_PATH === undefined ? {} : { path: FAULTS_PATH }),
      endOnFailure: FAULTS_SHRINK === undefined,
    },
  );
}
