import type { Properties } from "../stack";
import { startRotation, type RotationScene } from "./rotationScene";
import { failureOf, printed } from "../world";

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
const credentialsOf = (key: Properties) =>
  (JSON.parse(String(key.credentials)) as { serviceAccount: Properties }).serviceAccount;

describe("a rotation", () => {
  test("creates a new key in place, keeps the old one for the overlap, and then deletes it", async () => {
    await scene.up(trigger("1"));
    const first = { ...scene.key() };
    expect(first).toMatchObject({ generation: 1, previousKeyId: "", previousSecret: "", retireAt: "" });

    expect(await scene.up(trigger("2"))).toBe("update");
    const second = scene.key();
    expect(second).toMatchObject({
      generation: 2,
      previousKeyId: first.keyId,
      previousSecret: first.secret,
      retireAt: "2027-01-02T00:00:00.000Z",
    });
    expect(scene.stack.made.key!.id).toBe(`${scene.account}/keys/${String(first.keyId)}`);
    expect(await working()).toEqual([second.keyId, first.keyId]);
    expect(credentialsOf(second)).toEqual({
      keyId: second.keyId,
      secret: second.secret,
      email: second.email,
      algorithm: "HS256",
      tokenEndpoint: scene.tokenEndpoint,
    });
    expect(await scene.up(trigger("2"))).toBe("same");

    scene.travel("24h");
    expect(await scene.up(trigger("2"))).toBe("same");
    scene.travel("5m");
    expect(await scene.up(trigger("2"))).toBe("update");
    expect(scene.key()).toMatchObject({
      generation: 2,
      keyId: second.keyId,
      previousKeyId: "",
      retireAt: "",
    });
    expect(scene.keys()).toEqual([second.keyId]);
    expect(await scene.up(trigger("2"))).toBe("same");
  });

  test("by age happens once after many missed periods, and retires only the key that it replaced", async () => {
    const inputs = { rotateAfter: "30d" };
    await scene.up(inputs);
    expect(scene.key()).toMatchObject({ rotateAt: "2027-01-31T00:00:00.000Z" });
    scene.travel("30d");
    await scene.up(inputs);
    const [first, second] = scene.keys();
    expect(scene.key()).toMatchObject({ keyId: second, previousKeyId: first, generation: 2 });

    scene.travel("400d");
    await scene.up(inputs);
    const [, third] = scene.keys();
    expect(scene.keys()).toEqual([second, third]);
    expect(scene.key()).toMatchObject({ keyId: third, previousKeyId: second, generation: 3 });
    expect(scene.key().rotateAt).toBe(new Date(scene.clock.now().getTime() + 30 * 86_400_000).toISOString());
    expect(await scene.up(inputs)).toBe("same");
  });

  test("moves forward when a trigger returns to an old value: an old key never returns", async () => {
    const seen = new Set<unknown>();
    for (const [index, value] of ["1", "2", "1", "2"].entries()) {
      await scene.up(trigger(value));
      scene.travel("25h");
      await scene.up(trigger(value));
      expect(scene.key().generation).toBe(index + 1);
      seen.add(scene.key().keyId);
    }
    expect(seen.size).toBe(4);
    expect(scene.keys()).toEqual([scene.key().keyId]);
  });

  test("within the overlap of the previous one deletes the oldest first: there are at most two keys", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [, second] = scene.keys();
    let most = 0;
    scene.onRequest(
      { path: "/**", when: "afterCommit" },
      () => void (most = Math.max(most, scene.keys().length)),
    );
    await scene.up(trigger("3"));
    expect(most).toBe(2);
    expect(scene.keys()).toEqual([second, scene.key().keyId]);
    expect(scene.key()).toMatchObject({ generation: 3, previousKeyId: second });
  });

  test("does not happen in the update that changes rotateAfter, but in the next one", async () => {
    await scene.up({ rotateAfter: "90d" });
    scene.travel("40d");
    expect(await scene.up({ rotateAfter: "30d" })).toBe("update");
    expect(scene.key()).toMatchObject({ generation: 1, rotateAt: "2027-01-31T00:00:00.000Z" });
    await scene.up({ rotateAfter: "30d" });
    expect(scene.key().generation).toBe(2);
  });

  test("that is due is postponed by lengthening rotateAfter", async () => {
    await scene.up({ rotateAfter: "30d" });
    scene.travel("31d");
    await scene.up({ rotateAfter: "365d" });
    expect(await scene.up({ rotateAfter: "365d" })).toBe("same");
    expect(scene.key().generation).toBe(1);
  });

  test("works without a refresh, from the state alone", async () => {
    await scene.up(trigger("1"));
    for (const value of ["2", "3", "4"]) {
      scene.travel("25h");
      await scene.up(trigger(value));
      expect(await working()).toHaveLength(2);
    }
    expect(scene.calls().filter((call) => call.startsWith("POST"))).toHaveLength(4);
  });

  test("counts from the real creation if the key was adopted", async () => {
    const old = scene.cloud.credentials(scene.account);
    scene.travel("29d");
    const inputs = { adopt: old.keyId, secret: old.secret, rotateAfter: "30d" };
    await scene.up(inputs);
    expect(scene.key()).toMatchObject({ keyId: old.keyId, secret: old.secret, generation: 1 });
    scene.travel("1d");
    await scene.up(inputs);
    expect(scene.key()).toMatchObject({
      previousKeyId: old.keyId,
      previousSecret: old.secret,
      generation: 2,
    });
  });

  test("gives a key that was adopted without its secret a known secret", async () => {
    const old = scene.cloud.credentials(scene.account);
    await scene.up(trigger("1", { adopt: old.keyId }));
    expect(scene.key()).toMatchObject({ secret: "", credentials: "" });
    await scene.up(trigger("2", { adopt: old.keyId }));
    expect(credentialsOf(scene.key())).toMatchObject({
      keyId: scene.key().keyId,
      secret: scene.key().secret,
    });
    expect(await working()).toContain(scene.key().keyId);
  });

  test("can be rehearsed on another date, and the key then counts from there", async () => {
    scene.clock.reset();
    await scene.up({ rotateAfter: "30d" });
    const { rotateAt } = scene.key();
    scene.settings["dt:asOf"] = "2030-05-01T00:00:00Z";
    await scene.up({ rotateAfter: "30d" });
    expect(scene.key()).toMatchObject({ generation: 2, retireAt: "2030-05-02T00:00:00.000Z" });
    expect(rotateAt).not.toBe(scene.key().rotateAt);
    expect(await scene.up({ rotateAfter: "30d" })).toBe("same");
    scene.settings["dt:asOf"] = "2030-05-02T00:05:00Z";
    await scene.up({ rotateAfter: "30d" });
    expect(scene.keys()).toEqual([scene.key().keyId]);
  });
});

