import type { Scene } from "./scene";
import { tally } from "./tally";

/**
 * Runs a case and checks the result. No secret was shown, the state is correct, everything else was reported,
 * strangers find their resources unchanged, and a `destroy` leaves nothing else behind.
 *
 * @param group the row of the table that counts it
 */
export async function judge(scene: Scene, group: string, work: () => Promise<void>): Promise<void> {
  let [orphansReported, orphansLeft, secretsLeaked] = [0, 0, 0];
  let passed = false;
  try {
    await work();
    await judgeNow();
    expect((await scene.destroy()).failure).toBe("");
    await judgeNow();
    passed = true;
  } finally {
    tally({ group, passed, orphansReported, orphansLeft, secretsLeaked });
    await scene.end();
  }

  async function judgeNow(): Promise<void> {
    const { orphans, unreported, wrong } = await scene.audit();
    orphansReported = orphans.length - unreported.length;
    orphansLeft = unreported.length;
    const leaks = scene.leaks(await scene.seen());
    secretsLeaked = leaks.length;
    expect({ unreported, wrong, leaks, lost: scene.lostByStrangers() }).toEqual({
      unreported: [],
      wrong: [],
      leaks: [],
      lost: [],
    });
  }
}
