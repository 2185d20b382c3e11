import { milliseconds } from "../../../provider/contract/duration";
import type { Program, Properties } from "../stack";
import { startRotation, type RotationScene } from "./rotationScene";
import { failureOf, printed } from "../world";

let scene: RotationScene;
beforeEach(async () => {
  scene = await startRotation();
});

/** A key, and the resource that retires the previous one after the new one is delivered. */
const program = (incident: string, overlap = "24h", more: Properties = {}): Program => ({
  key: [
    "serviceAccountKey",
    {
      ...{ serviceAccount: scene.account, rotationTriggers: { incident } },
      ...{ overlap, retirement: "afterDelivery", ...more },
    },
  ],
  retirement: [
    "keyRetirement",
    ({ key }) => {
      const { serviceAccount, keyId, createTime, previousKeyId, rotationWaits } = key!.outs;
      const { allowLockout } = more;
      return { serviceAccount, keyId, createTime, previousKeyId, rotationWaits, overlap, allowLockout };
    },
  ],
});
const up = (...given: Parameters<typeof program>) => scene.restart().up(program(...given));
/** The part of an `up` before the delivery, which fails. */
const upWithoutDelivery = (...given: Parameters<typeof program>) => {
  const { retirement, ...made } = scene.stack.made;
  scene.stack.made = made;
  const { key } = program(...given);
  return scene
    .restart()
    .up({ key: key! })
    .finally(() => {
      if (retirement !== undefined) scene.stack.made = { ...scene.stack.made, retirement };
    });
};
const retirement = () => scene.stack.made.retirement!.outs;

test("the previous key is deleted when the overlap after the delivery ends", async () => {
  await up("1");
  expect(retirement()).toMatchObject({ retireAt: "", retiredKeyId: "" });
  await up("2");
  const [first, second] = scene.keys();
  expect(retirement()).toMatchObject({
    keyId: second,
    retireAt: "2027-01-02T00:00:00.000Z",
    retiredKeyId: "",
  });
  expect(await up("2")).toEqual({ key: "same", retirement: "same" });
  scene.travel("24h5m");
  expect(await up("2")).toEqual({ key: "same", retirement: "update" });
  expect(scene.keys()).toEqual([second]);
  expect(retirement()).toMatchObject({ keyId: second, retireAt: "", retiredKeyId: first });
  expect(await up("2")).toEqual({ key: "same", retirement: "same" });
  expect(await scene.restart().refresh()).toEqual({ key: [], retirement: [] });
  expect(await up("2")).toEqual({ key: "same", retirement: "same" });
});

test("a due deletion is not drift", async () => {
  await up("1");
  await up("2");
  scene.travel("30h");
  const { id, outs, inputs } = scene.stack.made.retirement!;
  expect(await scene.restart().handlers.keyRetirement.diff(id, outs, inputs)).toEqual({ changes: false });
  expect(await scene.restart().refresh()).toEqual({ key: [], retirement: [] });
  expect(await up("2")).toEqual({ key: "same", retirement: "update" });
});

test("the overlap counts from the delivery, however late that is", async () => {
  await up("1");
  await upWithoutDelivery("2");
  const keys = scene.keys();
  scene.travel("7d");
  await upWithoutDelivery("2");
  expect(scene.keys()).toEqual(keys);
  await up("2");
  expect(scene.keys()).toEqual(keys);
  expect(retirement().retireAt).toBe("2027-01-09T00:00:00.000Z");
});

test("clocks that are wrong by five minutes do not change the time of the deletion", async () => {
  await up("1");
  scene.settings["dt:asOf"] = new Date(scene.clock.now().getTime() - milliseconds("5m")).toISOString();
  await up("2");
  expect(retirement().retireAt).toBe("2027-01-02T00:00:00.000Z");
  scene.travel("24h");
  scene.settings["dt:asOf"] = new Date(scene.clock.now().getTime() + milliseconds("4m")).toISOString();
  expect(await up("2")).toMatchObject({ retirement: "same" });
});

test("without an overlap it is deleted in the same update", async () => {
  await up("1", "0");
  await up("2", "0");
  expect(scene.keys()).toEqual([scene.key().keyId]);
});