describe("the overlap", () => {
  test("that changes creates no key; shortening it only moves the deletion forward", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const keys = scene.keys();
    scene.travel("3h");
    expect(await scene.up(trigger("2", { overlap: "6h" }))).toBe("update");
    expect(scene.key().retireAt).toBe("2027-01-01T06:00:00.000Z");
    expect(scene.keys()).toEqual(keys);
    expect(await scene.up(trigger("2", { overlap: "2h" }))).toBe("update");
    expect(scene.keys()).toEqual(keys.slice(1));
    expect(scene.key()).toMatchObject({ keyId: keys[1], generation: 2, previousKeyId: "" });
  });

  test("of zero keeps the old key until the new one is recorded: the next update deletes it", async () => {
    await scene.up(trigger("1", { overlap: "0" }));
    const text = await printed(() => scene.up(trigger("2", { overlap: "0" })));
    const [first, second] = scene.keys();
    expect(text).toContain(`the next \`pulumi up\` deletes key ${first}, now that ${second} is recorded`);
    expect(await scene.up(trigger("2", { overlap: "0" }))).toBe("update");
    expect(scene.keys()).toEqual([second]);
    expect(await scene.up(trigger("2", { overlap: "0" }))).toBe("same");
  });

  test("longer than the age at which keys are rotated is refused", async () => {
    const { message } = await failureOf(scene.up({ rotateAfter: "12h" }));
    expect(message).toBe(
      "overlap must be shorter than rotateAfter, unlike 24h and 12h: the next rotation would cut it short",
    );
    expect(scene.writes()).toEqual([]);
  });
});
