import { Bench } from "../bench";
import { judge } from "../judge";
import { doors } from "../../engine/harness/doors";
import type { Program } from "../stack";
import { subjects, types } from "../subjects";
import { EngineStack } from "./engineStack";

jest.setTimeout(600_000);

/**
 * The process to kill after the cloud has created everything and before anybody has the answer. Each returns
 * when that has happened.
 */
const crashes = {
  "the provider is killed": (stack: EngineStack) => stack.killProvider(),
  "the CLI is killed": (stack: EngineStack) => stack.killCli(),
  "somebody presses Ctrl-C": (stack: EngineStack) => stack.interrupt(),
  "somebody presses Ctrl-C twice": (stack: EngineStack) => stack.interruptTwice(),
} as const;

describe.each(doors)("%s", (_name, door) => {
  let bench: Bench;
  let stack: EngineStack;
  beforeAll(async () => {
    bench = await Bench.start((world) => (stack = new EngineStack(world, door)));
  });

  test.each(Object.entries(crashes))(
    "on the real engine, when %s while one resource of each type is created, two later runs record each in the state or name it",
    async (event, act) => {
      const scene = bench.scene();
      const all = types.map((type) => subjects[type](scene));
      const program: Program = Object.fromEntries(
        all.map(({ name, type, inputs }) => [name, [type, inputs]]),
      );
      const names = Object.keys(program).sort();
      await judge(scene, "real engine: crash and cancel", async () => {
        let committed = 0;
        let crash: () => void = () => undefined;
        const crashed = new Promise<void>((done) => (crash = done));
        for (const { creation } of all) {
          scene.onRequest({ ...creation, when: "afterCommit" }, async () => {
            if (++committed === all.length) await act(stack).finally(crash);
            await crashed;
          });
        }
        const first = await scene.up(program);
        await scene.calm();
        expect(committed).toBe(all.length);
        expect(first.failure).not.toBe("");
        // After one Ctrl-C the engine waits for running calls and records them.
        expect(Object.keys(stack.state).sort()).toEqual(event === "somebody presses Ctrl-C" ? names : []);
        await scene.up(program);
        const { failure } = await scene.up(program);
        expect(failure).toBe("");
        expect(Object.keys(stack.state).sort()).toEqual(names);
        const { orphans } = await scene.audit();
        // Only a key's secret is lost with its answer.
        for (const orphan of orphans) expect(orphan).toContain("/keys/");
      });
    },
  );
});
