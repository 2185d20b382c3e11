import type { Scene } from "./scene";
import { tally } from "./tally";

/**
 * Tries a case, and judges what it has come to: nobody's secret was shown, what the state holds is so, and what it does not hold was
 * reported; strangers find what is theirs; a `destroy` leaves nothing more behind.
 *
 * @param group what it is counted with in the table
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
