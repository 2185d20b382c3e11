import { Bench } from "../bench";
import { judge } from "../judge";
import type { Program } from "../stack";
import { subjects, types } from "../subjects";
import { EngineStack } from "./engineStack";

jest.setTimeout(600_000);

let bench: Bench;
let stack: EngineStack;
beforeAll(async () => {
  bench = await Bench.start((world) => (stack = new EngineStack(world)));
});

/** Who is ended while the cloud has made all and nobody has its answer; each returns when that has happened. */
const crashes = {
  "the provider is killed": (stack: EngineStack) => stack.killProvider(),
  "the CLI is killed": (stack: EngineStack) => stack.killCli(),
  "somebody presses Ctrl-C": (stack: EngineStack) => stack.interrupt(),
  "somebody presses Ctrl-C twice": (stack: EngineStack) => stack.interruptTwice(),
} as const;

test.each(Object.entries(crashes))(
  "on the real engine, when %s while one of each is made, two runs later all is in the state, and what is not is named",
  async (event, act) => {
    const scene = bench.scene();
    const all = types.map((type) => subjects[type](scene));
    const program: Program = Object.fromEntries(all.map(({ name, type, inputs }) => [name, [type, inputs]]));
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
      // One Ctrl-C waits for what is under way, and records it.
      expect(Object.keys(stack.state).sort()).toEqual(event === "somebody presses Ctrl-C" ? names : []);
      await scene.up(program);
      const { failure } = await scene.up(program);
      expect(failure).toBe("");
      expect(Object.keys(stack.state).sort()).toEqual(names);
      const { orphans } = await scene.audit();
      // Only the secret of a key is lost with its answer.
      for (const orphan of orphans) expect(orphan).toContain("/keys/");
    });
  },
);
