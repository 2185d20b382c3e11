import type { Effect } from "../../../emulator";
import { startRotation, type RotationScene } from "./rotationScene";
import { unknown, without, type Program, type Properties } from "../stack";
import { failureOf, printed } from "../world";

let scene: RotationScene;
/** The key that each delivery has; undefined for a program that gives no evidence. */
let delivered: readonly unknown[] | undefined;
beforeEach(async () => {
  scene = await startRotation();
  delivered = undefined;
});

const program = (incident: string, overlap = "24h"): Program => ({
  key: [
    "serviceAccountKey",
    {
      ...{ serviceAccount: scene.account, rotationTriggers: { incident } },
      ...{ overlap, retirement: "afterDelivery" },
    },
  ],
  retirement: [
    "keyRetirement",
    ({ key }) => {
      const { serviceAccount, keyId, createTime, previousKeyId, rotationWaits } = key!.outs;
      const evidence = delivered === undefined ? {} : { deliveredKeyIds: delivered };
      return { serviceAccount, keyId, createTime, previousKeyId, rotationWaits, overlap, ...evidence };
    },
  ],
});
const up = (...given: Parameters<typeof program>) => scene.restart().up(program(...given));
const retirement = (): Properties => scene.stack.made.retirement!.outs;

/** Creates two keys. The deliveries have the first. */
async function rotatedOnly(overlap = "24h"): Promise<[string, string]> {
  await up("1", overlap);
  const [first = ""] = scene.keys();
  delivered = [first, first];
  await up("2", overlap);
  const [, second = ""] = scene.keys();
  return [first, second];
}

describe("the previous key stays, and the overlap does not begin,", () => {
  test.each<[string, (first: string, second: string) => string[], string]>([
    ["no delivery has the new key", (first) => [first, first], "key FIRST, not SECOND"],
    ["one delivery has the old key", (first, second) => [second, first], "key FIRST, not SECOND"],
    ["one delivery tells no key", (_, second) => [second, ""], "an unknown key or none, not SECOND"],
    ["one has a key of before", (_, second) => [second, "k0", ""], "key k0 and an unknown key or none"],
  ])("if %s", async (_what, evidence, said) => {
    let [first, second] = ["", ""];
    const text = await printed(async () => {
      [first, second] = await rotatedOnly("0");
      delivered = evidence(first, second);
      await up("2", "0");
    });
    const expected = said.replace("FIRST", first).replace("SECOND", second);
    expect(text).toContain(`key ${first} stays, since the delivery still has ${expected}`);
    expect(text).toContain("run `pulumi up` without --target and --exclude");
    scene.travel("7d");
    await up("2", "0");
    expect(scene.keys()).toEqual([first, second]);
    expect(retirement()).toMatchObject({ keyId: second, confirmedKeyId: first, retireAt: "" });
  });

  test("even while another rotation waits", async () => {
    const [first, second] = await rotatedOnly();
    await up("3");
    await up("3");
    expect(scene.keys()).toEqual([first, second]);
    delivered = [second];
    await up("3");
    expect(scene.keys()).toEqual([second]);
  });

  test("and a diff asks for an update until the delivery is confirmed, also after a refresh", async () => {
    await rotatedOnly();
    expect(await up("2")).toMatchObject({ retirement: "update" });
    await scene.restart().refresh();
    expect(await up("2")).toMatchObject({ retirement: "update" });
    delivered = [scene.keys()[1]];
    expect(await up("2")).toMatchObject({ retirement: "update" });
    expect(retirement()).not.toHaveProperty("incomplete");
    expect(await up("2")).toEqual({ key: "same", retirement: "same" });
  });
});

test("the overlap begins when all deliveries have the new key", async () => {
  const [first, second] = await rotatedOnly();
  scene.travel("7d");
  delivered = [second, second];
  await up("2");
  expect(retirement()).toMatchObject({ confirmedKeyId: second, retireAt: "2027-01-09T00:00:00.000Z" });
  scene.travel("24h5m");
  await up("2");
  expect(scene.keys()).toEqual([second]);
  expect(retirement()).toMatchObject({ retireAt: "", retiredKeyId: first });
});

test("a delivery that returns to the old key withdraws the confirmation, and the overlap begins again", async () => {
  const [first, second] = await rotatedOnly();
  delivered = [second];
  await up("2");
  delivered = [first];
  scene.travel("25h");
  expect(await up("2")).toMatchObject({ retirement: "update" });
  expect(scene.keys()).toEqual([first, second]);
  expect(retirement()).toMatchObject({ confirmedKeyId: "", retireAt: "" });
  delivered = [second];
  await up("2");
  expect(retirement()).toMatchObject({ confirmedKeyId: second, retireAt: "2027-01-03T01:00:00.000Z" });
});

test("without a previous key there is nothing to wait for", async () => {
  delivered = [""];
  await up("1");
  expect(await up("1")).toEqual({ key: "same", retirement: "same" });
  delivered = scene.keys();
  expect(await up("1")).toEqual({ key: "same", retirement: "update" });
  expect(retirement()).toMatchObject({ confirmedKeyId: scene.keys()[0] });
});

