import { join } from "node:path";
import { execa } from "execa";

const garbage = join(__dirname, "../../../provider/lifecycle/memory.ts");

/**
 * A process that accumulates this number of MB of garbage that has become old, and then receives this number of
 * engine calls.
 *
 * @returns MB of old memory in use, before these calls and after them
 */
async function oldMemory(megabytes: number, calls: number): Promise<{ before: number; after: number }> {
  const text = `
    const { collectGarbage } = require(${JSON.stringify(garbage)});
    const { getHeapSpaceStatistics } = require("node:v8");
    const used = () =>
      getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space").space_used_size / 1e6;
    collectGarbage();
    const start = used();
    let kept = [];
    while (used() < start + ${megabytes}) kept.push(Array.from({ length: 100 }, (_, index) => ({ index })));
    kept = [];
    const before = used() - start;
    for (let call = 0; call < ${calls}; call++) collectGarbage();
    console.log(JSON.stringify({ before, after: used() - start }));`;
  const { stdout } = await execa(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", text]);
  return JSON.parse(stdout) as { before: number; after: number };
}

test("the garbage of thousands of calls does not accumulate", async () => {
  const { before, after } = await oldMemory(30, 100);
  expect(before).toBeGreaterThan(30);
  expect(after).toBeLessThan(10);
});

test("garbage is not collected for a small amount, nor at every call", async () => {
  const little = await oldMemory(5, 1000);
  expect(little.after).toBeGreaterThanOrEqual(little.before);
  const few = await oldMemory(30, 50);
  expect(few.after).toBeGreaterThanOrEqual(few.before);
});
