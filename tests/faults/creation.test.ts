import { faults, wrongAnswers } from "./faults";
import { Bench } from "./bench";
import { judge } from "./judge";
import { programOf, subjects, types } from "./subjects";

let bench: Bench;
beforeAll(async () => void (bench = await Bench.start()));

describe.each(types)("the creation of a %s", (type) => {
  test.each([...faults, ...wrongAnswers])("survives: $name", async (fault) => {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const { creation, name } = subject;
    const program = programOf(subject);
    await judge(scene, `create ${type}`, async () => {
      fault.strike(scene, creation);
      const first = await scene.up(program);
      if (fault.kills === true) expect(first.failure).not.toBe("");
      await scene.calm();
      await scene.up(program);
      const last = await scene.up(program);
      expect(last).toEqual({ failure: "", done: { [name]: "same" } });
      const { orphans } = await scene.audit();
      // Only a key's answer can't be requested again. If the answer reaches the provider, the key is known to be ours.
      if (type !== "serviceAccountKey" || !fault.commits || fault.isKnown === true)
        expect(orphans).toEqual([]);
    });
  });
});
