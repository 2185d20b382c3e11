import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  beginDeletion,
  holderOf,
  noteClaim,
  publishClaim,
  noteReplacement,
  otherHolderOf,
} from "../../../provider/stack/claims";
import { appendDeclarations } from "../../../provider/stack/claimsLog";
import { inRun } from "../engineRun";

const type = "pulumi-nodejs:dynamic/dt:ProjectRoleBinding";
const urnOf = (name: string, stack = "dev") => `urn:pulumi:${stack}::shop::${type}::${name}`;
const thing = "projects/p/members/1";
const claimOf = (name: string, madeAt = "2026-01-01T00:00:00.000Z", stack = "dev") => ({
  urn: urnOf(name, stack),
  madeAt,
  names: [thing],
});

let folder: string;
const { PATH, DT_JOURNAL } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-dt-claims-"));
  process.env.DT_JOURNAL = folder;
  process.env.PATH = [folder, PATH].join(delimiter);
  record([]);
});
afterEach(() => {
  process.env.PATH = PATH;
  process.env.DT_JOURNAL = DT_JOURNAL;
  rmSync(folder, { recursive: true });
});

/** Sets the output of `pulumi stack export` in this test. */
function record(resources: readonly object[]): void {
  const file = join(folder, "state.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
  writeFileSync(join(folder, "pulumi"), `#!/bin/sh\ncat '${file}'\n`);
  chmodSync(join(folder, "pulumi"), 0o755);
}

/** Whether declared access is over on 2027-02-01. */
const isOver = (expires: string) => Promise.resolve(expires < "2027-02-01");

const recorded = (name: string, more: object = {}) => ({
  urn: urnOf(name),
  id: thing,
  outputs: { memberId: "1", member: "jane@example.com", madeAt: "2026-01-01T00:00:00.000Z" },
  ...more,
});

const otherHolder = async (name: string) =>
  (await beginDeletion(claimOf(name), isOver).otherHolder([thing]))?.holder.urn;

test("a resource that was shown protects its membership from the deletion of another resource", async () => {
  await inRun(async () => {
    noteClaim(claimOf("b"));
    expect(await otherHolder("a")).toBe(urnOf("b"));
  });
});

test("of two resources that release one membership the second one removes it", async () => {
  await inRun(async () => {
    const [a, b] = [beginDeletion(claimOf("a"), isOver), beginDeletion(claimOf("b"), isOver)];
    noteClaim(claimOf("a"));
    noteClaim(claimOf("b"));
    expect((await a.otherHolder([thing]))?.holder.urn).toBe(urnOf("b"));
    expect(await b.otherHolder([thing])).toBeUndefined();
  });
});

test("a resource whose deletion has failed still holds its membership", async () => {
  await inRun(async () => {
    noteClaim(claimOf("a"));
    beginDeletion(claimOf("a"), isOver).undo();
    expect(await otherHolder("b")).toBe(urnOf("a"));
  });
});

test("a replacement holds what the replaced resource held", async () => {
  await inRun(async () => {
    noteReplacement(claimOf("a"));
    publishClaim(claimOf("a", "2026-02-02T00:00:00.000Z"));
    expect(await otherHolder("a")).toBe(urnOf("a"));
  });
});

test("a resource that is created for the first time has no earlier claims", async () => {
  await inRun(async () => {
    noteClaim(claimOf("a", "2025-01-01T00:00:00.000Z"));
    publishClaim(claimOf("a"));
    expect(await otherHolder("a")).toBeUndefined();
  });
});

test("resources of another stack, or of an earlier deployment, hold nothing here", async () => {
  await inRun(() => {
    noteClaim(claimOf("b"));
    return Promise.resolve();
  });
  await inRun(async () => {
    noteClaim(claimOf("c", undefined, "prod"));
    expect(await otherHolder("a")).toBeUndefined();
  });
});

test.each<[string, object[], string | undefined]>([
  ["a resource that only the state shows holds its thing", [recorded("a"), recorded("b")], urnOf("b")],
  ...["jane:production", "shop::jane"].map((name): [string, object[], string] => [
    `a resource with the name ${name} holds its thing, too`,
    [recorded("a"), recorded(name)],
    urnOf(name),
  ]),
  [
    "a resource that is waiting for its deletion holds nothing",
    [recorded("a"), recorded("b", { delete: true })],
    undefined,
  ],
  [
    "a resource that the program only reads holds nothing",
    [recorded("a"), recorded("b", { external: true })],
    undefined,
  ],
  ["a state without the resource itself is the state of another stack", [recorded("b")], undefined],
  [
    "a resource of another kind with the same id holds nothing",
    [recorded("a"), recorded("b", { urn: urnOf("b").replace("ProjectRoleBinding", "KeyRetirement") })],
    undefined,
  ],
  [
    "a binding whose access has ended holds nothing, even if its id is that of the membership",
    [recorded("a"), recorded("b", { outputs: { ...recorded("b").outputs, expired: true } })],
    undefined,
  ],
  [
    "a plugin's resource of the same kind holds its thing",
    [recorded("a"), recorded("b", { urn: "urn:pulumi:dev::shop::disruptive:index:ProjectRoleBinding::b" })],
    "urn:pulumi:dev::shop::disruptive:index:ProjectRoleBinding::b",
  ],
])("%s", async (_name, resources, holder) => {
  record(resources);
  await inRun(async () => expect(await otherHolder("a")).toBe(holder));
});

test("this deployment's own knowledge of a resource is newer than the recorded state", async () => {
  record([recorded("a"), recorded("b")]);
  await inRun(async () => {
    noteClaim({ ...claimOf("b"), names: ["projects/p/members/2"] });
    expect(await otherHolder("a")).toBeUndefined();
  });
});

test("a membership that the program declares under another name is kept before that resource is created", async () => {
  await inRun(async () => {
    const names = ["projects/p/members/jane@example.com"];
    appendDeclarations(`dns:127.0.0.1:${process.argv[2]!.split(":")[1]}`, [
      { urn: urnOf("a"), names },
      { urn: urnOf("b"), names },
    ]);
    const departure = beginDeletion({ ...claimOf("a"), names: [thing, ...names] }, isOver);
    expect((await departure.otherHolder([thing, ...names]))?.holder.urn).toBe(urnOf("b"));
  });
});

test("a declaration whose access is over does not keep a membership", async () => {
  await inRun(async () => {
    const names = ["projects/p/members/jane@example.com"];
    const declare = (expires?: string) =>
      appendDeclarations(`dns:127.0.0.1:${process.argv[2]!.split(":")[1]}`, [
        { urn: urnOf("b"), names, expires },
      ]);
    const find = () => beginDeletion({ ...claimOf("a"), names }, isOver).otherHolder(names);
    declare("2027-01-31");
    expect(await find()).toBeUndefined();
    declare("2027-02-28");
    expect((await find())?.holder.urn).toBe(urnOf("b"));
  });
});

test("a creation finds the resource that holds the membership, and finds the resource itself only if it is replaced", async () => {
  record([recorded("a")]);
  await inRun(async () => {
    expect((await holderOf(thing, urnOf("b")))?.urn).toBe(urnOf("a"));
    expect((await holderOf(thing, urnOf("a")))?.urn).toBe(urnOf("a"));
  });
  record([]);
  await inRun(async () => {
    noteClaim(claimOf("a"));
    expect(await holderOf(thing, urnOf("a"))).toBeUndefined();
    noteReplacement(claimOf("a"));
    expect((await holderOf(thing, urnOf("a")))?.urn).toBe(urnOf("a"));
  });
});

test("a resource that removes a membership without being deleted asks who else holds it", async () => {
  record([recorded("a")]);
  await inRun(async () => {
    const list = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dt:ProjectAccess::list";
    expect((await otherHolderOf(thing, list, "ProjectRoleBinding"))?.urn).toBe(urnOf("a"));
    expect(await otherHolderOf(thing, urnOf("a"))).toBeUndefined();
  });
});

test("a resource that an alias has given another URN is not another holder of its own membership", async () => {
  const renamed = recorded("b", { outputs: { ...recorded("a").outputs, __urn: urnOf("a") } });
  record([renamed]);
  await inRun(async () => expect(await otherHolder("a")).toBeUndefined());
  // Another resource has received its old name in the meantime.
  record([renamed, recorded("a", { outputs: { memberId: "2", madeAt: "2026-03-03T00:00:00.000Z" } })]);
  await inRun(async () => expect(await otherHolder("a")).toBeUndefined());
});
