import type { Effect } from "../../../emulator";
import { failureOf, printed, startWorld, type World } from "../world";

/** Tests of keys whose creation gets an unusable answer. */

let world: World;
beforeAll(async () => {
  process.env.DT_RETRY_DELAY = "0.02";
  world = await startWorld();
});
beforeEach(() => world.faults.clear());

const respond = (status: number, body?: unknown): Effect => ({
  kind: "respond",
  status,
  when: "afterCommit",
  ...(body === undefined ? {} : { body }),
});
function newKeyBody(changes: { name?: string; id?: string }) {
  return { key: { name: "projects/p/serviceaccounts/s/keys/k", id: "k", ...changes }, secret: "a-secret" };
}
const lost: Effect = { kind: "drop", when: "afterCommit" };
/** Answers that prove that a key was created without naming it. */
const useless: Record<string, Effect> = {
  "a page": respond(200, "<html>It works</html>"),
  "an empty object": respond(200, {}),
  "an empty answer": respond(204),
  "half an answer": respond(200, '{"key":{"name":"proj'),
  "a key whose name leads elsewhere": respond(
    200,
    newKeyBody({ name: "projects/p/serviceaccounts/s/keys/../.." }),
  ),
  "a key whose id leads elsewhere": respond(200, newKeyBody({ id: "../../../../organizations/o" })),
  "a key whose id ends a line": respond(200, newKeyBody({ id: "k\nprocess.exit()" })),
};

/** A key for its own account. @param strike what happens to the first POSTs */
async function create(effect: Effect, times: number, onPost?: (account: string) => void) {
  const { cloud } = world;
  const account = cloud.accounts.create({ project: world.projects[0] }).name;
  const path = `/v2/${account}/keys`;
  world.faults.add({ method: "POST", path, effect, times });
  if (onPost !== undefined) world.onRequest({ method: "POST", path, times: 1 }, () => onPost(account));
  const stack = world.stack();
  let failure = "";
  const text = await printed(async () => {
    const up = stack.up({ key: ["serviceAccountKey", { serviceAccount: account }] });
    failure = times > 1 ? (await failureOf(up)).message : (await up, "");
  });
  const keys = cloud.keys.list(account).map(({ name }) => name);
  const posts = world.writes().filter((write) => write === `POST ${account}/keys`);
  return { text, failure, keys, posts, held: stack.made.key?.id };
}

describe.each(Object.entries(useless))("when a key's creation is answered with %s", (_what, effect) => {
  test("the unusable key is removed, and one more is created", async () => {
    const { text, keys, posts, held } = await create(effect, 1);
    expect(keys).toEqual([held]);
    expect(posts).toHaveLength(2);
    expect(text).toMatch(/removed key .*: the API confirmed that it was created/);
  });

  test("each time, it ends after the second, and no key is left", async () => {
    const { keys, posts, failure } = await create(effect, 10);
    expect(keys).toEqual([]);
    expect(posts).toHaveLength(2);
    expect(failure).not.toBe("");
  });

  test("and another person creates a key at that moment, both are named and none is removed", async () => {
    const { text, keys, held } = await create(effect, 1, (account) => world.cloud.keys.create({ account }));
    expect(keys).toHaveLength(3);
    for (const key of keys) if (key !== held) expect(text).toContain(`key ${key} appeared`);
  });
});

test("when a key's creation is not answered, one more is created, and the first is named", async () => {
  const { text, keys, posts, held } = await create(lost, 1);
  expect(posts).toHaveLength(2);
  expect(keys).toHaveLength(2);
  for (const key of keys) if (key !== held) expect(text).toContain(`key ${key} appeared`);
});

test("when no creation of a key is answered, it ends after the second, and both are named", async () => {
  const { text, keys, posts, failure } = await create(lost, 10);
  expect(posts).toHaveLength(2);
  expect(failure).not.toBe("");
  for (const key of keys) expect(text).toContain(`key ${key} appeared`);
});