test("another rotation waits until it is deleted, in the same update", async () => {
  await up("1");
  await up("2");
  const [first, second] = scene.keys();
  const text = await printed(() => up("3"));
  expect(text).toContain(
    `the rotation waits until key ${first} is gone, and the delivery of ${second} confirmed: rotationTriggers.incident changed. The next \`pulumi up\` after that makes the new key`,
  );
  expect(scene.keys()).toEqual([second]);
  expect(await up("3")).toMatchObject({ key: "update" });
  expect(scene.key()).toMatchObject({ generation: 3, previousKeyId: second });
  expect(scene.key().rotationWaits).toBe(false);
  expect(await up("3")).toEqual({ key: "same", retirement: "same" });
});

test("as long as the delivery fails, another rotation waits, too: there are at most two keys, and the old one works", async () => {
  await up("1");
  await upWithoutDelivery("2");
  const keys = scene.keys();
  for (const incident of ["3", "4"]) await upWithoutDelivery(incident);
  await scene.stack.refresh();
  await upWithoutDelivery("4");
  expect(scene.keys()).toEqual(keys);
  await up("4");
  await up("4");
  expect(scene.key()).toMatchObject({ generation: 3, previousKeyId: keys[1] });
});

test("the key that this run logs in with stays, and every preview says so", async () => {
  const { email } = scene.cloud.accounts.get(scene.account)!;
  scene.cloud.members.create({ scope: scene.projects[1], email, roles: ["roles/project.admin"] });
  await up("1");
  const { keyId, secret } = scene.key();
  Object.assign(scene.settings, { "dt:keyId": keyId, "dt:keySecret": secret, "dt:email": email });
  await up("2");
  scene.travel("25h");
  const text = await printed(() => up("2"));
  expect(text).toContain(`key ${String(keyId)} is due to be deleted, but this run logs in with it`);
  expect(scene.keys()).toEqual([keyId, scene.key().keyId]);
  await up("2", "24h", { allowLockout: true });
  expect(scene.keys()).toEqual([scene.key().keyId]);
});

test("if the successor was deleted by hand, the previous key is not deleted as well", async () => {
  await up("1");
  await up("2");
  const [first, second] = scene.keys();
  scene.cloud.keys.delete(`${scene.account}/keys/${second!}`);
  scene.travel("25h");
  expect((await failureOf(up("2"))).message).toBe(
    `key ${first!} is kept, because its successor ${second!} no longer exists: run \`pulumi up --refresh\` to create another`,
  );
  await scene.stack.refresh();
  await up("2");
  expect(scene.keys()).toEqual([first, scene.key().keyId]);
});

test("removing it deletes no key, and destroying both deletes both keys", async () => {
  await up("1");
  await up("2");
  const { key } = program("2");
  await scene.stack.up({ key: key! });
  expect(scene.keys()).toHaveLength(2);
  await scene.stack.destroy();
  expect(scene.keys()).toEqual([]);
});

test("a key to be delivered can't be adopted without its secret", async () => {
  const { keyId, secret } = scene.cloud.credentials(scene.account);
  expect((await failureOf(up("1", "24h", { adopt: keyId }))).message).toBe(
    `adopt: key ${keyId} can't be delivered without its secret: give \`secret\`, or drop adopt to deliver a new key, and delete that one once nobody uses it`,
  );
  await up("1", "24h", { adopt: keyId, secret });
  expect(scene.key()).toMatchObject({ keyId, secret });
});

test("a first key is handed on only after it logs in", async () => {
  const { email } = scene.cloud.accounts.get(scene.account)!;
  const effect = { kind: "respond", status: 400, body: {} } as const;
  scene.faults.add({ path: "/oauth2/token", caller: email, effect, times: "untilCleared" });
  const { message } = await failureOf(up("1"));
  const { keyId } = scene.key();
  expect(message).toBe(`key ${String(keyId)} does not log in yet; the next update tries again`);
  expect(scene.stack.made.retirement).toBeUndefined();
  scene.faults.clear();
  expect(await up("1")).toEqual({ key: "update", retirement: "create" });
  expect(scene.keys()).toEqual([keyId]);
  expect(scene.key().generation).toBe(1);
});
