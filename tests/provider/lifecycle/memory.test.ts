import { join } from "node:path";
import { execa } from "execa";

const garbage = join(__dirname, "../../../provider/garbage.ts");

/**
 * A process that gathers so many MB of garbage which has become old, and then gets as many calls of the engine's.
 *
 * @returns MB of old memory in use, before these calls and after them
 */
async function oldMemory(megabytes: number, calls: number): Promise<{ before: number; after: number }> {
  const text = `
    const { tidy } = require(${JSON.stringify(garbage)});
    const { getHeapSpaceStatistics } = require("node:v8");
    const used = () =>
      getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space").space_used_size / 1e6;
    tidy();
    const start = used();
    let kept = [];
    while (used() < start + ${megabytes}) kept.push(Array.from({ length: 100 }, (_, index) => ({ index })));
    kept = [];
    const before = used() - start;
    for (let call = 0; call < ${calls}; call++) tidy();
    console.log(JSON.stringify({ before, after: used() - start }));`;
  const { stdout } = await execa(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", text]);
  return JSON.parse(stdout) as { before: number; after: number };
}

test("what thousands of calls leave behind does not gather", async () => {
  const { before, after } = await oldMemory(30, 100);
  expect(before).toBeGreaterThan(30);
  expect(after).toBeLessThan(10);
});

test("nothing is collected for a little garbage, nor at every call", async () => {
  const little = await oldMemory(5, 1000);
  expect(little.after).toBeGreaterThanOrEqual(little.before);
  const few = await oldMemory(30, 50);
  expect(few.after).toBeGreaterThanOrEqual(few.before);
});
