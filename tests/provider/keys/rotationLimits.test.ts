import type { Properties } from "../stack";
import { startRotation, type RotationScene } from "./rotationScene";
import { failureOf, printed } from "../world";

let scene: RotationScene;
beforeEach(async () => {
  scene = await startRotation();
});

const trigger = (value: string, more: Properties = {}): Properties => ({
  rotationTriggers: { incident: value },
  ...more,
});
const deletedBefore = (name: string) => scene.cloud.keys.delete(`${scene.account}/keys/${name}`);

describe("an account without room for another key", () => {
  /** Creates another person's keys until the account has `count` keys. */
  const fillTo = (count: number): string[] => {
    while (scene.keys().length < count) scene.cloud.keys.create({ account: scene.account });
    return scene.keys();
  };

  test("is reported before anything is created, and another person's key is never deleted for it", async () => {
    await scene.up(trigger("1"));
    const keys = fillTo(10);
    const { message } = await failureOf(scene.up(trigger("2")));
    expect(message).toBe(
      `${scene.account} has 10 keys, and the API allows 10: delete one that nobody uses (${keys.join(", ")})`,
    );
    expect(scene.writes()).toEqual([`POST ${scene.account}/keys`]);
    expect(scene.keys()).toEqual(keys);
    expect(scene.key()).toMatchObject({ keyId: keys[0], generation: 1 });

    deletedBefore(keys[9]!);
    await scene.up(trigger("2"));
    expect(scene.keys()).toEqual([...keys.slice(0, 9), scene.key().keyId]);
  });

  test("makes room by deleting our previous key, and nobody else's", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [first, second, ...strangers] = fillTo(10);
    await scene.up(trigger("3"));
    expect(scene.keys()).toEqual([second, ...strangers, scene.key().keyId]);
    expect(scene.keys()).not.toContain(first);
  });
});

describe("a key that a person deleted by hand", () => {
  test("gets a successor in place while the previous one still works", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [first, second] = scene.keys();
    deletedBefore(second!);
    await scene.stack.refresh();
    expect(await scene.up(trigger("2"))).toBe("update");
    expect(scene.key()).toMatchObject({ previousKeyId: first, generation: 3 });
    expect(scene.keys()).toEqual([first, scene.key().keyId]);
    expect(await scene.up(trigger("2"))).toBe("same");
  });

  test("is noticed by a rotation without a refresh, too, and the previous one is not deleted instead", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [first, second] = scene.keys();
    deletedBefore(second!);
    scene.travel("3d");
    await scene.up(trigger("3"));
    expect(scene.key()).toMatchObject({ previousKeyId: first, generation: 3 });
    expect(scene.keys()).toEqual([first, scene.key().keyId]);
  });

  test("is noticed when the previous one is due: that one is then kept, and gets another successor", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [first, second] = scene.keys();
    deletedBefore(second!);
    scene.travel("3d");
    expect(await scene.up(trigger("2"))).toBe("update");
    expect(scene.keys()).toEqual([first, scene.key().keyId]);
  });

  test("as the previous one is only removed from the state", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [first, second] = scene.keys();
    deletedBefore(first!);
    expect(await scene.stack.refresh()).toEqual({ key: [] });
    expect(scene.key()).toMatchObject({ keyId: second, previousKeyId: "", previousSecret: "", retireAt: "" });
    expect(await scene.up(trigger("2"))).toBe("same");
  });
});

describe("while the cloud does not know a new key everywhere yet", () => {
  beforeEach(() => {
    scene.clock.reset();
    Object.assign(scene.settings, { "dt:asOf": new Date().toISOString(), "dt:retryDelay": "0.1" });
  });

  test("its login is repeated until it works", async () => {
    Object.assign(scene.unknowns, { propagationKeyMs: 1000 });
    await scene.up(trigger("1"));
    expect(await scene.up(trigger("2"))).toBe("update");
    expect(await scene.logsIn(scene.key().keyId, scene.key().secret)).toBe(true);
  });

  test("the next rotation does not treat it as deleted", async () => {
    await scene.up(trigger("1"));
    await scene.up(trigger("2"));
    const [, second] = scene.keys();
    const path = `/v2/${scene.account}/keys/${second!}`;
    scene.faults.add({ method: "GET", path, effect: { kind: "respond", status: 404 }, times: 3 });
    await scene.up(trigger("3"));
    expect(scene.keys()).toEqual([second, scene.key().keyId]);
    expect(scene.key()).toMatchObject({ previousKeyId: second, generation: 3 });
  });
});

