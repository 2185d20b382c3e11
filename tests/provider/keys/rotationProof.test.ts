import type { Fault } from "../../../emulator";
import type { Properties } from "../stack";
import { startRotation, type RotationScene } from "./rotationScene";
import { failureOf } from "../world";

let scene: RotationScene;
beforeEach(async () => {
  scene = await startRotation();
});

/** The keys of the state that log in: the current one, and the previous one if there is one. */
async function working(): Promise<unknown[]> {
  const { keyId, secret, previousKeyId, previousSecret } = scene.key();
  const logins = [
    [keyId, secret],
    [previousKeyId, previousSecret],
  ].filter(([id]) => id !== "");
  const works = await Promise.all(logins.map(([id, known]) => scene.logsIn(id, known)));
  return logins.filter((_, index) => works[index]).map(([id]) => id);
}

const trigger = (value: string, more: Properties = {}): Properties => ({
  rotationTriggers: { incident: value },
  ...more,
});

describe("the old key stays as long as the new one has not logged in", () => {
  const refused: Fault = {
    path: "/oauth2/token",
    effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
    times: "untilCleared",
  };
  /** Makes the logins of all later keys fail. */
  function breakNewKeys(): () => void {
    return scene.onRequest({ method: "POST", path: "/v2/**/keys", when: "afterCommit", times: 1 }, () => {
      const account = scene.cloud.accounts.get(scene.account)!;
      scene.faults.add({ ...refused, caller: account.email });
    });
  }

  test("and the next update resumes there", async () => {
    await scene.up(trigger("1"));
    const first = scene.key().keyId;
    breakNewKeys();
    const { message } = await failureOf(scene.up(trigger("2")));
    const [, second] = scene.keys();
    expect(message).toBe(
      `key ${second} does not log in, so ${String(first)} keeps working; the next update tries again; change a rotation trigger to create another key`,
    );
    expect(scene.key()).toMatchObject({ keyId: second, previousKeyId: first, generation: 2 });
    scene.travel("3d");
    await failureOf(scene.up(trigger("2", { overlap: "0" })));
    expect(scene.keys()).toEqual([first, second]);

    scene.faults.clear();
    expect(await scene.up(trigger("2"))).toBe("update");
    // Nobody could switch before, so the overlap begins now.
    expect(scene.key()).toMatchObject({ generation: 2, retireAt: "2027-01-05T00:00:00.000Z" });
    expect(await working()).toEqual([second, first]);
    expect(await scene.up(trigger("2"))).toBe("same");
    scene.travel("25h");
    await scene.up(trigger("2"));
    expect(scene.keys()).toEqual([second]);
  });

  test("and if the new one never will, another trigger replaces the new one, not the old one", async () => {
    await scene.up(trigger("1"));
    const first = scene.key().keyId;
    breakNewKeys();
    await failureOf(scene.up(trigger("2")));
    const [, second] = scene.keys();
    await failureOf(scene.up(trigger("3")));
    const [, third] = scene.keys();
    expect(scene.keys()).toEqual([first, third]);
    expect(third).not.toBe(second);
    expect(scene.key()).toMatchObject({ keyId: third, previousKeyId: first, generation: 3 });
    scene.faults.clear();
    await scene.up(trigger("3"));
    expect(await working()).toEqual([third, first]);
  });

  test("and, if another rotation is due by then, gets the successor that people can switch to", async () => {
    await scene.up(trigger("1"));
    const first = scene.key().keyId;
    breakNewKeys();
    await failureOf(scene.up(trigger("2")));
    scene.faults.clear();
    await scene.up(trigger("3"));
    expect(scene.key()).toMatchObject({ previousKeyId: first, generation: 3 });
    expect(await working()).toEqual([scene.key().keyId, first]);
  });

  test("or if the token endpoint does not answer", async () => {
    await scene.up(trigger("1"));
    const first = scene.key().keyId;
    scene.onRequest({ method: "POST", path: "/v2/**/keys", when: "afterCommit", times: 1 }, () => {
      scene.faults.add({
        path: "/oauth2/token",
        effect: { kind: "respond", status: 404 },
        times: "untilCleared",
      });
    });
    const { message } = await failureOf(scene.up(trigger("2")));
    expect(message).toContain("logs in is not known: POST http://127.0.0.1:");
    expect(scene.keys()).toEqual([first, scene.key().keyId]);
    scene.faults.clear();
    await scene.up(trigger("2"));
    expect(await working()).toHaveLength(2);
  });

  test("with Basic authentication only, too", async () => {
    scene.cloud.accounts.update(scene.account, { enableBasicAuth: true });
    const admin = scene.cloud.accounts.list().find(({ email }) => email === scene.admin.email)!;
    scene.cloud.accounts.update(admin.name, { enableBasicAuth: true });
    scene.settings["dt:auth"] = "basic";
    scene.settings["dt:tokenEndpoint"] = "";
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    expect(scene.key()).toMatchObject({ generation: 2 });
    scene.cloud.accounts.update(scene.account, { enableBasicAuth: false });
    const { message } = await failureOf(scene.up(trigger("3")));
    expect(message).toContain("does not log in");
    expect(scene.keys()).toHaveLength(2);
  });
});