describe("a state of an earlier version", () => {
  const forget = () => {
    const { retirement: held } = scene.stack.made;
    const outs = without(held!.outs, "confirmedKeyId", "deliveredKeyIds");
    const inputs = without(held!.inputs, "deliveredKeyIds");
    scene.stack.made = { ...scene.stack.made, retirement: { ...held!, inputs, outs } };
  };

  test("counts as confirmed, and matching evidence changes nothing", async () => {
    const [, second] = await rotatedOnly();
    delivered = [second];
    await up("2");
    forget();
    expect(await scene.restart().refresh()).toMatchObject({ retirement: [] });
    forget();
    expect(await up("2")).toEqual({ key: "same", retirement: "same" });
    scene.travel("25h");
    expect(await up("2")).toMatchObject({ retirement: "update" });
    expect(scene.keys()).toEqual([second]);
  });

  test("is corrected by evidence that does not match", async () => {
    const [first, second] = await rotatedOnly();
    delivered = [second];
    await up("2");
    forget();
    delivered = [first];
    scene.travel("25h");
    expect(await up("2")).toMatchObject({ retirement: "update" });
    expect(scene.keys()).toEqual([first, second]);
  });
});

test("a program without evidence works as before, and a notice says how to give it when a key is deleted", async () => {
  await up("1");
  const quiet = await printed(() => up("2"));
  expect(quiet).not.toContain("deliveredKeyIds");
  const [first, second] = scene.keys();
  scene.travel("24h5m");
  const text = await printed(() => up("2"));
  expect(text).toContain(
    `key ${first!} is deleted without evidence that ${second!} was delivered, since deliveredKeyIds is not given to the KeyRetirement`,
  );
  expect(scene.keys()).toEqual([second]);
});

test.each([
  ["wholly", unknown],
  ["in part", ["SECOND", unknown]],
])("a preview in which the evidence is not known yet, %s, shows the deletion", async (_what, evidence) => {
  const [, second] = await rotatedOnly();
  delivered = [second];
  await up("2");
  scene.travel("25h");
  const { id, outs, inputs } = scene.stack.made.retirement!;
  const { keyRetirement: handler } = scene.restart().handlers;
  const deliveredKeyIds =
    typeof evidence === "string" ? evidence : evidence.map((each) => (each === unknown ? each : second));
  const { inputs: checked, failures } = await handler.check(inputs, { ...inputs, deliveredKeyIds });
  expect(failures).toEqual([]);
  const text = await printed(async () => {
    expect(await handler.diff(id, outs, checked)).toEqual({ changes: true });
  });
  expect(text).toContain(`is deleted, because ${second} has replaced it`);
});

test.each([["k1"], [[7]], [['{"serviceAccount":{"secret":"0123456789abcdef0123456789abcdef"}}']]])(
  "evidence that is not a list of key ids is refused without being shown: %#",
  async (evidence) => {
    await up("1");
    delivered = evidence as string[];
    const { message } = await failureOf(up("1"));
    expect(message).toMatch(
      /^deliveredKeyIds must (be a list of key ids|hold ids of keys, or credentials of keys)/,
    );
    expect(message).not.toContain("0123456789abcdef");
  },
);

test("the credentials of a key are evidence like its id, and only the id is kept", async () => {
  const [, second] = await rotatedOnly();
  const { id, inputs } = scene.stack.made.retirement!;
  const serviceAccount = {
    keyId: second,
    secret: "hush",
    email: "a@b.cc",
    tokenEndpoint: "https://x.invalid",
  };
  const deliveredKeyIds = [JSON.stringify({ serviceAccount: { algorithm: "HS256", ...serviceAccount } })];
  const { keyRetirement: handler } = scene.restart().handlers;
  const checked = await handler.check(inputs, { ...inputs, deliveredKeyIds });
  expect(checked).toMatchObject({ failures: [], inputs: { deliveredKeyIds: [second] } });
  expect(id).not.toContain("hush");
});

describe("the deletion is checked", () => {
  const respond = (status: number): Effect => ({ kind: "respond", status, body: { error: "no" } });

  test("and one line says that the key is deleted, and when that was seen", async () => {
    const [first, second] = await rotatedOnly("0");
    delivered = [second];
    scene.requests.clear();
    const text = await printed(() => up("2", "0"));
    expect(text).toContain(
      `deleted key ${first}, which ${second} follows: it is gone, checked at 2027-01-01T00:00:0`,
    );
    expect(scene.calls()).toEqual(
      expect.arrayContaining([`DELETE ${scene.account}/keys/${first}`, `GET ${scene.account}/keys/${first}`]),
    );
  });

  test("and a key that still exists stays listed, and is checked again", async () => {
    const [first, second] = await rotatedOnly("0");
    delivered = [second];
    scene.faults.add({
      ...{ method: "DELETE", path: `/v2/${scene.account}/keys/${first}`, times: 1 },
      effect: { kind: "respond", status: 200, body: {} },
    });
    await up("2", "0");
    expect(scene.keys()).toEqual([first, second]);
    expect(retirement()).toMatchObject({ retiredKeyId: "" });
    expect(await up("2", "0")).toMatchObject({ retirement: "update" });
    expect(retirement()).toMatchObject({ retiredKeyId: first });
    expect(scene.keys()).toEqual([second]);
  });

  test("and a refused check is an error, and the key stays listed", async () => {
    const [first, second] = await rotatedOnly("0");
    delivered = [second];
    const path = `/v2/${scene.account}/keys/${first}`;
    scene.faults.add({ method: "DELETE", path, effect: respond(403), times: 1 });
    await failureOf(up("2", "0"));
    expect(scene.keys()).toEqual([first, second]);
    expect(retirement()).toMatchObject({ retiredKeyId: "" });
  });
});
