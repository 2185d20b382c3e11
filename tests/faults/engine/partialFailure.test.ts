import { Bench } from "../bench";
import { judge } from "../judge";
import { doors } from "../../engine/harness/doors";
import { programOf, subjects } from "../subjects";
import { EngineStack } from "./engineStack";

jest.setTimeout(300_000);

test.each(doors)(
  "on the real engine, an unfinished resource stays marked after a refresh; up finishes it, and destroy removes it: %s",
  async (_name, door) => {
    const bench = await Bench.start((world) => new EngineStack(world, door));
    const scene = bench.scene();
    const { stack, world } = scene;
    const subject = subjects.serviceAccountKey(scene);
    const program = programOf(subject, { retirement: "afterDelivery" });
    const { email: caller } = world.cloud.accounts.get(scene.account)!;
    const effect = { kind: "respond", status: 400, body: {} } as const;

    await judge(scene, "real engine: partial failure", async () => {
      for (const ending of ["destroy", "up"] as const) {
        const before = scene.existing().length;
        world.faults.add({ path: "/oauth2/token", caller, effect, times: "untilCleared" });
        expect((await scene.up(program)).failure).toMatch(/does not log in yet; the next update tries again/);
        expect((await scene.refresh()).failure).toBe("");
        expect(stack.state[subject.name]).toMatchObject({
          outs: { incomplete: expect.any(String) as string },
        });
        world.faults.clear();
        if (ending === "destroy") {
          expect((await scene.destroy()).failure).toBe("");
          expect(scene.existing()).toHaveLength(before);
        } else {
          expect(await scene.up(program)).toMatchObject({ failure: "", done: { update: "update" } });
          expect(stack.state[subject.name]?.outs.incomplete).toBeUndefined();
          expect(scene.existing()).toHaveLength(before + 1);
        }
      }
    });
  },
);
