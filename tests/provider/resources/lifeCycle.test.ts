import { lifeCycle } from "../lifeCycle";
import { printed, startWorld } from "../world";

test("the four resources go through their whole lives, and no secret is printed", async () => {
  const world = await startWorld();
  const keySecrets: string[] = [];
  world.onRequest({ method: "POST", path: "/v2/**/keys", when: "afterCommit" }, () => {
    keySecrets.push(...world.cloud.keys.list().map(({ secret }) => secret));
  });
  const text = await printed(() => lifeCycle(world));
  expect(keySecrets.length).toBeGreaterThan(2);
  for (const secret of [...keySecrets, ...(await world.secrets())]) expect(text).not.toContain(secret);
});