describe("the key that this run logs in with", () => {
  const login = () => {
    const { keyId, secret, email } = scene.key();
    Object.assign(scene.settings, { "dt:keyId": keyId, "dt:keySecret": secret, "dt:email": email });
    return keyId;
  };
  beforeEach(() => {
    const { email } = scene.cloud.accounts.get(scene.account)!;
    scene.cloud.members.create({ scope: scene.projects[1], email, roles: ["roles/project.admin"] });
  });

  test("gets a successor that the rest of the run logs in with, and is not deleted while in use", async () => {
    await scene.up(trigger("1"));
    const first = login();
    await scene.up(trigger("2"));
    const second = scene.key().keyId;
    // A caller that uses the old one later in this run loses access.
    Object.assign(scene.unknowns, { tokensDieWithKey: true });
    deletedBefore(String(first));
    expect(await scene.stack.refresh()).toEqual({ key: [] });
    expect(scene.keys()).toEqual([second]);
  });

  test("stays when its deletion is due, which every preview reports, and is deleted after the run uses its successor", async () => {
    await scene.up(trigger("1"));
    const first = login();
    await scene.up(trigger("2", { overlap: "1h" }));
    const second = scene.key().keyId;
    scene.travel("25h");
    const said = `pulumi-dt: key ${String(first)} is due to be deleted, but this run logs in with it: give DT_API_KEY_ID and DT_API_KEY_SECRET (or dt:keyId and dt:keySecret) the successor ${String(second)}\n`;
    expect(await printed(() => scene.up(trigger("2", { overlap: "1h" })))).toBe(said);
    expect(scene.keys()).toEqual([first, second]);
    const { message } = await failureOf(scene.up(trigger("3", { overlap: "1h" })));
    expect(message).toBe(`the rotation waits: ${said.slice("pulumi-dt: ".length, -1)}`);
    expect(scene.keys()).toEqual([first, second]);

    login();
    await scene.up(trigger("3", { overlap: "1h" }));
    expect(scene.keys()).toEqual([second, scene.key().keyId]);
  });

  test("is not treated as unused because the update that created it failed", async () => {
    await scene.up(trigger("1"));
    scene.faults.add({
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
      times: "untilCleared",
    });
    await failureOf(scene.up(trigger("2")));
    scene.faults.clear();
    const second = login();
    await scene.up(trigger("3"));
    expect(scene.keys()).toEqual([second, scene.key().keyId]);
  });

  test("is deleted anyway if allowLockout is set", async () => {
    await scene.up(trigger("1"));
    login();
    await scene.up(trigger("2"));
    const second = scene.key().keyId;
    scene.travel("25h");
    await scene.up(trigger("2", { allowLockout: true }));
    expect(scene.keys()).toEqual([second]);
  });

  test("keeps its resource from being destroyed", async () => {
    await scene.up(trigger("1"));
    login();
    await scene.up(trigger("2"));
    expect((await failureOf(scene.stack.destroy())).message).toContain("is the key this run logs in with");
    expect(scene.keys()).toHaveLength(2);
  });
});

test("a hundred previews of a rotation agree with each other and with the update, and write nothing", async () => {
  await scene.up(trigger("1", { rotateAfter: "30d" }));
  scene.travel("30d");
  const { id, outs, inputs } = scene.stack.made.key!;
  const { serviceAccountKey: handler } = scene.restart().handlers;
  const calls = scene.calls().length;
  const answers = new Set<string>();
  const text = await printed(async () => {
    for (let count = 0; count < 100; count++) {
      const { inputs: checked } = await handler.check(inputs, inputs);
      answers.add(JSON.stringify(await handler.diff(id, outs, checked)));
    }
  });
  expect([...answers]).toEqual(['{"changes":true}']);
  expect(text).toBe(
    `pulumi-dt: ${scene.account}: key ${String(outs.keyId)} is replaced: rotateAt 2027-01-31T00:00:00.000Z has passed\n`,
  );
  expect(scene.calls()).toHaveLength(calls);
  expect(await scene.up(trigger("1", { rotateAfter: "30d" }))).toBe("update");
  expect(scene.key().generation).toBe(2);
});

test("a due rotation or deletion is not drift: a refresh shows nothing", async () => {
  await scene.up(trigger("1", { rotateAfter: "30d" }));
  await scene.up(trigger("2", { rotateAfter: "30d" }));
  scene.travel("31d");
  // As the engine does in a refresh: this process has not seen a declaration.
  const { id, outs, inputs } = scene.stack.made.key!;
  const { serviceAccountKey: handler } = scene.restart().handlers;
  expect(await handler.diff(id, outs, inputs)).toEqual({ changes: false });
  expect(await scene.stack.refresh()).toEqual({ key: [] });
  expect(await scene.up(trigger("2", { rotateAfter: "30d" }))).toBe("update");
});

test("destroying deletes both keys, and nobody else's", async () => {
  const { keyId } = scene.cloud.credentials(scene.account);
  await scene.up(trigger("1"));
  await scene.up(trigger("2"));
  await scene.stack.destroy();
  expect(scene.keys()).toEqual([keyId]);
});
