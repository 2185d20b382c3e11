import { lifeCycle } from "./lifeCycle";
import { startWorld } from "./world";

test("the four resources live their whole lives", async () => {
  const world = await startWorld();
  await lifeCycle(world);
});
